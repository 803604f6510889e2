//! Whether a config deploys what its sources describe: it is rendered, and compared with them.

use std::collections::{BTreeMap, BTreeSet};

use ecrane_cloudformation::{Options, render};
use ecrane_config::{Config, Document, Format};
use ecrane_core::{ConstructPath, File, Graph, Problems, Style};
use ecrane_diff::{Action, Document as Read, Engine, Stack as Deployed, compare};
use ecrane_terraform::{
    Address, Backend, Ledger, Options as TerraformOptions, Settings, render_over,
};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::draft::Kept;
use crate::error::{NotAdopted, SourceAddress};
use crate::intrinsics::Scope;
use crate::policy;
use crate::reader::{REMOVAL_POLICIES, WITHOUT_EFFECT, flag};
use crate::repository::RETAIN_EXCEPT_ON_CREATE;
use crate::shape::shape;
use crate::stack::{Origin, Resource, Stack};
use crate::terraform::ACCOUNT_SETTING;
use crate::value::{Env, account_arn, concat, list, only, partition, reference, settled, text};

/// A config compared with its sources.
#[derive(Debug, Default)]
pub(crate) struct Compared {
    /// What deploying the config would change.
    pub(crate) differences: Vec<NotAdopted>,
    /// The resources that it renders to with other parts, as of statements that are merged.
    pub(crate) reshaped: BTreeSet<String>,
    /// The resources that it does not render to exactly as the sources have them.
    pub(crate) others: BTreeSet<String>,
    /// The addresses of the sources, if some of them change.
    pub(crate) ledger: Option<Ledger>,
}

impl Compared {
    /// Counts a resource if it is other than in the source, which has it in two forms.
    fn count(
        &mut self,
        address: String,
        ours: Option<&Map<String, Value>>,
        source: [&Map<String, Value>; 2],
    ) {
        let nothing = Map::new();
        let ours = ours.unwrap_or(&nothing);
        if source.contains(&ours) {
            return;
        }
        let shape = |it: &Map<String, Value>| shape(&it.clone().into());
        if !source.map(shape).contains(&shape(ours)) {
            self.reshaped.insert(address.clone());
        }
        self.others.insert(address);
    }
}

/// Renders a config, and compares it with the stacks of the sources.
pub(crate) fn compared(
    config: &Value,
    stacks: &[Stack],
    refused: &[NotAdopted],
    kept: &[Kept],
) -> Result<Compared, Problems> {
    let parsed = match serde_json::from_value::<Config>(config.clone()) {
        Ok(parsed) => parsed,
        // This crate writes the elements, but a value of the source may be invalid for its key.
        Err(error) => {
            if let Ok(document) = Document::parse("config", Format::Json, &config.to_string())
                && let Err(problem) = document.decode()
            {
                Problems::check(vec![problem])?;
            }
            let reason = format!("a value of the source is none that the config allows: {error}");
            let address = "config".into();
            let differences = vec![NotAdopted::Inexpressible { address, reason }];
            return Ok(Compared { differences, ..Compared::default() });
        }
    };
    let graph = parsed.build()?;
    let known: BTreeSet<&str> = refused.iter().map(|it| it.address().resource()).collect();
    let mut compared = Compared::default();
    let is_terraform = |it: &&Stack| matches!(it.origin, Origin::Terraform(_));
    if stacks.iter().any(|it| !is_terraform(&it)) {
        let rest = (0..).zip(stacks).filter(|(_, it)| !is_terraform(it));
        // Only Terraform has account settings, which the sources of an account describe.
        match without_account_settings(config, stacks) {
            Some((config, stacks)) => {
                let graph = config.build()?;
                let rest = (0..).zip(&stacks).filter(|(_, it)| !is_terraform(it));
                templates(&graph, rest, refused, kept, &known, &mut compared)?;
            }
            None => templates(&graph, rest, refused, kept, &known, &mut compared)?,
        }
    }
    if stacks.iter().any(|it| is_terraform(&it)) {
        modules(&graph, stacks, refused, kept, &known, &mut compared)?;
    }
    Ok(compared)
}

/// The config and the stacks without account settings, if an account has some.
fn without_account_settings(config: &Value, stacks: &[Stack]) -> Option<(Config, Vec<Stack>)> {
    let is_setting = |it: &Resource| it.kind == ACCOUNT_SETTING;
    let has = |it: &&Stack| it.origin == Origin::Account && it.resources.values().any(is_setting);
    let of_accounts: Vec<&Stack> = stacks.iter().filter(has).collect();
    let mut config = config.clone();
    for stack in &of_accounts {
        let registry = config.pointer_mut(&format!("/stacks/{}/registry", stack.id));
        registry.and_then(Value::as_object_mut)?.shift_remove("accountSettings");
    }
    let mut stacks = stacks.to_vec();
    for stack in &mut stacks {
        stack.resources.retain(|_, it| !is_setting(it));
    }
    let config = serde_json::from_value(config).ok()?;
    (!of_accounts.is_empty()).then_some((config, stacks))
}

