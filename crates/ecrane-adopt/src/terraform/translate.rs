//! Arguments of Terraform as properties of CloudFormation.

use serde_json::{Map, Value, json};

use super::types::{Argument, How, OF_ALL};

/// Whether values are those of a state, which has all arguments, also those that nobody wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Values {
    State,
    /// A module has what a person wrote.
    Module,
}

/// The properties for some arguments, and the arguments that have none.
pub(super) fn properties(
    arguments: &'static [Argument],
    values: &Map<String, Value>,
    from: Values,
) -> (Map<String, Value>, Map<String, Value>) {
    let (mut properties, mut left) = (Map::new(), Map::new());
    // In the order of the table, which is that of a person.
    for argument in arguments {
        let Some(value) = values.get(argument.name).filter(|it| !is_unset(it, from)) else {
            continue;
        };
        let property = match argument.how {
            How::Ignored => continue,
            How::Same => value.clone(),
            How::Tags => tags(value),
            How::Block(inner) => {
                let block = value.as_array().map_or(Some(value), |blocks| blocks.first());
                object(inner, block.unwrap_or(&Value::Null), from, argument.name, &mut left)
            }
            How::Blocks(inner) => {
                let blocks = value.as_array().map_or_else(|| vec![value], |it| it.iter().collect());
                let blocks =
                    blocks.into_iter().map(|it| object(inner, it, from, argument.name, &mut left));
                blocks.collect()
            }
        };
        let default = serde_json::from_str::<Value>(argument.default).ok();
        let is_default = from == Values::State && default.as_ref() == Some(&property);
        if !is_default {
            properties.insert(argument.property.to_owned(), property);
        }
    }
    for (name, value) in values {
        let is_known = arguments.iter().any(|it| it.name == name)
            || from == Values::State && OF_ALL.contains(&name.as_str());
        if !is_known && !is_unset(value, from) {
            left.insert(name.clone(), value.clone());
        }
    }
    (properties, left)
}

/// The properties of a block. Arguments without a property are left, with the block around them.
fn object(
    arguments: &'static [Argument],
    block: &Value,
    from: Values,
    around: &str,
    left: &mut Map<String, Value>,
) -> Value {
    let empty = Map::new();
    let (properties, inner) = properties(arguments, block.as_object().unwrap_or(&empty), from);
    for (name, value) in inner {
        left.insert(around.to_owned(), json!([{ name: value }]));
    }
    properties.into()
}

fn is_unset(value: &Value, from: Values) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty() && from == Values::State,
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.values().all(Value::is_null),
        Value::Bool(flag) => !flag && from == Values::State,
        Value::Number(number) => number.as_f64() == Some(0.0) && from == Values::State,
    }
}

fn tags(value: &Value) -> Value {
    let tags = value.as_object().into_iter().flatten();
    tags.map(|(key, value)| json!({ "Key": key, "Value": value })).collect()
}
