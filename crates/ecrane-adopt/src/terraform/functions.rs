//! Functions of Terraform that modules of repositories use.

use serde_json::{Map, Value, json};

use crate::value::concat;
use ecrane_document::json_value;

/// The result of a function, if it is known.
pub(super) fn call(name: &str, arguments: &[Value]) -> Option<Value> {
    match (name, arguments) {
        ("jsondecode" | "tonumber", [Value::String(text)]) => json_value(text).ok(),
        ("tostring", [Value::Number(number)]) => Some(number.to_string().into()),
        ("tostring", [Value::Bool(flag)]) => Some(flag.to_string().into()),
        // A policy can be an object wherever it can be text.
        (
            "jsonencode" | "jsondecode" | "toset" | "tolist" | "tomap" | "tostring" | "sensitive"
            | "nonsensitive",
            [value],
        ) => Some(value.clone()),
        ("merge", maps) => {
            let mut merged = Map::new();
            for map in maps {
                merged.extend(map.as_object()?.clone());
            }
            Some(merged.into())
        }
        ("concat", lists) => {
            let lists =
                lists.iter().map(|it| it.as_array().cloned()).collect::<Option<Vec<_>>>()?;
            Some(lists.concat().into())
        }
        ("compact", [Value::Array(items)]) => {
            Some(items.iter().filter(|it| !it.is_null() && **it != "").cloned().collect())
        }
        ("join", [Value::String(between), Value::Array(items)]) => {
            let mut parts = Vec::new();
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    parts.push(between.as_str().into());
                }
                parts.push(item.clone());
            }
            Some(concat(parts))
        }
        ("split", [Value::String(between), Value::String(text)]) => {
            Some(text.split(between.as_str()).map(Value::from).collect())
        }
        ("split", [Value::String(between), text]) => Some(json!({ "Fn::Split": [between, text] })),
        ("format", [Value::String(format), values @ ..]) => {
            let mut pieces = format.split("%s");
            let mut parts: Vec<Value> = vec![pieces.next()?.into()];
            let mut values = values.iter();
            for piece in pieces {
                parts.push(values.next()?.clone());
                parts.push(piece.into());
            }
            // Another verb than `%s`.
            let is_whole = values.next().is_none()
                && !parts.iter().any(|it| it.as_str().is_some_and(|it| it.contains('%')));
            is_whole.then(|| concat(parts))
        }
        ("lower", [Value::String(text)]) => Some(text.to_lowercase().into()),
        ("upper", [Value::String(text)]) => Some(text.to_uppercase().into()),
        ("trimspace", [Value::String(text)]) => Some(text.trim().into()),
        // A pattern between slashes is a regular expression.
        ("replace", [Value::String(text), Value::String(from), Value::String(to)])
            if !(from.len() > 1 && from.starts_with('/') && from.ends_with('/')) =>
        {
            Some(text.replace(from.as_str(), to).into())
        }
        ("keys", [Value::Object(map)]) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort_unstable();
            Some(json!(keys))
        }
        ("length", [Value::Array(items)]) => Some(items.len().into()),
        ("lookup", [Value::Object(map), Value::String(key), default]) => {
            Some(map.get(key).unwrap_or(default).clone())
        }
        ("coalesce", values) => values.iter().find(|it| !it.is_null() && **it != "").cloned(),
        _ => None,
    }
}
