//! Modules, states and plans in JSON.

use std::collections::VecDeque;

use serde_json::{Map, Value};

use crate::error::ReadError;
use crate::read::malformed;
use crate::stack::{Origin, Resource, Stack, Surroundings};

/// Arguments of a resource block that control Terraform and do not belong to the resource.
const META: [&str; 7] =
    ["//", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"];

/// A root module in JSON.
pub(crate) fn module(mut document: Map<String, Value>) -> Result<Stack, ReadError> {
    let mut stack = Stack::new(Origin::Module);
    let name = document.get("//").and_then(|it| it.pointer("/metadata/stackName"));
    stack.id = name.and_then(Value::as_str).map(str::to_owned);
    let types = match document.remove("resource") {
        None => Map::new(),
        Some(Value::Object(types)) => types,
        Some(_) => return Err(malformed("module", "resource", "an object")),
    };
    for (kind, named) in types {
        let Value::Object(named) = named else {
            return Err(malformed("module", &format!("resource.{kind}"), "an object"));
        };
        for (name, block) in named {
            let address = format!("{kind}.{name}");
            // Terraform takes a block, or a list of one.
            let Some(properties) = block_of(block) else {
                return Err(malformed("module", &format!("resource.{address}"), "a block"));
            };
            let (attributes, properties) =
                properties.into_iter().partition(|(key, _)| META.contains(&key.as_str()));
            let resource = Resource { kind: kind.clone(), properties, attributes };
            stack.resources.insert(address, resource);
        }
    }
    *stack.around = surroundings(&mut document);
    for block in document.remove("removed").map(blocks).unwrap_or_default() {
        let destroys =
            block.pointer("/lifecycle/0/destroy").or(block.pointer("/lifecycle/destroy"));
        if destroys == Some(&Value::Bool(false))
            && let Some(from) = block.get("from").and_then(Value::as_str)
        {
            stack.forgotten.push(from.to_owned());
        }
    }
    for block in document.remove("moved").map(blocks).unwrap_or_default() {
        let text = |key| block.get(key).and_then(Value::as_str).map(str::to_owned);
        if let Some((from, to)) = text("from").zip(text("to")) {
            stack.moved.entry(to).or_default().push(from);
        }
    }
    Ok(stack)
}

fn surroundings(document: &mut Map<String, Value>) -> Surroundings {
    let mut object = |key: &str| match document.remove(key) {
        Some(Value::Object(entries)) => entries,
        _ => Map::new(),
    };
    let mut inner = |key: &str, inner: &str| object(key).remove(inner);
    let providers = inner("provider", "aws").map(blocks).unwrap_or_default();
    let is_default = |it: &Value| it.get("alias").is_none();
    let provider = providers.into_iter().find(is_default).and_then(block_of);
    let remote_states = inner("data", "terraform_remote_state").and_then(block_of);
    let backend = inner("terraform", "backend").and_then(block_of);
    Surroundings {
        provider: provider.unwrap_or_default(),
        remote_states: remote_states.unwrap_or_default(),
        backend: backend.unwrap_or_default(),
        outputs: object("output"),
        ..Surroundings::default()
    }
}

fn block_of(block: Value) -> Option<Map<String, Value>> {
    match block {
        Value::Object(arguments) => Some(arguments),
        Value::Array(mut blocks) if blocks.len() == 1 => block_of(blocks.pop()?),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            None
        }
    }
}

fn blocks(value: Value) -> Vec<Value> {
    if let Value::Array(blocks) = value { blocks } else { vec![value] }
}

/// What `terraform show -json` prints: a state, or a plan with the state that it starts from.
pub(crate) fn shown(mut document: Map<String, Value>) -> Result<Stack, ReadError> {
    let mut stack = Stack::new(Origin::State);
    let state = match document.remove("prior_state") {
        Some(Value::Object(state)) => state,
        Some(_) => return Err(malformed("plan", "prior_state", "an object")),
        // A plan for an empty state has no prior state.
        None if document.contains_key("planned_values") => return Ok(stack),
        None => document,
    };
    // An empty state has no values.
    let Some(values) = state.get("values") else { return Ok(stack) };
    if let Some(outputs) = values.get("outputs").and_then(Value::as_object) {
        stack.around.outputs.clone_from(outputs);
    }
    let Some(root) = values.get("root_module") else {
        return Err(malformed("state", "values.root_module", "an object"));
    };
    let mut modules = VecDeque::from([root]);
    while let Some(module) = modules.pop_front() {
        modules.extend(module.get("child_modules").and_then(Value::as_array).into_iter().flatten());
        let resources = module.get("resources").and_then(Value::as_array);
        for resource in resources.into_iter().flatten() {
            // As below.
            if resource.get("deposed_key").is_some() {
                continue;
            }
            let text = |key| resource.get(key).and_then(Value::as_str);
            let (Some(kind), Some(name)) = (text("type"), text("name")) else {
                return Err(malformed(
                    "state",
                    "values.root_module.resources",
                    "a list of resources",
                ));
            };
            let address = text("address").map_or_else(|| format!("{kind}.{name}"), str::to_owned);
            let values = resource.get("values").and_then(Value::as_object).cloned();
            add(&mut stack, text("mode"), kind, address, values.unwrap_or_default());
        }
    }
    Ok(stack)
}