/// Compares the templates of the config with those of the sources.
fn templates<'s>(
    graph: &Graph,
    stacks: impl Iterator<Item = (usize, &'s Stack)>,
    refused: &[NotAdopted],
    kept: &[Kept],
    known: &BTreeSet<&str>,
    compared: &mut Compared,
) -> Result<(), Problems> {
    let options = Options::default();
    let output = render(graph, &options)?;
    for (index, stack) in stacks {
        let addresses = Addresses::new(index, kept);
        let name = stack.stack_name.as_ref().unwrap_or(&stack.id);
        let is_template = |it: &&File<'_>| {
            it.stack == Some(stack.id.as_str()) && it.path.ends_with(".template.json")
        };
        let file = output.files.iter().find(is_template);
        let rendered = file.and_then(|it| it.to_vec(Style::Compact).ok());
        let rendered: Value =
            rendered.and_then(|it| serde_json::from_slice(&it).ok()).unwrap_or_else(|| json!({}));
        let nothing = IndexMap::new();
        let scope = Scope {
            parameters: &nothing,
            mappings: None,
            conditions: None,
            env: &stack.env,
            stack_name: Some(name),
        };
        let resources = rendered.get("Resources").and_then(Value::as_object);
        for (id, source) in &stack.resources {
            let ours = resources.and_then(|it| it.get(&addresses.logical_id(id)));
            let ours = ours.and_then(|it| it.get("Properties")).and_then(Value::as_object);
            compared.count(id.clone(), ours, [&source.written, &source.properties]);
        }
        let after = deployed(
            // Overrides are as they were written in the source.
            resources.into_iter().flatten().map(|(id, it)| {
                let mut it = it.clone();
                if let Some(properties) = it.get_mut("Properties") {
                    *properties = scope.resolve(properties);
                }
                (id.clone(), it)
            }),
            &stack.env,
        );
        let before = deployed(
            stack.resources.iter().map(|(id, it)| {
                let mut resource = it.attributes.clone();
                resource.insert("Type".to_owned(), it.kind.as_str().into());
                resource.insert("Properties".to_owned(), it.properties.clone().into());
                (addresses.logical_id(id), resource.into())
            }),
            &stack.env,
        );
        let outputs = rendered.get("Outputs");
        for (id, output) in &stack.outputs {
            let address = SourceAddress::from("Outputs").property(id);
            let ours = outputs.and_then(|it| it.get(id)).map(|it| uri(settled(it, &stack.env)));
            if ours != Some(uri(settled(&output.clone().into(), &stack.env)))
                && !refused.iter().any(|it| *it.address() == address)
            {
                let (action, properties) = ("update", Vec::new());
                compared.differences.push(NotAdopted::Differs { address, action, properties });
            }
        }
        let Some((before, after)) = before.zip(after) else { continue };
        let known: BTreeSet<String> = known.iter().map(|it| addresses.logical_id(it)).collect();
        let known = known.iter().map(String::as_str).collect();
        let found = differences(name, &before, &after, &known);
        compared.differences.extend(found.into_iter().map(|it| addresses.in_source(it)));
    }
    Ok(())
}

/// An output with the URI of a repository as the attribute, and not as the parts of it.
fn uri(mut output: Value) -> Value {
    let Some(value) = output.get_mut("Value") else { return output };
    let Some(("Fn::Join", Value::Array(join))) = only(value) else { return output };
    let Some(parts) = join.get(1).and_then(Value::as_array) else { return output };
    let is_uri = |it: &Value| it.as_str().is_some_and(|it| it.contains(".dkr.ecr."));
    let named = parts.iter().position(|it| matches!(reference(it), Some((_, ""))));
    if let Some(at) = named
        && let (before, [repository, rest @ ..]) = parts.split_at(at)
        && before.iter().any(is_uri)
        && let Some((id, _)) = reference(repository)
    {
        let attribute = json!({ "Fn::GetAtt": [id, "RepositoryUri"] });
        *value = concat([attribute].into_iter().chain(rest.to_vec()));
    }
    output
}

/// The logical IDs of what has another address in its source: that of an account.
struct Addresses(BTreeMap<String, String>);

