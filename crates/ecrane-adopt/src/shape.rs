//! Whether two resources have the same parts. The order in which a policy has its statements and actions
//! is lost where grants are recovered from several policies; which statements were merged is not.

use serde_json::{Map, Value};

/// A value with the sets of its policies in one order.
pub(crate) fn shape(value: &Value) -> Value {
    match value {
        Value::Object(entries) => {
            let entry = |(key, value): (&String, &Value)| {
                let mut value = shape(value);
                if let ("Statement" | "Action" | "Resource", Value::Array(items)) =
                    (key.as_str(), &mut value)
                {
                    items.sort_by_cached_key(ToString::to_string);
                }
                (key.clone(), value)
            };
            let mut entries: Vec<(String, Value)> = entries.iter().map(entry).collect();
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Object(entries.into_iter().collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(shape).collect(),
        // A policy in a module is JSON text.
        Value::String(text) if text.starts_with('{') => {
            serde_json::from_str(text).map_or_else(|_| value.clone(), |document| shape(&document))
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn statements_in_another_order() {
        let one =
            json!({ "policy": { "Statement": [{ "Action": ["a", "b"] }, { "Action": "c" }] } });
        let text =
            json!({ "Statement": [{ "Action": "c" }, { "Action": ["b", "a"] }] }).to_string();
        let merged = json!({ "policy": { "Statement": [{ "Action": ["a", "b", "c"] }] } });
        assert_eq!(shape(&one), shape(&json!({ "policy": text })));
        assert_ne!(shape(&one), shape(&merged));
    }
}
