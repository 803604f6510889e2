//! JSON values, looked at without minding the order of their keys.

use serde_json::{Map, Value};

/// The value with all keys in alphabetical order.
pub(crate) fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.iter().map(|(k, v)| (k.clone(), sorted(v))).collect();
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Object(Map::from_iter(entries))
        }
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
            plain.clone()
        }
    }
}

/// The entries of an object; none where it is not there.
pub(crate) fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// The items of an array; none where it is not there.
pub(crate) fn items(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// What a text is, where it has to be one.
pub(crate) fn text(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| format!("{value} is no text"))
}

/// Reads JSON that stands in a text.
pub(crate) fn within(value: &Value) -> Result<Value, String> {
    let text = text(value)?;
    serde_json::from_str(text).map_err(|error| format!("no JSON: {error} in {text}"))
}

/// Every place at which two values differ, with what stands there; the order of keys does not count.
pub(crate) fn differences(at: &str, one: &Value, other: &Value, found: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: std::collections::BTreeSet<_> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let place = format!("{at}/{key}");
                differences(&place, &one[key.as_str()], &other[key.as_str()], found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                differences(&format!("{at}/{index}"), a, b, found);
            }
        }
        (one, other) if one == other => {}
        (one, other) => found.push(format!("{at}\n  one   {one}\n  other {other}")),
    }
}

/// A fault that names all differences of two values, if there are any.
pub(crate) fn same(what: &str, one: &Value, other: &Value) -> Result<(), String> {
    let mut found = Vec::new();
    differences("", one, other, &mut found);
    if found.is_empty() { Ok(()) } else { Err(format!("{what} differ:\n{}", found.join("\n"))) }
}
