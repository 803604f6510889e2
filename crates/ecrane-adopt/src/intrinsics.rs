//! Intrinsic functions of a template, resolved as far as parameters, mappings and conditions allow.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::value::{Env, concat, is_no_value, only};

/// The maximum depth of values and conditions.
const DEPTH: usize = 64;

/// What is known when intrinsic functions of a template are resolved.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'t> {
    pub(crate) parameters: &'t IndexMap<String, Value>,
    pub(crate) mappings: Option<&'t Value>,
    pub(crate) conditions: Option<&'t Value>,
    /// What is known about the stack, for the pseudo parameters.
    pub(crate) env: &'t Env,
    pub(crate) stack_name: Option<&'t str>,
}

impl Scope<'_> {
    /// Resolves a value. What is unknown stays as it is.
    pub(crate) fn resolve(&self, value: &Value) -> Value {
        self.at(value, 0)
    }

    fn at(&self, value: &Value, depth: usize) -> Value {
        if depth > DEPTH {
            return value.clone();
        }
        let next = |value: &Value| self.at(value, depth + 1);
        match value {
            Value::Array(items) => {
                let items = items.iter().map(next);
                items.filter(|it| !is_no_value(it)).collect()
            }
            Value::Object(entries) => {
                if let Some((name, argument)) = only(value)
                    && let Some(resolved) = self.function(name, argument, depth + 1)
                {
                    return resolved;
                }
                let entries = entries.iter().map(|(key, it)| (key.clone(), next(it)));
                let entries = entries.filter(|(_, it)| !is_no_value(it));
                Value::Object(entries.collect::<Map<_, _>>())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
        }
    }

    fn function(&self, name: &str, argument: &Value, depth: usize) -> Option<Value> {
        let next = |value: &Value| self.at(value, depth);
        match (name, argument) {
            ("Ref", Value::String(id)) if id == "AWS::StackName" => {
                self.stack_name.map(Value::from)
            }
            ("Ref", Value::String(id)) => self.parameters.get(id).cloned(),
            ("Fn::GetAtt", Value::String(path)) => {
                let (id, attribute) = path.split_once('.')?;
                Some(json!({ "Fn::GetAtt": [id, attribute] }))
            }
            ("Fn::Join", Value::Array(parts)) => {
                let [between, parts] = parts.as_slice() else { return None };
                let between = next(between).as_str()?.to_owned();
                let Value::Array(parts) = next(parts) else { return None };
                let mut joined = Vec::new();
                for (index, part) in parts.into_iter().enumerate() {
                    if index > 0 {
                        joined.push(Value::from(between.as_str()));
                    }
                    joined.push(part);
                }
                Some(concat(joined))
            }
            ("Fn::Sub", Value::String(template)) => Some(self.sub(template, None, depth)),
            ("Fn::Sub", Value::Array(parts)) => {
                let [Value::String(template), values] = parts.as_slice() else { return None };
                Some(self.sub(template, next(values).as_object(), depth))
            }
            // A policy can be an object wherever it can be text.
            ("Fn::ToJsonString", value) => Some(next(value)),
            ("Fn::Select", Value::Array(parts)) => {
                let [index, items] = parts.as_slice() else { return None };
                let index = next(index);
                let index = index.as_u64().or_else(|| index.as_str()?.parse().ok())?;
                next(items).as_array()?.get(usize::try_from(index).ok()?).cloned()
            }
            ("Fn::Split", Value::Array(parts)) => {
                let [between, text] = parts.as_slice() else { return None };
                let text = next(text);
                let items = text.as_str()?.split(between.as_str()?);
                Some(items.map(Value::from).collect())
            }
            ("Fn::FindInMap", Value::Array(path)) => {
                let path: Vec<Value> = path.iter().map(next).collect();
                let [map, top, second, ..] = path.as_slice() else { return None };
                let key = |value: &Value| match only(value) {
                    Some(("Ref", name)) => self.env.pseudo(name.as_str()?),
                    _ => value.as_str().map(str::to_owned),
                };
                let map = self.mappings?.get(map.as_str()?)?;
                Some(next(map.get(key(top)?)?.get(key(second)?)?))
            }
            ("Fn::If", Value::Array(parts)) => {
                let [condition, yes, no] = parts.as_slice() else { return None };
                let holds = self.condition(condition.as_str()?, depth)?;
                Some(next(if holds { yes } else { no }))
            }
            _ => None,
        }
    }

    /// Whether a condition holds, if it is known.
    pub(crate) fn condition(&self, name: &str, depth: usize) -> Option<bool> {
        if depth > DEPTH {
            return None;
        }
        self.holds(self.conditions?.get(name)?, depth + 1)
    }

    /// The parameters without a value that a condition depends on, each once.
    pub(crate) fn unknown_in(&self, condition: &str) -> Vec<String> {
        let mut unknown = Vec::new();
        if let Some(value) = self.conditions.and_then(|it| it.get(condition)) {
            self.add_unknown(value, 0, &mut unknown);
        }
        unknown
    }

    fn add_unknown(&self, value: &Value, depth: usize, unknown: &mut Vec<String>) {
        if depth > DEPTH {
            return;
        }
        match (only(value), value) {
            (Some(("Condition", Value::String(name))), _) => {
                if let Some(value) = self.conditions.and_then(|it| it.get(name)) {
                    self.add_unknown(value, depth + 1, unknown);
                }
            }
            (Some(("Ref", Value::String(name))), _) => {
                let is_known = self.parameters.contains_key(name)
                    || self.env.pseudo(name).is_some()
                    || name == "AWS::StackName" && self.stack_name.is_some();
                if !is_known && !unknown.contains(name) {
                    unknown.push(name.clone());
                }
            }
            (_, Value::Object(entries)) => {
                for value in entries.values() {
                    self.add_unknown(value, depth + 1, unknown);
                }
            }
            (_, Value::Array(items)) => {
                for value in items {
                    self.add_unknown(value, depth + 1, unknown);
                }
            }
            (_, Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {}
        }
    }

    fn holds(&self, value: &Value, depth: usize) -> Option<bool> {
        if depth > DEPTH {
            return None;
        }
        let each = |items: &Value| -> Option<Vec<bool>> {
            items.as_array()?.iter().map(|it| self.holds(it, depth + 1)).collect()
        };
        match only(value)? {
            ("Condition", name) => self.condition(name.as_str()?, depth),
            ("Fn::Equals", Value::Array(sides)) => {
                let [one, other] = sides.as_slice() else { return None };
                let side = |value| {
                    let value = self.at(value, depth);
                    let value = match only(&value) {
                        Some(("Ref", name)) => self.env.pseudo(name.as_str()?)?.into(),
                        _ => value,
                    };
                    match value {
                        Value::String(text) => Some(text),
                        Value::Number(number) => Some(number.to_string()),
                        Value::Bool(flag) => Some(flag.to_string()),
                        Value::Null | Value::Array(_) | Value::Object(_) => None,
                    }
                };
                Some(side(one)? == side(other)?)
            }
            ("Fn::Not", items) => each(items)?.first().map(|it| !it),
            ("Fn::And", items) => Some(each(items)?.iter().all(|it| *it)),
            ("Fn::Or", items) => Some(each(items)?.iter().any(|it| *it)),
            _ => None,
        }
    }

    /// `Fn::Sub`: `${Name}`, `${Name.Attribute}`, and `${!Literal}`, which is the text `${Literal}`.
    fn sub(&self, template: &str, values: Option<&Map<String, Value>>, depth: usize) -> Value {
        let mut parts = Vec::new();
        let mut rest = template;
        while let Some((before, from)) = rest.split_once("${") {
            let Some((name, after)) = from.split_once('}') else { break };
            parts.push(before.into());
            parts.push(if let Some(literal) = name.strip_prefix('!') {
                format!("${{{literal}}}").into()
            } else if let Some(value) = values.and_then(|it| it.get(name)) {
                value.clone()
            } else if let Some((id, attribute)) = name.split_once('.') {
                json!({ "Fn::GetAtt": [id, attribute] })
            } else {
                self.at(&json!({ "Ref": name }), depth)
            });
            rest = after;
        }
        parts.push(rest.into());
        concat(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(value: &Value) -> Value {
        let parameters = IndexMap::from([("Stage".to_owned(), json!("prod"))]);
        let mappings = json!({ "Names": { "prod": { "name": "shop" } } });
        let conditions = json!({
            "IsProd": { "Fn::Equals": [{ "Ref": "Stage" }, "prod"] },
            "IsNot": { "Fn::Not": [{ "Condition": "IsProd" }] },
        });
        let (mappings, conditions) = (Some(&mappings), Some(&conditions));
        let (env, stack_name) = (&Env::default(), Some("Shop"));
        let parameters = &parameters;
        Scope { parameters, mappings, conditions, env, stack_name }.resolve(value)
    }

    #[test]
    fn resolves_what_is_known() {
        let cases = [
            (json!({ "Ref": "Stage" }), json!("prod")),
            (json!({ "Fn::Sub": "${AWS::StackName}-uri" }), json!("Shop-uri")),
            (json!({ "Fn::Sub": "${Stage}/a-${!Stage}" }), json!("prod/a-${Stage}")),
            (
                json!({ "Fn::Sub": ["${X}/${App.Arn}", { "X": "x" }] }),
                json!({ "Fn::Join": ["", ["x/", { "Fn::GetAtt": ["App", "Arn"] }]] }),
            ),
            (json!({ "Fn::GetAtt": "App.Arn" }), json!({ "Fn::GetAtt": ["App", "Arn"] })),
            (json!({ "Fn::FindInMap": ["Names", { "Ref": "Stage" }, "name"] }), json!("shop")),
            (json!({ "Fn::If": ["IsNot", 1, 2] }), json!(2)),
            (json!({ "Fn::Select": [1, { "Fn::Split": [":", "a:b"] }] }), json!("b")),
            (json!({ "Fn::ToJsonString": { "rules": [] } }), json!({ "rules": [] })),
            (json!([{ "Ref": "AWS::NoValue" }, { "Ref": "Other" }]), json!([{ "Ref": "Other" }])),
        ];
        for (value, expected) in cases {
            assert_eq!(resolve(&value), expected, "{value}");
        }
    }
}
