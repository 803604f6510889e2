//! What a plan does not say: values that are known after the apply only.

use serde_json::{Map, Value};

/// Why a value of a plan is not adopted.
pub(super) const UNKNOWN: &str = "known after the apply only, so the plan does not say it";

/// The arguments of a plan that are known after the apply only, by address. What the configuration does
/// not set is the provider's choice, and no loss.
pub(super) fn unknown(plan: &Map<String, Value>) -> Map<String, Value> {
    let changes = plan.get("resource_changes").and_then(Value::as_array).into_iter().flatten();
    let unknown = changes.filter_map(|change| {
        let address = change.get("address")?.as_str()?;
        let mut unknown = change.pointer("/change/after_unknown")?.clone();
        if let Some(set) = expressions(plan, change) {
            retain_set(&mut unknown, set);
        }
        Some((address.to_owned(), unknown))
    });
    unknown.collect()
}

/// The region of the provider, if the configuration has it as it is.
pub(super) fn region(plan: &Map<String, Value>) -> Option<String> {
    let provider = plan.get("configuration")?.pointer("/provider_config/aws/expressions")?;
    provider.pointer("/region/constant_value")?.as_str().map(str::to_owned)
}

/// The parts of an argument that are unknown, by their names.
pub(super) fn unknown_parts(name: &str, unknown: &Value) -> Vec<String> {
    match unknown {
        Value::Bool(true) => vec![name.to_owned()],
        Value::Array(items) => items.iter().flat_map(|it| unknown_parts(name, it)).collect(),
        Value::Object(entries) => {
            let parts = entries.iter();
            parts.flat_map(|(key, it)| unknown_parts(&format!("{name}.{key}"), it)).collect()
        }
        Value::Null | Value::Bool(false) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// What the configuration sets of a resource.
fn expressions<'p>(plan: &'p Map<String, Value>, change: &Value) -> Option<&'p Map<String, Value>> {
    let text = |key: &str| change.get(key).and_then(Value::as_str);
    let mut module = plan.get("configuration")?.get("root_module")?;
    let path = text("module_address").unwrap_or_default();
    for name in path.split("module.").skip(1) {
        let name = name.split(['[', '.']).next()?;
        module = module.get("module_calls")?.get(name)?.get("module")?;
    }
    let address = format!("{}.{}", text("type")?, text("name")?);
    let mut resources = module.get("resources")?.as_array()?.iter();
    let resource = resources.find(|it| it.get("address").is_some_and(|it| *it == address))?;
    resource.get("expressions")?.as_object()
}

/// Removes the unknown arguments that are not set. Of a block that is not there, nothing is known: it can
/// be a dynamic one.
fn retain_set(unknown: &mut Value, set: &Map<String, Value>) {
    let Some(unknown) = unknown.as_object_mut() else { return };
    unknown.retain(|key, it| !it.is_boolean() || set.contains_key(key));
    for (key, it) in unknown {
        let blocks = it.as_array_mut().into_iter().flatten();
        let set = set.get(key).and_then(Value::as_array).into_iter().flatten();
        for (block, set) in blocks.zip(set.filter_map(Value::as_object)) {
            retain_set(block, set);
        }
    }
}
