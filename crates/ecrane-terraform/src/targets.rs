//! Root modules for the accounts and regions of a stack that is deployed to each of them.
//!
//! The resources are in one module, `modules/<stackName>`, which every root module calls. A root
//! module has what differs: the backend, the providers with the role to assume, and the outputs.

use std::sync::Arc;

use ecrane_core::{
    EXECUTION_ROLE_NAME, File, Place, Problem, Region, StackNode, TargetAccounts, Targets,
};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::expression::Text;
use crate::manifest::{self, VERSION};
use crate::options::{self, Backend, Layout};
use crate::outputs::OutputBlock;
use crate::problem::{TerraformError, TerraformWarning};

/// The name of the module call. It is a part of every address in the states.
const CALL: &str = "stack";

/// The directory of the modules that root modules call, below the output directory. The CLIs of
/// CDKTF delete directories below `stacks` that are not stacks.
pub(crate) const MODULES: &str = "modules";

/// The file of a root module, in each layout. The module that it calls has the file of a stack.
pub(crate) const ROOT_FILE: &str = "target.tf.json";

/// Where the root modules of a stack are. Without the accounts of earlier runs, the root modules of a
/// removed stack could not be written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TargetsLedger {
    accounts: Vec<String>,
    regions: Vec<String>,
    /// The name of the role to assume.
    role: String,
}

/// The targets of a stack, as far as Terraform has a counterpart for them.
pub(crate) fn targets(
    stack: &StackNode,
    targets: &Targets,
    backend: Option<&Backend>,
    problems: &mut Vec<Problem>,
) -> TargetsLedger {
    let Targets { accounts, regions, operation_preferences, template_url_prefix } = targets;
    let place = stack.place.key("targets");
    let mut ignored = |property: &'static str, is_given: bool| {
        if is_given {
            let fact = TerraformWarning::NoCounterpart { property };
            problems.push(Problem::warning(place.key(property).on_key(), fact));
        }
    };
    ignored("operationPreferences", operation_preferences.is_some());
    ignored("templateUrlPrefix", template_url_prefix.is_some());
    let regions = regions.iter().map(|it| it.as_str().to_owned()).collect();
    match accounts {
        TargetAccounts::SelfManaged { accounts, administration_role_arn, execution_role_name } => {
            ignored("administrationRoleArn", administration_role_arn.is_some());
            problems.extend(backend.and_then(|it| shared(it, &place)));
            let accounts = accounts.iter().map(|it| it.as_str().to_owned()).collect();
            let role = execution_role_name.as_ref().map_or(EXECUTION_ROLE_NAME, |it| it.as_str());
            TargetsLedger { accounts, regions, role: role.to_owned() }
        }
        TargetAccounts::ServiceManaged { .. } => {
            let place = place.key("organizationalUnits").on_key();
            problems.push(Problem::error(place, TerraformError::TargetsOfUnits));
            TargetsLedger::default()
        }
    }
}

/// A backend in which all root modules would have one state.
fn shared(backend: &Backend, place: &Place) -> Option<Problem> {
    let key = backend.key_argument();
    if key.is_some_and(|key| backend.arguments.get(key).is_some_and(Value::is_string)) {
        return None;
    }
    let fact = TerraformError::StateOfTargets { kind: backend.kind.clone(), key };
    Some(Problem::error(place.clone().on_key(), fact))
}

/// What the root modules of a stack have in common.
#[derive(Debug)]
pub(crate) struct Roots {
    /// The construct ID of the stack.
    pub(crate) id: String,
    /// The name of the stack's directories.
    pub(crate) name: String,
    pub(crate) layout: Layout,
    /// The project directory of the layout `cdktf`.
    pub(crate) project: Option<String>,
    pub(crate) targets: TargetsLedger,
    /// The `terraform` block, with the backend of the stack, if it has one.
    pub(crate) terraform: Map<String, Value>,
    /// The `provider` blocks, without accounts and regions.
    pub(crate) provider: Map<String, Value>,
    /// The outputs of the module.
    pub(crate) outputs: Map<String, Value>,
    /// The names of the outputs, by construct ID.
    pub(crate) output_tree: Value,
}

/// The root module for one account and region.
#[derive(Debug)]
pub(crate) struct Root {
    roots: Arc<Roots>,
    /// The positions of account and region.
    at: (usize, usize),
}

impl Roots {
    /// The files of the root modules.
    pub(crate) fn files(self, stack: &str) -> Vec<File<'_>> {
        let roots = Arc::new(self);
        let file = |root: Root| File::json(root.path(), Some(stack), root);
        roots.all().into_iter().map(file).collect()
    }

    fn all(self: &Arc<Self>) -> Vec<Root> {
        let TargetsLedger { accounts, regions, .. } = &self.targets;
        let accounts = 0..accounts.len();
        let all = accounts.flat_map(|account| (0..regions.len()).map(move |it| (account, it)));
        all.map(|at| Root { roots: Arc::clone(self), at }).collect()
    }

    /// The names by which the CLIs of CDKTF know the root modules.
    pub(crate) fn names(id: &str, targets: &TargetsLedger) -> Vec<String> {
        let TargetsLedger { accounts, regions, .. } = targets;
        let of_account = |account: &String| -> Vec<String> {
            regions.iter().map(|region| target_name(id, account, region)).collect()
        };
        accounts.iter().flat_map(of_account).collect()
    }
}

