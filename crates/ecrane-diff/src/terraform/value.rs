//! Arguments compared as the provider compares them.

use std::collections::BTreeSet;

use ecrane_document::json_value;
use serde_json::{Map, Value};

use crate::json::{self, is_empty};

/// A string of a module.
pub(crate) enum Text {
    /// Its value.
    Known(String),
    /// Its template, whose value is unknown.
    Unknown(String),
}

/// Marks a template whose value is unknown. No string in AWS contains it.
const UNKNOWN: char = '\u{0}';

/// A value with its texts replaced.
pub(crate) fn map_texts(value: &Value, map: &dyn Fn(&str) -> Text) -> Value {
    match value {
        Value::String(text) => match map(text) {
            Text::Known(text) => text.into(),
            Text::Unknown(template) => format!("{UNKNOWN}{template}").into(),
        },
        Value::Array(items) => items.iter().map(|item| map_texts(item, map)).collect(),
        Value::Object(entries) => {
            let text = |key: &str| match map(key) {
                Text::Known(text) | Text::Unknown(text) => text,
            };
            let entries = entries.iter().map(|(key, item)| (text(key), map_texts(item, map)));
            entries.collect::<Map<_, _>>().into()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// Whether all texts of a value are known.
pub(crate) fn is_known(value: &Value) -> bool {
    let mut known = true;
    texts(value, &mut |text| known &= !text.starts_with(UNKNOWN));
    known
}

/// Visits the texts of a value.
pub(crate) fn texts<'v>(value: &'v Value, visit: &mut dyn FnMut(&'v str)) {
    match value {
        Value::String(text) => visit(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, visit)),
        Value::Object(entries) => entries.values().for_each(|item| texts(item, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whether the provider sees no difference between two values of an argument.
pub(crate) fn is_same(kind: &str, before: &Value, after: &Value) -> bool {
    match (before, after) {
        _ if is_empty(before) && is_empty(after) => true,
        (Value::String(before), Value::String(after)) => {
            before == after
                || is_same_json(before, after)
                || kind == "aws_kms_alias" && key_id(before) == key_id(after)
        }
        (Value::String(text), scalar @ (Value::Bool(_) | Value::Number(_)))
        | (scalar @ (Value::Bool(_) | Value::Number(_)), Value::String(text)) => {
            json::is_spelt(scalar, text)
        }
        // A block, or a list of one.
        (Value::Array(blocks), block @ Value::Object(_))
        | (block @ Value::Object(_), Value::Array(blocks)) => {
            matches!(blocks.as_slice(), [only] if is_same(kind, only, block))
        }
        (Value::Array(before), Value::Array(after)) => {
            before.len() == after.len()
                && if is_set(kind, before) {
                    // Each element has its own counterpart.
                    let mut left: Vec<&Value> = after.iter().collect();
                    before.iter().all(|one| {
                        let at = left.iter().position(|other| is_same(kind, one, other));
                        at.map(|at| left.swap_remove(at)).is_some()
                    })
                } else {
                    before.iter().zip(after).all(|(before, after)| is_same(kind, before, after))
                }
        }
        (Value::Object(before), Value::Object(after)) => {
            let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
            let null = Value::Null;
            keys.into_iter().all(|key| {
                let value = |it: &'_ Map<String, Value>| it.get(key).cloned();
                let (before, after) = (value(before), value(after));
                is_same(kind, before.as_ref().unwrap_or(&null), after.as_ref().unwrap_or(&null))
            })
        }
        _ => before == after,
    }
}

/// The ID of a key, from which an alias does not tell its ARN.
fn key_id(text: &str) -> &str {
    text.rsplit_once(":key/").map_or(text, |(_, id)| id)
}

/// Whether the order of a list has no meaning: it is one of texts, or its blocks are a set in the
/// schema of the provider.
fn is_set(kind: &str, items: &[Value]) -> bool {
    kind == "aws_ecr_registry_scanning_configuration" || items.iter().all(Value::is_string)
}

/// Whether two texts are the same JSON, as the provider compares policies.
fn is_same_json(before: &str, after: &str) -> bool {
    let parse = |text: &str| match json_value(text) {
        Ok(value @ (Value::Object(_) | Value::Array(_))) => Some(canonical(value, false)),
        _ => None,
    };
    parse(before).is_some_and(|before| Some(before) == parse(after))
}

/// In an IAM policy, a text stands for a list of one, and neither lists of texts nor statements have an
/// order.
fn canonical(value: Value, in_statement: bool) -> Value {
    match value {
        Value::Object(entries) => {
            let is_policy = |key: &str| in_statement || key == "Statement";
            let mut entries: Vec<_> = entries
                .into_iter()
                .map(|(key, value)| {
                    let mut value = canonical(value, is_policy(&key));
                    if let Value::Array(statements) = &mut value
                        && key == "Statement"
                    {
                        statements.sort_by_key(ToString::to_string);
                    }
                    (key, value)
                })
                .collect();
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
            entries.into_iter().collect::<Map<_, _>>().into()
        }
        Value::Array(items) => {
            let mut items: Vec<_> =
                items.into_iter().map(|item| canonical(item, in_statement)).collect();
            if in_statement && items.iter().all(Value::is_string) {
                items.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
                items.dedup();
            }
            if in_statement && items.len() == 1 { items.swap_remove(0) } else { items.into() }
        }
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => plain,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn policies_are_compared_by_meaning() {
        let policy = |action: Value| json!({ "Statement": [{ "Action": action }] }).to_string();
        assert!(is_same_json(&policy(json!("a")), &policy(json!(["a"]))));
        assert!(is_same_json(&policy(json!(["a", "b"])), &policy(json!(["b", "a"]))));
        assert!(!is_same_json(&policy(json!(["a", "b"])), &policy(json!(["a"]))));
        let (one, other) = (json!({ "Sid": "a" }), json!({ "Sid": "b" }));
        let both = |all: Value| json!({ "Statement": all }).to_string();
        assert!(is_same_json(&both(json!([one, other])), &both(json!([other, one]))));
        // In a lifecycle policy, the order of rules and the form of lists matter.
        let rules = |list: Value| json!({ "rules": list }).to_string();
        assert!(!is_same_json(&rules(json!(["a", "b"])), &rules(json!(["b", "a"]))));
        assert!(!is_same_json(&rules(json!(["a"])), &rules(json!("a"))));
        assert!(is_same_json("{\"a\": 1}", "{ \"a\":1 }"));
        assert!(!is_same_json("1", "1 "));
    }

    #[test]
    fn an_alias_takes_the_id_or_the_arn_of_its_key() {
        let (id, arn) = (json!("5a70"), json!("arn:aws:kms:eu-west-1:111122223333:key/5a70"));
        assert!(is_same("aws_kms_alias", &id, &arn));
        assert!(!is_same("aws_kms_alias", &json!("5a71"), &arn));
        assert!(!is_same("aws_kms_key", &id, &arn));
    }

    #[test]
    fn a_block_is_a_list_of_one() {
        let same = |before, after| is_same("aws_ecr_repository", &before, &after);
        assert!(same(json!([{ "scan_on_push": true }]), json!({ "scan_on_push": true })));
        assert!(!same(json!([{ "scan_on_push": true }]), json!({ "scan_on_push": false })));
        assert!(same(json!([{ "kms_key": "", "type": "AES256" }]), json!([{ "type": "AES256" }])));
        assert!(same(Value::Null, json!([{ "a": false }])));
        assert!(same(json!(["a", "b"]), json!(["b", "a"])));
        assert!(!same(json!(["a", "a"]), json!(["a", "b"])));
    }
}
