//! Terraform states, and plans, in JSON.

use ecrane_diff::Document;
use ecrane_terraform::Layout;
use serde_json::{Map, Value, json};

use super::env::{default_tags, elsewhere, env};
use super::links::Links;
use super::translate::{Values, properties};
use super::types::{PARTS, Part, TARGET, TYPES, Type};
use crate::error::{NotAdopted, SourceAddress, SourceError};
use crate::stack::{Origin, Resource, Stack, plain_name};
use crate::word::camel;

/// Whether a document is a state file, or what `terraform show -json` prints.
pub(crate) fn is_state(document: &Map<String, Value>) -> bool {
    let has = |key: &str| document.contains_key(key);
    has("format_version") && (has("values") || has("planned_values") || has("terraform_version"))
        || has("version") && has("lineage") && has("resources")
}

type Instance<'d> = (&'d str, &'d str, &'d Map<String, Value>);

/// The stack of a state or plan.
pub(crate) fn stack(
    source: &str,
    id: String,
    document: &Map<String, Value>,
) -> Result<Stack, SourceError> {
    let (document, unknown) = match document.get("planned_values") {
        Some(values) => (json!({ "format_version": "1.0", "values": values }), unknown(document)),
        None => (Value::Object(document.clone()), Map::new()),
    };
    let malformed = |error: ecrane_diff::ReadError| SourceError::Malformed {
        name: source.to_owned(),
        reason: error.to_string(),
    };
    let Document::Stack(deployed) = Document::from_json(document).map_err(malformed)? else {
        return Err(SourceError::Unknown { name: source.to_owned() });
    };
    let mut stack = Stack { id, origin: Origin::Terraform(Layout::Plain), ..Stack::default() };
    let all = || deployed.resources();
    stack.env = env(all().map(|(_, kind, values)| (kind, values)));
    stack.tags = default_tags(all().map(|(_, _, values)| values));
    let links = Links::new(all(), stack.env.clone());
    let mut refused = Vec::new();
    for instance @ (address, kind, values) in all() {
        if PARTS.iter().any(|(part, ..)| *part == kind) {
            continue;
        }
        let Some(of) = TYPES.iter().find(|it| it.name == kind) else {
            let (address, kind) = (SourceAddress::from(address), kind.to_owned());
            refused.push(NotAdopted::Foreign { address, kind });
            continue;
        };
        if let Some(reason) = elsewhere(kind, values, &stack.env) {
            refused.push(NotAdopted::Inexpressible { address: address.into(), reason });
            continue;
        }
        let asked = of.arguments.iter().filter(|it| !it.property.is_empty()).map(|it| it.name);
        refused.extend(undecided(&unknown, address, asked));
        stack.resources.insert(address.to_owned(), resource(of, instance, &links));
    }
    for (address, kind, values) in all() {
        let Some((_, part, argument, owner)) = PARTS.iter().find(|(name, ..)| *name == kind) else {
            continue;
        };
        let asked = ["policy", "policy_arn", argument].into_iter();
        let undecided = undecided(&unknown, address, asked);
        if !undecided.is_empty() {
            refused.extend(undecided);
            continue;
        }
        let name = values.get(*argument).and_then(Value::as_str).unwrap_or_default();
        let owner = links.address(owner, name).and_then(|it| stack.resources.get_mut(it));
        let added = match owner {
            Some(owner) => add(owner, *part, (address, kind, values), &links),
            None => Err(format!("it belongs to `{name}`, which is not in the state")),
        };
        if let Err(reason) = added {
            refused.push(NotAdopted::Inexpressible { address: address.into(), reason });
        }
    }
    suggest_ids(&mut stack, all());
    for (name, output) in deployed.outputs() {
        let value = output.get("value").unwrap_or(&Value::Null);
        let output = json!({ "Value": links.output(value) });
        if let Value::Object(output) = output {
            stack.outputs.insert(name.clone(), output);
        }
    }
    stack.refused = refused;
    stack.deployed = Some(deployed);
    Ok(stack)
}

/// The arguments of a plan that are known after the apply only, by address.
fn unknown(plan: &Map<String, Value>) -> Map<String, Value> {
    let changes = plan.get("resource_changes").and_then(Value::as_array).into_iter().flatten();
    let unknown = changes.filter_map(|change| {
        let address = change.get("address")?.as_str()?;
        Some((address.to_owned(), change.pointer("/change/after_unknown")?.clone()))
    });
    unknown.collect()
}

/// The arguments of a resource whose values a plan does not say.
fn undecided<'a>(
    unknown: &Map<String, Value>,
    address: &str,
    arguments: impl Iterator<Item = &'a str>,
) -> Vec<NotAdopted> {
    let Some(unknown) = unknown.get(address) else { return Vec::new() };
    let arguments = arguments.filter(|it| unknown.get(*it) == Some(&Value::Bool(true)));
    let undecided = arguments.map(|argument| NotAdopted::Inexpressible {
        address: SourceAddress::from(address).property(argument),
        reason: "known after the apply only, so the plan does not say it".to_owned(),
    });
    undecided.collect()
}

