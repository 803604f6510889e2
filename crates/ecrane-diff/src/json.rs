//! JSON values compared by what they mean.

use std::collections::BTreeSet;

use serde_json::Value;

/// The strings of a list, sorted; a string stands for a list with one string.
pub(crate) fn set(value: &Value) -> BTreeSet<&str> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        Value::String(text) => BTreeSet::from([text.as_str()]),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => BTreeSet::new(),
    }
}

/// Whether a string is a number or a boolean in the syntax of JSON.
pub(crate) fn is_spelt(scalar: &Value, text: &str) -> bool {
    match scalar {
        // `"7"` and `"7.0"` are the number 7.
        Value::Number(number) => text.parse::<f64>().ok() == number.as_f64(),
        Value::Bool(flag) => text == if *flag { "true" } else { "false" },
        Value::Null | Value::String(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

/// Whether a value is empty: `null`, `false`, `""`, `[]`, `{}`, or a list of such.
pub(crate) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) | Value::Number(_) => false,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.iter().all(is_empty),
        Value::Object(entries) => entries.values().all(is_empty),
    }
}