fn target_name(id: &str, account: &str, region: &str) -> String {
    format!("{id}-{account}-{region}")
}

impl Root {
    fn account(&self) -> &str {
        self.roots.targets.accounts.get(self.at.0).map_or("", String::as_str)
    }

    fn region(&self) -> &str {
        self.roots.targets.regions.get(self.at.1).map_or("", String::as_str)
    }

    /// The name by which the CLIs of CDKTF know it.
    fn name(&self) -> String {
        target_name(&self.roots.id, self.account(), self.region())
    }

    /// The directory, below the output directory.
    fn folder(&self) -> String {
        match self.roots.layout {
            Layout::Plain => format!("{}/{}/{}", self.roots.name, self.account(), self.region()),
            Layout::Cdktf => manifest::folder(&self.name()),
        }
    }

    fn path(&self) -> String {
        format!("{}/{ROOT_FILE}", self.folder())
    }

    /// The module with the resources, from the directory of the root module.
    fn source(&self) -> Text<'static> {
        let up = "../".repeat(self.folder().split('/').count());
        Text::owned(format!("{up}{MODULES}/{}", self.roots.name))
    }

    /// The `terraform` block, with a state for this account and region.
    fn terraform(&self) -> Map<String, Value> {
        let mut block = self.roots.terraform.clone();
        match block.get_mut("backend").and_then(Value::as_object_mut) {
            Some(backend) => {
                for (kind, arguments) in backend {
                    let key = options::key_argument(kind).and_then(|key| arguments.get_mut(key));
                    if let Some(Value::String(text)) = key {
                        let between = if has_paths(kind) { "/" } else { "-" };
                        for part in [self.account(), self.region()] {
                            text.push_str(between);
                            text.push_str(part);
                        }
                    }
                }
            }
            None if self.roots.layout == Layout::Cdktf => {
                let path = options::local_state(self.roots.project.as_deref(), &self.name());
                let path = Text::owned(path);
                block.insert("backend".to_owned(), json!({ "local": { "path": path } }));
            }
            None => {}
        }
        block
    }

    /// The `provider` blocks, in the account and region.
    fn provider(&self) -> Map<String, Value> {
        let (account, region) = (self.account(), self.region());
        let partition = Region::try_from(region).map_or("aws", |region| region.partition());
        let role = &self.roots.targets.role;
        let role = json!({ "role_arn": format!("arn:{partition}:iam::{account}:role/{role}") });
        let in_target = |(name, blocks): (&String, &Value)| {
            let mut block = match name.as_str() {
                "aws" => json!({
                    "region": region,
                    "allowed_account_ids": [account],
                    "assume_role": [role],
                }),
                // Its arguments are attributes, not blocks.
                _ => json!({ "region": region, "assume_role": role }),
            };
            let given = blocks.get(0).and_then(Value::as_object).into_iter().flatten();
            if let Some(block) = block.as_object_mut() {
                block.extend(given.map(|(name, value)| (name.clone(), value.clone())));
            }
            (name.clone(), json!([block]))
        };
        self.roots.provider.iter().map(in_target).collect()
    }

    fn comment(&self) -> Option<Value> {
        if self.roots.layout == Layout::Plain {
            return None;
        }
        let backend = self.roots.terraform.get("backend").and_then(Value::as_object);
        let backend = backend.and_then(|backend| backend.keys().next());
        let name = self.name();
        let metadata = json!({
            "backend": backend.map_or("local", String::as_str),
            "stackName": name,
            "version": VERSION,
        });
        Some(if self.roots.output_tree.is_null() {
            json!({ "metadata": metadata })
        } else {
            json!({ "metadata": metadata, "outputs": { name: self.roots.output_tree } })
        })
    }
}

/// Whether the states of a backend have paths. The others have names, of which most letters are
/// not a part.
fn has_paths(kind: &str) -> bool {
    !matches!(kind, "kubernetes" | "pg")
}

impl Serialize for Root {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(comment) = self.comment() {
            map.serialize_entry("//", &comment)?;
        }
        map.serialize_entry("terraform", &self.terraform())?;
        map.serialize_entry("provider", &self.provider())?;
        map.serialize_entry("module", &json!({ CALL: { "source": self.source() } }))?;
        if !self.roots.outputs.is_empty() {
            map.serialize_entry("output", &self.roots.outputs)?;
        }
        map.end()
    }
}

/// The outputs of a root module: those of the module that it calls.
pub(crate) fn outputs(
    of_module: &indexmap::IndexMap<String, OutputBlock<'_>>,
) -> Map<String, Value> {
    let output = |(name, block): (&String, &OutputBlock<'_>)| {
        let OutputBlock { value: _, description, sensitive } = block;
        let value = Text::expression(&format!("module.{CALL}.{name}"));
        let output = OutputBlock { value, description: description.clone(), sensitive: *sensitive };
        Some((name.clone(), serde_json::to_value(output).ok()?))
    };
    of_module.iter().filter_map(output).collect()
}