fn resource(of: &Type, (_, kind, values): Instance<'_>, links: &Links) -> Resource {
    let (mut properties, mut arguments) = properties(of.arguments, values, Values::State);
    // AWS writes a policy for a key that is created without one, and no config says the same words.
    if let Some(policy) = properties.get("KeyPolicy").filter(|it| !links.is_key_policy(it)).cloned()
    {
        properties.shift_remove("KeyPolicy");
        arguments.insert("policy".to_owned(), policy);
    }
    let mut change = |name: &str, with: &dyn Fn(&Value) -> Value| {
        if let Some(value) = properties.get_mut(name) {
            *value = with(value);
        }
    };
    change("AssumeRolePolicyDocument", &|it| links.policy(it, false));
    change("KeyPolicy", &|it| links.policy(it, false));
    change("PolicyText", &|it| links.policy(it, false));
    change("RepositoryPolicy", &|it| links.policy(it, false));
    change("PolicyDocument", &|it| links.policy(it, true));
    change("EventPattern", &|it| links.pattern(it));
    change("TargetKeyId", &|it| links.name("aws_kms_key", it));
    change("LifecyclePolicy", &|it| it.clone());
    change("EncryptionConfiguration", &|it| {
        let mut it = it.clone();
        if let Some(key) = it.get_mut("KmsKey") {
            *key = links.arn(key);
        }
        it
    });
    for (name, holder) in
        [("Roles", "aws_iam_role"), ("Users", "aws_iam_user"), ("Groups", "aws_iam_group")]
    {
        change(name, &|it| json!([links.name(holder, it)]));
    }
    let mut attributes = Map::new();
    // A state does not say what is protected. What holds images and keys is, unless it is to be
    // deleted with all images.
    let is_kept = matches!(kind, "aws_ecr_repository" | "aws_kms_key")
        && values.get("force_delete") != Some(&Value::Bool(true));
    if is_kept {
        attributes.insert("DeletionPolicy".to_owned(), "Retain".into());
    }
    // No element of the config but that of a repository has tags.
    if matches!(kind, "aws_iam_role" | "aws_iam_user" | "aws_kms_key")
        && let Some(tags) =
            values.get("tags").filter(|it| it.as_object().is_some_and(|it| !it.is_empty()))
    {
        arguments.insert("tags".to_owned(), tags.clone());
    }
    Resource { kind: of.kind.to_owned(), properties, attributes, arguments, ..Resource::default() }
}

/// Adds what is a property of its owner in CloudFormation.
fn add(
    owner: &mut Resource,
    part: Part,
    (address, _, values): Instance<'_>,
    links: &Links,
) -> Result<(), String> {
    let policy = || values.get("policy").cloned().unwrap_or_default();
    let mut set = |property: &str, value: Value| {
        if owner.properties.contains_key(property) {
            return Err("its owner has another one".to_owned());
        }
        owner.properties.insert(property.to_owned(), value);
        Ok(())
    };
    let id = match part {
        Part::LifecyclePolicy => {
            set("LifecyclePolicy", json!({ "LifecyclePolicyText": policy() }))?;
            "LifecyclePolicy".to_owned()
        }
        Part::RepositoryPolicy => {
            set("RepositoryPolicyText", links.policy(&policy(), false))?;
            "RepositoryPolicy".to_owned()
        }
        Part::ManagedPolicy => {
            let arn = values.get("policy_arn").cloned().unwrap_or_default();
            let name = arn.as_str().and_then(|it| it.rsplit('/').next()).unwrap_or_default();
            let name = name.to_owned();
            push(owner, "ManagedPolicyArns", links.in_partition(&arn));
            name
        }
        Part::Target => {
            let (target, left) = properties(TARGET, values, Values::State);
            if let Some(argument) = left.keys().next() {
                return Err(format!("the config has no key for `{argument}`"));
            }
            let targets = owner.properties.get("Targets").and_then(Value::as_array);
            let id = format!("Target{}", targets.map_or(0, Vec::len));
            push(owner, "Targets", target.into());
            id
        }
    };
    owner.parts.push((id, address.to_owned()));
    Ok(())
}

fn push(owner: &mut Resource, property: &str, value: Value) {
    let list = owner.properties.entry(property).or_insert_with(|| json!([]));
    if let Value::Array(list) = list {
        list.push(value);
    }
}

/// Suggests a construct ID for each resource: from the name in its address, or, for instances and
/// resources of modules, from their key or physical name.
fn suggest_ids<'d>(stack: &mut Stack, all: impl Iterator<Item = Instance<'d>>) {
    for (address, _, values) in all {
        let Some(resource) = stack.resources.get_mut(address) else { continue };
        let physical = ["name", "repository_name", "prefix", "ecr_repository_prefix"];
        let physical = physical.iter().find_map(|it| values.get(*it)?.as_str());
        let key = || {
            address.rsplit_once("[\"").and_then(|(_, it)| it.split_once("\"]")).map(|(it, _)| it)
        };
        let name = plain_name(address);
        let word = name.as_deref().or_else(key).or(physical).unwrap_or(address);
        resource.id = Some(camel(word));
    }
}
