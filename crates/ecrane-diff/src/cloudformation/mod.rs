//! CloudFormation: what a change of a template does.

pub(crate) mod properties;

use serde_json::Value;

use crate::change::Impact;
use crate::json;

/// What the change of a property does to a resource.
pub(crate) fn impact(kind: &str, property: &str) -> Impact {
    match properties::of(kind) {
        Some(row) if row.replace.contains(&property) => Impact::Replace,
        Some(row) if row.may_replace.contains(&property) => Impact::MayReplace,
        _ => Impact::Update,
    }
}

/// Visits the logical ids that a value refers to, by `Ref` or `Fn::GetAtt`.
pub(crate) fn references<'v>(value: &'v Value, visit: &mut dyn FnMut(&'v str)) {
    match value {
        Value::Object(entries) => {
            if entries.len() == 1 {
                if let Some(id) = entries.get("Ref").and_then(Value::as_str) {
                    return visit(id);
                }
                if let Some(id) = entries.get("Fn::GetAtt").and_then(attribute_of) {
                    return visit(id);
                }
            }
            entries.values().for_each(|inner| references(inner, visit));
        }
        Value::Array(items) => items.iter().for_each(|inner| references(inner, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The logical id of `Fn::GetAtt`, in both of its forms.
fn attribute_of(target: &Value) -> Option<&str> {
    match target {
        Value::String(text) => text.split('.').next(),
        Value::Array(parts) => parts.first()?.as_str(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}

/// Whether CloudFormation takes two values for the same.
///
/// It accepts text for a number or a boolean, and returns characters outside ASCII as `?` from
/// `GetTemplate` (`is_mangled`).
pub(crate) fn is_same(before: &Value, after: &Value, is_mangled: bool) -> bool {
    match (before, after) {
        (Value::String(before), Value::String(after)) => {
            before == after || is_mangled && is_mangled_from(before, after)
        }
        (Value::String(text), scalar @ (Value::Bool(_) | Value::Number(_)))
        | (scalar @ (Value::Bool(_) | Value::Number(_)), Value::String(text)) => {
            json::is_spelt(scalar, text)
        }
        (Value::Array(before), Value::Array(after)) => {
            before.len() == after.len()
                && before
                    .iter()
                    .zip(after)
                    .all(|(before, after)| is_same(before, after, is_mangled))
        }
        (Value::Object(before), Value::Object(after)) => {
            if let (Some(before), Some(after)) =
                (only(before, "Fn::GetAtt"), only(after, "Fn::GetAtt"))
            {
                return attribute_path(before) == attribute_path(after);
            }
            before.len() == after.len()
                && before.iter().all(|(key, before)| {
                    after.get(key).is_some_and(|after| is_same(before, after, is_mangled))
                })
        }
        _ => before == after,
    }
}

/// Whether the resource attribute `key` (`DependsOn`, `DeletionPolicy`, …) has changed.
pub(crate) fn is_same_attribute(
    key: &str,
    before: &Value,
    after: &Value,
    is_mangled: bool,
) -> bool {
    match key {
        // In any order; one alone may stand outside a list.
        "DependsOn" => json::set(before) == json::set(after),
        // Where the CDK has the resource from. It has no effect on the resource.
        "Metadata" => is_same(&without_cdk(before), &without_cdk(after), is_mangled),
        _ => is_same(before, after, is_mangled),
    }
}

fn without_cdk(metadata: &Value) -> Value {
    let Value::Object(entries) = metadata else { return Value::Object(serde_json::Map::new()) };
    let kept = entries.iter().filter(|(key, _)| !key.starts_with("aws:cdk:"));
    kept.map(|(key, value)| (key.clone(), value.clone())).collect::<serde_json::Map<_, _>>().into()
}

fn only<'v>(entries: &'v serde_json::Map<String, Value>, key: &str) -> Option<&'v Value> {
    entries.get(key).filter(|_| entries.len() == 1)
}

fn attribute_path(target: &Value) -> String {
    match target {
        Value::Array(parts) => parts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("."),
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => String::new(),
    }
}

fn is_mangled_from(mangled: &str, text: &str) -> bool {
    mangled.chars().eq(text.chars().map(|c| if c.is_ascii() { c } else { '?' }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(properties::TABLE.is_sorted_by_key(|it| it.name));
    }

    #[test]
    fn takes_text_for_numbers_and_booleans() {
        assert!(is_same(
            &json!({ "a": "true", "b": ["7"] }),
            &json!({ "a": true, "b": [7] }),
            false
        ));
        assert!(!is_same(&json!("true"), &json!(false), false));
        assert!(is_same(&json!("7.0"), &json!(7), false));
        assert!(!is_same(&json!("1.0"), &json!("1"), false));
    }

    #[test]
    fn takes_both_forms_of_an_attribute() {
        let (text, list) =
            (json!({ "Fn::GetAtt": "A.Arn" }), json!({ "Fn::GetAtt": ["A", "Arn"] }));
        assert!(is_same(&text, &list, false));
        assert!(!is_same(&text, &json!({ "Fn::GetAtt": ["B", "Arn"] }), false));
    }

    #[test]
    fn reads_question_marks_of_get_template() {
        assert!(is_same(&json!("?n?"), &json!("ünï"), true));
        assert!(!is_same(&json!("?n?"), &json!("ünï"), false));
        assert!(!is_same(&json!("xn?"), &json!("ünï"), true));
    }

    #[test]
    fn the_path_of_a_construct_is_no_change() {
        let path = json!({ "aws:cdk:path": "A/B" });
        assert!(is_same_attribute("Metadata", &path, &Value::Null, false));
        assert!(!is_same_attribute("Metadata", &json!({ "a": 1 }), &path, false));
    }
}
