//! The output of both backends for a config, stack by stack.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::beyond_provider;
use crate::ecrane::{Answer, Ecrane, Problem, forget};
use crate::failure::Failure;

/// The environment of an environment-agnostic stack.
pub(super) const ACCOUNT: &str = "123456789012";
pub(super) const REGION: &str = "us-east-1";

/// A stack.
#[derive(Debug)]
pub(super) struct Stack {
    pub(super) name: String,
    pub(super) account: String,
    pub(super) region: String,
    /// The stack tags.
    pub(super) tags: Value,
    pub(super) template: Value,
    pub(super) module: Value,
    /// The directory of the module, in which Terraform runs.
    pub(super) folder: PathBuf,
    /// The root module that calls the module, if the stack is one of several targets, in each of
    /// which a role is assumed.
    pub(super) root: Value,
}

impl Stack {
    /// The backend of the module in which Terraform runs.
    pub(super) fn has_backend(&self) -> bool {
        let root = if self.root.is_null() { &self.module } else { &self.root };
        root.pointer("/terraform/backend").is_some()
    }

    /// The template's resources of a type, by logical ID.
    pub(super) fn resources(&self, kind: &str) -> impl Iterator<Item = (&str, &Value)> {
        let resources = self.template.get("Resources").and_then(Value::as_object);
        let of_kind =
            move |resource: &Value| resource.get("Type").is_some_and(|found| found == kind);
        resources
            .into_iter()
            .flatten()
            .filter(move |(_, resource)| of_kind(resource))
            .map(|(id, resource)| (id.as_str(), resource))
    }

    /// The module's blocks of a type, by name.
    pub(super) fn blocks(&self, kind: &str) -> impl Iterator<Item = (&str, &Value)> {
        let blocks = self.module.get("resource").and_then(|all| all.get(kind));
        let blocks = blocks.and_then(Value::as_object).into_iter().flatten();
        blocks.map(|(name, block)| (name.as_str(), block))
    }

    /// Whether the template has a resource. A template without resources is invalid, and the CDK
    /// CLI does not deploy it.
    pub(super) fn has_resources(&self) -> bool {
        let resources = self.template.get("Resources").and_then(Value::as_object);
        resources.is_some_and(|resources| !resources.is_empty())
    }

    /// The stack after its removal from the config, with the module that remains of it, if any.
    fn gone(&self, modules: &BTreeMap<String, Value>) -> Self {
        Self {
            name: self.name.clone(),
            account: self.account.clone(),
            region: self.region.clone(),
            tags: self.tags.clone(),
            template: Value::Null,
            module: modules.get(&format!("{}/{MODULE}", self.name)).cloned().unwrap_or_default(),
            folder: self.folder.clone(),
            root: Value::Null,
        }
    }

    /// Whether there is a module to apply.
    pub(super) fn has_module(&self) -> bool {
        !self.module.is_null()
    }

    /// Whether the module has a block with `prevent_destroy`.
    pub(super) fn retains(&self) -> bool {
        let types = self.module.get("resource").and_then(Value::as_object).into_iter().flatten();
        let mut blocks = types.filter_map(|(_, blocks)| blocks.as_object()).flatten();
        blocks.any(|(_, block)| is_protected(block))
    }

    /// Whether a repository that is deleted with the stack must be empty.
    pub(super) fn keeps_images(&self) -> bool {
        self.resources("AWS::ECR::Repository").any(|(_, repository)| {
            !is_retained(repository)
                && repository.pointer("/Properties/EmptyOnDelete") != Some(&true.into())
        })
    }
}

/// Whether a resource of a template is retained.
pub(super) fn is_retained(resource: &Value) -> bool {
    resource.get("DeletionPolicy").is_some_and(|policy| policy == "Retain")
}

/// Whether a block of a module has `prevent_destroy`.
pub(super) fn is_protected(block: &Value) -> bool {
    block.pointer("/lifecycle/prevent_destroy") == Some(&true.into())
}

/// The result of rendering a config.
#[derive(Debug)]
pub(super) enum Rendered {
    /// Stacks, in dependency order, and the parts that were removed because the provider does not
    /// support them.
    Stacks {
        stacks: Vec<Stack>,
        /// The properties of stack sets. Some of their instances are among the stacks.
        stack_sets: Vec<Value>,
        cut: Vec<&'static str>,
    },
    Refused {
        backend: &'static str,
        problems: Vec<Problem>,
    },
}

/// The suffix of a stack's original module if parts of it were removed.
const UNCUT: &str = ".uncut";
const MODULE: &str = "main.tf.json";

/// Renders a config with both backends into `folder`, which is emptied first.
pub(super) fn render(ecrane: &Ecrane, config: &Path, folder: &Path) -> Result<Rendered, Failure> {
    render_with(ecrane, config, folder, &[])
}

