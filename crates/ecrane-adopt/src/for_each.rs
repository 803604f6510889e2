//! `Fn::ForEach` of `AWS::LanguageExtensions`, written out.

use serde_json::{Map, Value};

use crate::intrinsics::Scope;
use crate::value::only;

/// The most entries that the loops of a template may make: CloudFormation allows 500 resources.
const MOST: usize = 10_000;

/// The maximum depth of loops within loops.
const DEPTH: usize = 5;

const LOOP: &str = "Fn::ForEach::";

/// Writes out the loops among the entries of a section. A loop over an unknown list stays.
pub(crate) fn written_out(section: &Map<String, Value>, scope: &Scope<'_>) -> Map<String, Value> {
    let mut found = Map::new();
    expand(section, scope, 0, &mut found);
    found
}

fn expand(
    section: &Map<String, Value>,
    scope: &Scope<'_>,
    depth: usize,
    into: &mut Map<String, Value>,
) {
    for (key, value) in section {
        match items(key, value, scope).filter(|_| depth < DEPTH) {
            Some((name, items, body)) => {
                for item in items {
                    if into.len() > MOST {
                        return;
                    }
                    if let Value::Object(body) = with(&body, &name, &item) {
                        expand(&body, scope, depth + 1, into);
                    }
                }
            }
            None => {
                into.insert(key.clone(), value.clone());
            }
        }
    }
}

/// The variable of a loop, its values, and its body.
fn items(key: &str, value: &Value, scope: &Scope<'_>) -> Option<(String, Vec<String>, Value)> {
    let [Value::String(name), list, body] =
        key.strip_prefix(LOOP).and(value.as_array())?.as_slice()
    else {
        return None;
    };
    let list = scope.resolve(list);
    let text = |it: &Value| match it {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let items: Option<Vec<String>> = list.as_array()?.iter().map(text).collect();
    Some((name.clone(), items?, body.clone()))
}

/// A body for one value of the variable: `${Name}`, `&{Name}` without what is no letter or digit, and
/// `Ref: Name`.
fn with(value: &Value, name: &str, item: &str) -> Value {
    if let Some(("Ref", reference)) = only(value)
        && reference == name
    {
        return item.into();
    }
    let plain: String = item.chars().filter(char::is_ascii_alphanumeric).collect();
    let text = |text: &str| {
        text.replace(&format!("${{{name}}}"), item).replace(&format!("&{{{name}}}"), &plain)
    };
    match value {
        Value::String(it) => text(it).into(),
        Value::Array(items) => items.iter().map(|it| with(it, name, item)).collect(),
        Value::Object(entries) => {
            let entries = entries.iter().map(|(key, it)| (text(key), with(it, name, item)));
            Value::Object(entries.collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}