impl Addresses {
    fn new(stack: usize, kept: &[Kept]) -> Self {
        let kept = kept.iter().filter(|it| it.stack == stack);
        let ids = kept.filter_map(|it| {
            let path = ConstructPath::try_from(it.path.as_str()).ok()?;
            Some((it.address.clone(), path.logical_id()))
        });
        Self(ids.collect())
    }

    fn logical_id(&self, address: &str) -> String {
        self.0.get(address).map_or(address, String::as_str).to_owned()
    }

    fn in_source(&self, difference: NotAdopted) -> NotAdopted {
        let NotAdopted::Differs { address, action, properties } = difference else {
            return difference;
        };
        let found = self.0.iter().find(|(_, id)| **id == address.resource());
        let address = found.map_or(address, |(address, _)| address.as_str().into());
        NotAdopted::Differs { address, action, properties }
    }
}

/// What deploying one over the other changes, besides what is known.
fn differences(
    name: &str,
    before: &Deployed,
    after: &Deployed,
    known: &BTreeSet<&str>,
) -> Vec<NotAdopted> {
    let changes = compare(name, before, after).into_iter();
    let changes = changes.filter(|it| !known.contains(it.address.as_str()));
    let differs = changes.map(|change| {
        let action = match change.action {
            Action::Remove | Action::Orphan => "drop",
            Action::Replace | Action::MayReplace => "replace",
            Action::Update => "update",
            Action::Add => "add",
        };
        let address = change.address.into();
        let properties = [change.properties, change.attributes].concat();
        NotAdopted::Differs { address, action, properties }
    });
    differs.collect()
}

/// Compares the modules of the config with the states of the sources.
fn modules(
    graph: &Graph,
    stacks: &[Stack],
    refused: &[NotAdopted],
    kept: &[Kept],
    known: &BTreeSet<&str>,
    compared: &mut Compared,
) -> Result<(), Problems> {
    let mut layouts = stacks.iter().filter_map(|it| match it.origin {
        Origin::Terraform(layout) => Some(layout),
        Origin::CloudFormation | Origin::Account => None,
    });
    let layout = layouts.next().unwrap_or_default();
    let settings = stacks.iter().map(|it| {
        // Without its backend, no other stack could read the state of a stack.
        let backend = it.settings.get("backend").and_then(Value::as_object);
        let arguments = backend.map(|it| it.iter().map(|(key, it)| (key.clone(), it.clone())));
        let backend = arguments.and_then(|it| Backend::try_from(&it.collect()).ok());
        (it.id.clone(), Settings { backend, ..Settings::default() })
    });
    let settings = settings.collect();
    let options = TerraformOptions { layout, stacks: settings, ..TerraformOptions::default() };
    let mut before = Ledger::default();
    for Kept { stack, address, path, of, is_retained } in kept {
        let parse = |text: &String| Address::try_from(text.clone()).ok();
        if let Some(stack) = stacks.get(*stack)
            && let Some(address) = parse(address)
        {
            let of = of.as_ref().and_then(parse);
            before.learn_address(options.layout, &stack.id, address, path, of, *is_retained);
        }
    }
    let addresses: BTreeSet<&str> = kept.iter().map(|it| it.address.as_str()).collect();
    for stack in stacks {
        // Terraform would destroy a repository that is in its state and in no module.
        if let Some(left) = stack.deployed.as_ref().and_then(|it| left_out(it, &addresses)) {
            // It has been read as a state already.
            let _ = before.learn_state(options.layout, &stack.id, left.to_string().as_bytes());
        }
    }
    let output = render_over(graph, &options, &before)?;
    for stack in stacks {
        let Some(deployed) = &stack.deployed else { continue };
        let files = &output.rendered.files;
        let file = files.iter().find(|it| it.stack == Some(stack.id.as_str()));
        let module = file.and_then(|it| it.to_vec(Style::Compact).ok());
        let module: Option<Value> = module.and_then(|it| serde_json::from_slice(&it).ok());
        let after = match module.as_ref().map(|it| Read::from_json(it.clone())) {
            Some(Ok(Read::Stack(after))) => after,
            Some(Ok(Read::Files(_)) | Err(_)) | None => Deployed::empty(Engine::Terraform),
        };
        compared.differences.extend(differences(&stack.id, deployed, &after, known));
        count_blocks(module.as_ref(), &stack.blocks, compared);
        compared.differences.extend(dropped_outputs(module.as_ref(), stack, refused));
        let has = |name: &str| module.as_ref().is_some_and(|it| it.get(name).is_some());
        if (has("moved") || has("removed")) && compared.ledger.is_none() {
            compared.ledger = Some(before.clone());
        }
    }
    Ok(())
}