/// A state file, as `terraform state pull` prints it.
pub(crate) fn state_file(document: &Map<String, Value>) -> Result<Stack, ReadError> {
    let version = document.get("version").and_then(Value::as_u64).unwrap_or_default();
    if version != 4 {
        return Err(ReadError::StateVersion { version });
    }
    let mut stack = Stack::new(Origin::State);
    if let Some(outputs) = document.get("outputs").and_then(Value::as_object) {
        stack.around.outputs.clone_from(outputs);
    }
    let resources = document.get("resources").and_then(Value::as_array);
    for resource in resources.into_iter().flatten() {
        let text = |key| resource.get(key).and_then(Value::as_str);
        let (Some(kind), Some(name)) = (text("type"), text("name")) else {
            return Err(malformed("state", "resources", "a list of resources"));
        };
        let instances = resource.get("instances").and_then(Value::as_array);
        for instance in instances.into_iter().flatten() {
            // A deposed object is about to be deleted.
            if instance.get("deposed").is_some() {
                continue;
            }
            let address = instance_address(text("module"), kind, name, instance.get("index_key"));
            let values = instance.get("attributes").and_then(Value::as_object).cloned();
            add(&mut stack, text("mode"), kind, address, values.unwrap_or_default());
        }
    }
    Ok(stack)
}

/// The address of a Terraform resource, with the key of its `count` or `for_each` if it has one.
///
/// ```
/// use ecrane_diff::instance_address;
///
/// let key = serde_json::json!("app");
/// let address = instance_address(Some("module.ecr"), "aws_ecr_repository", "this", Some(&key));
/// assert_eq!(address, r#"module.ecr.aws_ecr_repository.this["app"]"#);
/// ```
pub fn instance_address(
    module: Option<&str>,
    kind: &str,
    name: &str,
    key: Option<&Value>,
) -> String {
    let module = module.map(|module| format!("{module}.")).unwrap_or_default();
    let key = match key {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(key)) => {
            format!("[{}]", Value::from(key.replace("${", "$${").replace("%{", "%%{")))
        }
        Some(key) => format!("[{key}]"),
    };
    format!("{module}{kind}.{name}{key}")
}

/// The address of a resource without the keys of instances: those of `count` and `for_each`, of the
/// resource and of its modules.
pub(crate) fn without_keys(address: &str) -> String {
    let (mut found, mut in_key, mut in_text, mut is_escaped) = (String::new(), false, false, false);
    for c in address.chars() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if in_text => is_escaped = true,
            '"' if in_key => in_text = !in_text,
            '[' if !in_key => in_key = true,
            ']' if in_key && !in_text => in_key = false,
            _ if in_key => {}
            c => found.push(c),
        }
    }
    found
}

fn add(
    stack: &mut Stack,
    mode: Option<&str>,
    kind: &str,
    address: String,
    properties: Map<String, Value>,
) {
    if mode == Some("data") {
        let address = if address.starts_with("data.") || address.starts_with("module.") {
            address
        } else {
            format!("data.{address}")
        };
        stack.data.insert(address, properties);
    } else {
        let resource = Resource { kind: kind.to_owned(), properties, attributes: Map::new() };
        stack.resources.insert(address, resource);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Terraform language, "Remove a resource from state": a block is about all instances. "Refactor
    /// modules": instance 0 moves by itself when `count` is removed.
    #[test]
    fn instances_of_a_resource() {
        let json = |value: Value| match crate::Document::from_json(value) {
            Ok(crate::Document::Stack(stack)) => stack,
            other => unreachable!("{other:?}"),
        };
        let resource = |address: &str| {
            let kind = "aws_ecr_repository";
            json!({ "mode": "managed", "type": kind, "name": "x", "address": address, "values": {} })
        };
        let resources = [
            "aws_ecr_repository.app[0]",
            "aws_ecr_repository.app[1]",
            "aws_ecr_repository.old[\"a\"]",
            "module.ecr[0].aws_ecr_repository.x",
            "aws_ecr_repository.older",
        ];
        let resources: Vec<_> = resources.into_iter().map(resource).collect();
        let values = json!({ "root_module": { "resources": resources } });
        let before = json(json!({ "format_version": "1.0", "values": values }));
        let removed = |from: &str| json!({ "from": from, "lifecycle": [{ "destroy": false }] });
        let removed = json!([removed("aws_ecr_repository.old"), removed("module.ecr")]);
        let app = json!({ "aws_ecr_repository": { "app": {} } });
        let after = json(json!({ "resource": app, "removed": removed }));
        let found: Vec<_> = crate::compare("Shop", &before, &after)
            .into_iter()
            .map(|change| (change.address, change.action))
            .collect();
        assert_eq!(
            found,
            [
                ("aws_ecr_repository.app[1]".to_owned(), crate::Action::Remove),
                ("aws_ecr_repository.old[\"a\"]".to_owned(), crate::Action::Orphan),
                ("aws_ecr_repository.older".to_owned(), crate::Action::Remove),
                ("module.ecr[0].aws_ecr_repository.x".to_owned(), crate::Action::Orphan),
            ]
        );
    }

    #[test]
    fn an_address_without_keys() {
        for (address, expected) in [
            ("aws_ecr_repository.app", "aws_ecr_repository.app"),
            ("aws_ecr_repository.app[0]", "aws_ecr_repository.app"),
            (
                r#"module.ecr["a]\"b"].aws_ecr_repository.this["x.y"]"#,
                "module.ecr.aws_ecr_repository.this",
            ),
        ] {
            assert_eq!(without_keys(address), expected);
        }
    }
}
