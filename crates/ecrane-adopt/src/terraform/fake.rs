//! The state that a module would have, with made-up values for what is known after the apply only.
//!
//! The config is compared with it, so that a reference and the value behind it are the same.

use std::collections::BTreeMap;

use ecrane_diff::{Document, Stack};
use serde_json::{Map, Value, json};

use super::assemble::Instance;
use super::links::name_of;
use crate::value::{Env, account_arn, only, reference};

/// Arguments that are JSON text.
const DOCUMENTS: [&str; 6] = [
    "assume_role_policy",
    "event_pattern",
    "input",
    "lifecycle_policy",
    "policy",
    "repository_policy",
];

/// The state.
pub(super) fn state(instances: &[Instance], env: &Env) -> Option<Stack> {
    let of = |name: &str, other: &str| env.pseudo(name).unwrap_or_else(|| other.to_owned());
    let account = of("AWS::AccountId", "000000000000");
    let region = of("AWS::Region", "xx-none-1");
    let (partition, suffix) = (of("AWS::Partition", "aws"), of("AWS::URLSuffix", "amazonaws.com"));
    let known = Env { account: Some(account.clone()), region: Some(region.clone()) };
    let mut values = Known { env: known, attributes: BTreeMap::new() };
    for instance in instances {
        let name = name_of(&instance.kind).and_then(|it| instance.values.get(it)?.as_str());
        let name = name.unwrap_or(&instance.address).to_owned();
        let kind = instance.kind.trim_start_matches("aws_");
        let service = kind.split('_').next().unwrap_or_default();
        let arn = match service {
            "iam" => {
                format!("arn:{partition}:iam::{account}:{}/{name}", kind.trim_start_matches("iam_"))
            }
            "ecr" => format!("arn:{partition}:ecr:{region}:{account}:repository/{name}"),
            _ => format!("arn:{partition}:{service}:{region}:{account}:{name}"),
        };
        let url = format!("{account}.dkr.ecr.{region}.{suffix}/{name}");
        values.attributes.insert(instance.address.clone(), [name, arn, url]);
    }
    let current = |kind: &str, attributes: Value| {
        json!({ "address": format!("data.{kind}.current"), "mode": "data", "type": kind,
            "name": "current", "values": attributes })
    };
    let mut resources = vec![
        current("aws_caller_identity", json!({ "account_id": account })),
        current("aws_region", json!({ "name": region, "region": region })),
        current("aws_partition", json!({ "partition": partition, "dns_suffix": suffix })),
    ];
    for Instance { address, kind, values: arguments, .. } in instances {
        let mut attributes: Map<String, Value> = arguments
            .iter()
            .map(|(name, value)| {
                let value = values.settled(value);
                let is_document = DOCUMENTS.contains(&name.as_str());
                (name.clone(), if is_document { document(value, &partition) } else { value })
            })
            .collect();
        if let Some([name, arn, url]) = values.attributes.get(address) {
            for (key, value) in [
                ("id", name),
                ("arn", arn),
                ("repository_url", url),
                ("key_id", name),
                ("name", name),
            ] {
                attributes.entry(key).or_insert_with(|| value.as_str().into());
            }
        }
        resources.push(json!({ "address": address, "mode": "managed", "type": kind, "name": "",
            "values": attributes }));
    }
    let document =
        json!({ "format_version": "1.0", "values": { "root_module": { "resources": resources } } });
    match Document::from_json(document) {
        Ok(Document::Stack(stack)) => Some(stack),
        Ok(Document::Files(_)) | Err(_) => None,
    }
}

/// A document as text, with accounts by the ARN that AWS makes of their ID.
fn document(value: Value, partition: &str) -> Value {
    let parsed = value.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    let mut document = parsed.unwrap_or_else(|| value.clone());
    let statements = document.get_mut("Statement").and_then(Value::as_array_mut);
    let mut has_accounts = false;
    for statement in statements.into_iter().flatten() {
        let principals = match statement.pointer_mut("/Principal/AWS") {
            Some(Value::Array(all)) => all.as_mut_slice(),
            Some(one) => std::slice::from_mut(one),
            None => &mut [],
        };
        for principal in principals {
            if let Some(arn) = principal.as_str().and_then(|it| account_arn(it, partition)) {
                *principal = arn.into();
                has_accounts = true;
            }
        }
    }
    if has_accounts || value.is_object() { document.to_string().into() } else { value }
}

/// The made-up values.
struct Known {
    env: Env,
    /// The name, ARN and URI of each resource.
    attributes: BTreeMap<String, [String; 3]>,
}

impl Known {
    fn settled(&self, value: &Value) -> Value {
        if let Some(text) = self.text(value) {
            return text.into();
        }
        match value {
            Value::Object(entries) => {
                let entries = entries.iter().map(|(key, it)| (key.clone(), self.settled(it)));
                Value::Object(entries.collect())
            }
            Value::Array(items) => items.iter().map(|it| self.settled(it)).collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
        }
    }

    /// The text that a reference or a text with references stands for.
    fn text(&self, value: &Value) -> Option<String> {
        if let Some((address, attribute)) = reference(value) {
            let [name, arn, url] = self.attributes.get(address)?;
            return Some(
                match attribute {
                    "Arn" => arn,
                    "RepositoryUri" => url,
                    _ => name,
                }
                .clone(),
            );
        }
        let part = |value: &Value| value.as_str().map(str::to_owned).or_else(|| self.text(value));
        match only(value)? {
            ("Ref", name) => self.env.pseudo(name.as_str()?),
            ("Fn::Join", Value::Array(join)) => {
                let [_, Value::Array(parts)] = join.as_slice() else { return None };
                parts.iter().map(part).collect()
            }
            ("Fn::Select", Value::Array(select)) => {
                let [index, split] = select.as_slice() else { return None };
                let ("Fn::Split", Value::Array(split)) = only(split)? else { return None };
                let [Value::String(between), text] = split.as_slice() else { return None };
                let index = usize::try_from(index.as_u64()?).ok()?;
                part(text)?.split(between.as_str()).nth(index).map(str::to_owned)
            }
            ("Fn::Terraform", text) => Some(format!("${{{text}}}")),
            ("Fn::ImportValue", name) => Some(format!("${{{name}}}")),
            _ => None,
        }
    }
}