/// Renders a config as [`render`] does, with arguments for Terraform.
pub(super) fn render_with(
    ecrane: &Ecrane,
    config: &Path,
    folder: &Path,
    arguments: &[String],
) -> Result<Rendered, Failure> {
    let modules = folder.join("terraform");
    if modules.exists() {
        fs::remove_dir_all(&modules).map_err(Failure::file(&modules))?;
    }
    forget(config)?;
    let rendered = render_both(ecrane, config, folder, &[], arguments)?;
    forget(config)?;
    Ok(rendered)
}

/// Renders a config with both backends into `folder`, which contains the modules and states of the
/// stacks `before`.
///
/// A stack that is removed from the config is included, with an empty template.
pub(super) fn render_over(
    ecrane: &Ecrane,
    config: &Path,
    folder: &Path,
    before: &[Stack],
) -> Result<Rendered, Failure> {
    render_both(ecrane, config, folder, before, &[])
}

fn render_both(
    ecrane: &Ecrane,
    config: &Path,
    folder: &Path,
    before: &[Stack],
    arguments: &[String],
) -> Result<Rendered, Failure> {
    let modules = folder.join("terraform");
    for stack in before {
        let (uncut, path) = (stack.folder.join(UNCUT), stack.folder.join(MODULE));
        if uncut.exists() {
            fs::rename(&uncut, &path).map_err(Failure::file(&uncut))?;
        }
    }
    let assemblies = folder.join("cloudformation");
    if assemblies.exists() {
        fs::remove_dir_all(&assemblies).map_err(Failure::file(&assemblies))?;
    }
    let assembly = ecrane.synth_over(
        &assemblies,
        config,
        &["--backend", "cloudformation", "--layout", "cdk"],
    )?;
    let assembly = match assembly {
        Answer::Files(files) => files,
        Answer::Refused(problems) => {
            return Ok(Rendered::Refused { backend: "cloudformation", problems });
        }
    };
    let arguments = arguments.iter().map(String::as_str);
    let arguments: Vec<_> = ["--backend", "terraform"].into_iter().chain(arguments).collect();
    let module_files = match ecrane.synth_over(&modules, config, &arguments)? {
        Answer::Files(files) => files,
        Answer::Refused(problems) => {
            return Ok(Rendered::Refused { backend: "terraform", problems });
        }
    };
    let stack_sets = assembly.values().filter_map(stack_set).cloned().collect();
    let mut stacks = stacks(&assembly, &module_files, &modules);
    let is_gone = |old: &&Stack| stacks.iter().all(|stack| stack.name != old.name);
    let gone: Vec<_> =
        before.iter().rev().filter(is_gone).map(|old| old.gone(&module_files)).collect();
    stacks.extend(gone);
    let mut cut = Vec::new();
    for stack in &mut stacks {
        let found = beyond_provider::cut(&mut stack.template, &mut stack.module);
        keep_imports_of_declared(&mut stack.module);
        if !found.is_empty() {
            let (uncut, path) = (stack.folder.join(UNCUT), stack.folder.join(MODULE));
            fs::rename(&path, &uncut).map_err(Failure::file(&path))?;
            fs::write(&path, stack.module.to_string()).map_err(Failure::file(&path))?;
        }
        cut.extend(found);
    }
    add_settings(&stacks)?;
    Ok(Rendered::Stacks { stacks, stack_sets, cut })
}

/// Removes the `import` blocks of resources that are not in a module any more.
fn keep_imports_of_declared(module: &mut Value) {
    let declared = module.get("resource").cloned().unwrap_or_default();
    let is_declared = |block: &Value| {
        let address = block.get("to").and_then(Value::as_str);
        let (kind, name) = address.and_then(|it| it.split_once('.')).unwrap_or_default();
        declared.get(kind).is_some_and(|blocks| blocks.get(name).is_some())
    };
    if let Some(blocks) = module.get_mut("import").and_then(Value::as_array_mut) {
        blocks.retain(is_declared);
    }
}

/// The stacks of a cloud assembly, in the order of its manifest.
fn stacks(
    assembly: &BTreeMap<String, Value>,
    modules: &BTreeMap<String, Value>,
    folder: &Path,
) -> Vec<Stack> {
    let artifacts = assembly.get("manifest.json").and_then(|manifest| manifest.get("artifacts"));
    let artifacts = artifacts.and_then(Value::as_object).into_iter().flatten();
    let stacks = artifacts.flat_map(|(_, artifact)| {
        let targets = targets(artifact, assembly, modules, folder);
        if targets.is_empty() {
            stack(artifact, assembly, modules, folder).into_iter().collect()
        } else {
            targets
        }
    });
    stacks.collect()
}

