//! The places at which what an adopted config renders to differs from its source.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::ecrane::Problem;

/// A place at which two documents differ.
#[derive(Debug)]
pub(super) struct Difference {
    pub(super) at: String,
    pub(super) text: String,
}

impl Difference {
    /// Whether it is in a resource or output.
    pub(super) fn concerns(&self, address: &[String]) -> bool {
        let parts: Vec<&str> = self.at.split('\n').collect();
        parts.windows(address.len()).any(|it| it == address)
    }
}

/// The resources and outputs that problems are about: their keys in a document, one in the other.
pub(super) fn addresses(problems: &[Problem]) -> BTreeSet<Vec<String>> {
    let mut found = BTreeSet::new();
    for problem in problems {
        let Some(address) = problem.message.split('`').nth(1) else { continue };
        let mut parts = address.split('.').map(str::to_owned);
        let (first, second) = (parts.next().unwrap_or_default(), parts.next());
        match (first.as_str(), second) {
            // Both forms of sources have outputs.
            ("Outputs" | "output", Some(name)) => {
                found.insert(vec!["Outputs".to_owned(), name.clone()]);
                found.insert(vec!["output".to_owned(), name]);
            }
            // `aws_ecr_repository.app.name`
            (kind, Some(name)) if kind.starts_with("aws") => drop(found.insert(vec![first, name])),
            // `AppF1B96344.ImageTagMutability`
            _ => drop(found.insert(vec!["Resources".to_owned(), first])),
        }
    }
    found
}

/// Finds the places at which two documents differ. Policies are compared as documents.
pub(super) fn compare(at: &str, found: &Value, expected: &Value, into: &mut Vec<Difference>) {
    match (found, expected) {
        (Value::Object(left), Value::Object(right)) => {
            let keys: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
            for key in keys {
                let side = |it: &Map<String, Value>| it.get(key).cloned().unwrap_or_default();
                compare(&format!("{at}\n{key}"), &side(left), &side(right), into);
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (index, (left, right)) in left.iter().zip(right).enumerate() {
                compare(&format!("{at}\n{index}"), left, right, into);
            }
        }
        (Value::Object(_), Value::Null) => compare(at, found, &Value::Object(Map::new()), into),
        (Value::Null, Value::Object(_)) => compare(at, &Value::Object(Map::new()), expected, into),
        (left, right) if left == right => {}
        (left, right) => {
            if let Some((left, right)) = document(left).zip(document(right)) {
                compare(at, &left, &right, into);
            } else {
                let text = format!("{left}, expected {right}");
                into.push(Difference { at: at.to_owned(), text });
            }
        }
    }
}

/// A document with the sets of its policies in one order, and with accounts by their ARN: AWS makes an ARN
/// of an ID.
pub(super) fn in_order(value: &Value, partition: Option<&str>) -> Value {
    let in_order = |it: &Value| in_order(it, partition);
    match value {
        Value::Object(entries) => {
            let entry = |(key, value): (&String, &Value)| {
                let is_aws = key == "AWS";
                let mut value =
                    if is_aws { account_arn(value, partition) } else { in_order(value) };
                if let ("Statement" | "Action" | "Resource", Value::Array(items)) =
                    (key.as_str(), &mut value)
                {
                    items.sort_by_key(ToString::to_string);
                }
                (key.clone(), value)
            };
            Value::Object(entries.iter().map(entry).collect())
        }
        Value::Array(items) => items.iter().map(in_order).collect(),
        Value::String(_) => document(value).map_or_else(|| value.clone(), |it| in_order(&it)),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// An account in the place of a principal, as the ARN that AWS makes of its ID.
fn account_arn(principal: &Value, partition: Option<&str>) -> Value {
    match principal {
        Value::String(id) if id.len() == 12 && id.bytes().all(|it| it.is_ascii_digit()) => {
            let rest = format!(":iam::{id}:root");
            match partition {
                Some(partition) => format!("arn:{partition}{rest}").into(),
                None => json!({ "Fn::Join": ["", ["arn:", { "Ref": "AWS::Partition" }, rest]] }),
            }
        }
        Value::Array(all) => all.iter().map(|it| account_arn(it, partition)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            in_order(principal, partition)
        }
    }
}

/// The partition of its own, as a module refers to it.
const REFERENCE: &str = "${data.aws_partition.current.partition}";

/// The partitions of the stacks of a config. Besides that of AWS, a module or template can refer to its own.
pub(super) fn partitions(config: &Value) -> BTreeSet<Option<&'static str>> {
    let stacks = config.get("stacks").and_then(Value::as_object).into_iter().flatten();
    let regions = stacks.filter_map(|(_, it)| it.pointer("/env/region")?.as_str());
    let known = [("cn-", "aws-cn"), ("us-gov-", "aws-us-gov")].into_iter();
    let of = regions.filter_map(|region| known.clone().find(|it| region.starts_with(it.0)));
    of.map(|(_, partition)| Some(partition)).chain([Some("aws"), Some(REFERENCE), None]).collect()
}

/// The document in a text.
fn document(text: &Value) -> Option<Value> {
    serde_json::from_str(text.as_str()?).ok().filter(Value::is_object)
}