/// The repositories and keys that the config does not have, and what belongs to them, as
/// `terraform show -json` shows a state.
fn left_out(deployed: &Deployed, kept: &BTreeSet<&str>) -> Option<Value> {
    let is_left = |kind: &str, address: &str| {
        (kind.starts_with("aws_ecr") || kind == "aws_kms_key") && !kept.contains(address)
    };
    let left = deployed.resources().filter(|(address, kind, _)| is_left(kind, address));
    let left: Vec<Value> = left
        .map(|(address, kind, values)| {
            json!({ "mode": "managed", "address": address, "type": kind, "name": "", "values": values })
        })
        .collect();
    let values = json!({ "root_module": { "resources": left } });
    (!left.is_empty()).then(|| json!({ "format_version": "1.0", "values": values }))
}

/// The outputs of a module that the config does not have: those for other stacks, too, which refer to
/// something that is not adopted.
fn dropped_outputs(
    module: Option<&Value>,
    stack: &Stack,
    refused: &[NotAdopted],
) -> Vec<NotAdopted> {
    let ours = module.and_then(|it| it.get("output"));
    let names = stack.outputs.keys().filter(|name| {
        let address = SourceAddress::from("Outputs").property(name);
        ours.is_none_or(|it| it.get(name.as_str()).is_none())
            && !refused.iter().any(|it| *it.address() == address)
    });
    let dropped = names.map(|name| {
        let address = SourceAddress::from("output").property(name);
        NotAdopted::Differs { address, action: "drop", properties: Vec::new() }
    });
    dropped.collect()
}

/// Compares the resources of a module with the blocks of the source.
fn count_blocks(module: Option<&Value>, blocks: &Map<String, Value>, compared: &mut Compared) {
    let ours = |kind: &str, name: &str| module?.get("resource")?.get(kind)?.get(name)?.as_object();
    let bare = |it: &Map<String, Value>| {
        let entries = it.iter().filter(|(key, _)| *key != "//");
        entries.map(|(key, it)| (key.clone(), it.clone())).collect::<Map<_, _>>()
    };
    let of_kind = blocks.iter().filter_map(|(kind, named)| Some((kind, named.as_object()?)));
    for (kind, (name, block)) in of_kind.flat_map(|(kind, it)| it.iter().map(move |it| (kind, it)))
    {
        let source = block.as_object().map(bare).unwrap_or_default();
        let ours = ours(kind, name).map(bare);
        compared.count(format!("{kind}.{name}"), ours.as_ref(), [&source, &source]);
    }
}

/// The resources of a stack with all known values resolved and defaults written out.
fn deployed(resources: impl Iterator<Item = (String, Value)>, env: &Env) -> Option<Deployed> {
    let resources = resources.map(|(id, resource)| {
        let mut resource = settled(&resource, env);
        if let Value::Object(resource) = &mut resource {
            if resource.get("DeletionPolicy").is_some_and(|it| it == RETAIN_EXCEPT_ON_CREATE) {
                resource.insert("DeletionPolicy".to_owned(), "Retain".into());
            }
            // What is retained in one case is retained in the other, if nothing else is said of it: a
            // comment says so.
            if REMOVAL_POLICIES.iter().any(|it| resource.get(*it).is_some_and(|it| it == "Retain"))
            {
                for policy in REMOVAL_POLICIES {
                    resource.entry(policy).or_insert_with(|| "Retain".into());
                }
            }
            for policy in REMOVAL_POLICIES {
                resource.entry(policy).or_insert_with(|| "Delete".into());
            }
            for name in WITHOUT_EFFECT {
                resource.shift_remove(name);
            }
            let is_rule = resource.get("Type").is_some_and(|it| it == "AWS::Events::Rule");
            if let Some(Value::Object(properties)) = resource.get_mut("Properties") {
                if is_rule {
                    properties.entry("State").or_insert_with(|| "ENABLED".into());
                }
                canonical(properties, env);
            }
        }
        (id, resource)
    });
    let resources: Map<String, Value> = resources.collect();
    match Read::from_json(json!({ "Resources": resources })) {
        Ok(Read::Stack(stack)) => Some(stack),
        Ok(Read::Files(_)) | Err(_) => None,
    }
}