/// The stack of an artifact.
fn stack(
    artifact: &Value,
    assembly: &BTreeMap<String, Value>,
    modules: &BTreeMap<String, Value>,
    folder: &Path,
) -> Option<Stack> {
    let text = |pointer: &str| artifact.pointer(pointer).and_then(Value::as_str);
    let name = text("/properties/stackName")?.to_owned();
    let (account, region) = text("/environment")?.strip_prefix("aws://")?.split_once('/')?;
    let known = |text: &str, default: &str| {
        if text.starts_with("unknown-") { default.to_owned() } else { text.to_owned() }
    };
    Some(Stack {
        account: known(account, ACCOUNT),
        region: known(region, REGION),
        tags: artifact.pointer("/properties/tags").cloned().unwrap_or_default(),
        template: assembly.get(text("/properties/templateFile")?)?.clone(),
        module: modules.get(&format!("{name}/{MODULE}"))?.clone(),
        folder: folder.join(&name),
        root: Value::Null,
        name,
    })
}

/// The properties of the stack set of a template.
fn stack_set(template: &Value) -> Option<&Value> {
    template.pointer("/Resources/StackSet/Properties")
}

/// The accounts, and the regions of each, in which a stack set is deployed: all of them take as long
/// as the other cases together.
const TARGETS: usize = 2;

/// The stacks of a stack set, each with its root module.
fn targets(
    artifact: &Value,
    assembly: &BTreeMap<String, Value>,
    modules: &BTreeMap<String, Value>,
    folder: &Path,
) -> Vec<Stack> {
    let text = |pointer: &str| artifact.pointer(pointer).and_then(Value::as_str);
    let template = text("/properties/templateFile").and_then(|file| assembly.get(file));
    let set = template.and_then(stack_set);
    let (Some(set), Some(name)) = (set, text("/properties/stackName")) else { return Vec::new() };
    let texts = |pointer: &str| {
        let items = set.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(Value::as_str).take(TARGETS)
    };
    let body = set.get("TemplateBody").and_then(Value::as_str).unwrap_or_default();
    let template: Value = serde_json::from_str(body).unwrap_or_default();
    let module = modules.get(&format!("modules/{name}/{MODULE}")).cloned().unwrap_or_default();
    let tags = set.get("Tags").and_then(Value::as_array).into_iter().flatten();
    let tag = |tag: &Value| Some((tag.get("Key")?.as_str()?.to_owned(), tag.get("Value")?.clone()));
    let tags: serde_json::Map<String, Value> = tags.filter_map(tag).collect();
    let mut stacks = Vec::new();
    for account in texts("/StackInstancesGroup/0/DeploymentTargets/Accounts") {
        for region in texts("/StackInstancesGroup/0/Regions") {
            let target = format!("{name}/{account}/{region}");
            stacks.push(Stack {
                name: name.to_owned(),
                account: account.to_owned(),
                region: region.to_owned(),
                tags: tags.clone().into(),
                template: template.clone(),
                module: module.clone(),
                folder: folder.join(&target),
                root: modules.get(&format!("{target}/target.tf.json")).cloned().unwrap_or_default(),
            });
        }
    }
    stacks
}

/// Adds test settings to each module: the credentials, and a local backend.
///
/// Terraform merges files whose names end in `_override`, so the modules themselves remain
/// unchanged. A stack without a module has only these settings, which `terraform destroy` uses.
fn add_settings(stacks: &[Stack]) -> Result<(), Failure> {
    let state = |stack: &Stack| serde_json::json!({ "path": stack.folder.join("terraform.tfstate").to_string_lossy() });
    for stack in stacks {
        let mut settings = serde_json::json!({ "provider": { "aws": [{
            // The role of a target is assumed by another account.
            "access_key": if stack.root.is_null() { &stack.account } else { ACCOUNT },
            "secret_key": "secret",
            "region": stack.region,
        }] } });
        let is_initialized = stack.folder.join(".terraform").exists();
        if (stack.has_backend() || is_initialized)
            && let Some(settings) = settings.as_object_mut()
        {
            settings.insert(
                "terraform".into(),
                serde_json::json!({ "backend": { "local": state(stack) } }),
            );
        }
        let states = stack.module.pointer("/data/terraform_remote_state");
        let states: serde_json::Map<String, Value> = states
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter_map(|(name, read)| {
                let backend = read.get("backend")?.as_str()?;
                let config = read.get("config")?;
                let producer = stacks.iter().find(|producer| {
                    let written = producer.module.pointer("/terraform/backend");
                    written.and_then(|written| written.get(backend)) == Some(config)
                })?;
                let local = serde_json::json!({ "backend": "local", "config": state(producer) });
                Some((name.clone(), local))
            })
            .collect();
        if !states.is_empty()
            && let Some(settings) = settings.as_object_mut()
        {
            settings.insert("data".into(), serde_json::json!({ "terraform_remote_state": states }));
        }
        let [over, alone] = ["emulated_override.tf.json", "emulated.tf.json"];
        let name = if stack.has_module() { over } else { alone };
        if !stack.has_module() {
            let path = stack.folder.join(over);
            fs::remove_file(&path).map_err(Failure::file(&path))?;
        }
        let path = stack.folder.join(name);
        fs::write(&path, settings.to_string()).map_err(Failure::file(&path))?;
    }
    Ok(())
}