/// Writes properties in one of several forms that deploy the same.
fn canonical(properties: &mut Map<String, Value>, env: &Env) {
    if let Some(Value::Object(scanning)) = properties.get_mut("ImageScanningConfiguration")
        && let Some(key) = scanning.keys().find(|it| it.eq_ignore_ascii_case("ScanOnPush")).cloned()
        && let Some(on_push) = scanning.shift_remove(&key)
    {
        let on_push = flag(&on_push).map_or(on_push, Value::from);
        scanning.insert("ScanOnPush".to_owned(), on_push);
    }
    for (name, value) in properties.iter_mut() {
        match name.as_str() {
            "LifecyclePolicy" => {
                let policy = value.get("LifecyclePolicyText").unwrap_or(value);
                let parsed = policy.as_str().and_then(|text| serde_json::from_str(text).ok());
                let mut policy: Value = parsed.unwrap_or_else(|| policy.clone());
                if let Some(Value::Array(rules)) = policy.get_mut("rules") {
                    rules.sort_by_key(|it| it.get("rulePriority").and_then(Value::as_u64));
                }
                let id = value.get("RegistryId").cloned();
                *value = json!({ "LifecyclePolicyText": policy, "RegistryId": id });
            }
            "Tags" | "ResourceTags" => {
                let values = value.as_array_mut().into_iter().flatten();
                for value in values.filter_map(|it| it.get_mut("Value")) {
                    if value.is_number() || value.is_boolean() {
                        *value = value.to_string().into();
                    }
                }
                if let Some(tags) = value.as_array_mut() {
                    tags.sort_by_cached_key(|it| it.get("Key").map(ToString::to_string));
                }
            }
            "RepositoryPolicyText"
            | "PolicyText"
            | "PolicyDocument"
            | "KeyPolicy"
            | "AssumeRolePolicyDocument"
            | "RepositoryPolicy" => {
                if let Ok(Some(parsed)) = policy::parsed(value) {
                    *value = settled(&parsed, env);
                }
                sets(value, env);
            }
            _ => {}
        }
    }
}

/// Writes a policy as a set of statements for one principal, action and resource each: all lists in a
/// policy are sets.
fn sets(policy: &mut Value, env: &Env) {
    let Some(document) = policy.as_object_mut() else { return };
    let Some(statements) = document.get_mut("Statement") else { return };
    let mut atoms = BTreeSet::new();
    for statement in list(statements) {
        let mut parts = vec![statement.clone()];
        for key in ["Action", "NotAction", "Resource", "NotResource", "Principal"] {
            parts = parts.into_iter().flat_map(|it| each(&it, key, env)).collect();
        }
        atoms.extend(parts.iter().map(|it| in_order(it, false).to_string()));
    }
    *statements = atoms.into_iter().map(Value::from).collect();
}

/// A statement with its keys in order, and the values of conditions as lists: they are sets, too.
fn in_order(value: &Value, is_condition: bool) -> Value {
    match value {
        Value::Object(entries) => {
            let entries: BTreeMap<&String, Value> = entries
                .iter()
                .map(|(key, it)| (key, in_order(it, is_condition || key == "Condition")))
                .collect();
            entries.into_iter().map(|(key, it)| (key.clone(), it)).collect()
        }
        Value::Array(items) if is_condition => {
            let items: BTreeMap<String, &Value> =
                items.iter().map(|it| (it.to_string(), it)).collect();
            items.into_values().cloned().collect()
        }
        Value::Array(items) => items.iter().map(|it| in_order(it, false)).collect(),
        Value::String(_) | Value::Bool(_) | Value::Number(_) if is_condition => {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            json!([text])
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// A statement for each value of a key.
fn each(statement: &Value, key: &str, env: &Env) -> Vec<Value> {
    let Some(value) = statement.get(key) else { return vec![statement.clone()] };
    let values: Vec<Value> = match value.as_object().filter(|_| key == "Principal") {
        Some(kinds) => {
            let of_kind = |(kind, values): (&String, &Value)| -> Vec<Value> {
                list(values).into_iter().map(|it| json!({ kind: principal(it, env) })).collect()
            };
            kinds.iter().flat_map(of_kind).collect()
        }
        None => list(value).into_iter().cloned().collect(),
    };
    let with = values.into_iter().map(|value| {
        let mut statement = statement.clone();
        if let Some(place) = statement.get_mut(key) {
            *place = value;
        }
        statement
    });
    with.collect()
}

/// A principal, with an account as the ARN that AWS makes of its ID.
fn principal(value: &Value, env: &Env) -> Value {
    let partition = partition(env.region.as_deref().unwrap_or_default());
    // The ID of an account can be a number in YAML.
    let Some(text) = text(value, env) else { return value.clone() };
    account_arn(&text, partition).unwrap_or(text).into()
}
