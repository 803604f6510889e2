//! Settings of the registry.

use serde_json::{Map, Value, json};

use crate::draft::{Draft, Named, Reader};
use crate::repository::{encryption, lifecycle_rules, mutability, pin, policy};
use crate::template::Resource;
use crate::value::settled;

/// Adds a setting of which a registry has one. `Ok` if the resource is one.
pub(crate) fn single(
    draft: &mut Draft<'_>,
    stack: usize,
    logical: &str,
    resource: &Resource,
) -> bool {
    let mut reader = Reader::new(stack, logical, resource);
    let mut element = Map::new();
    let (key, default) = match resource.kind.as_str() {
        "AWS::ECR::RegistryPolicy" => {
            policy(draft, &mut reader, "PolicyText", &mut element, "statements");
            ("policy", "RegistryPolicy")
        }
        "AWS::ECR::ReplicationConfiguration" => {
            let value = reader.take("ReplicationConfiguration").unwrap_or_default();
            let rules = value.get("Rules").cloned().unwrap_or_else(|| json!([]));
            element.insert("rules".to_owned(), keys(draft, &reader, &rules));
            ("replication", "ReplicationConfiguration")
        }
        "AWS::ECR::RegistryScanningConfiguration" => {
            reader.text(draft, "ScanType", &mut element, "scanType");
            if let Some(rules) = reader.take("Rules") {
                element.insert("rules".to_owned(), keys(draft, &reader, &rules));
            }
            ("scanning", "RegistryScanningConfiguration")
        }
        "AWS::ECR::SigningConfiguration" => {
            let rules = reader.take("Rules").unwrap_or_else(|| json!([]));
            element.insert("rules".to_owned(), keys(draft, &reader, &rules));
            ("signing", "SigningConfiguration")
        }
        _ => return false,
    };
    if logical != default {
        element.insert("logicalId".to_owned(), logical.into());
    }
    reader.rest(draft, &mut element);
    // A policy with nothing but its statements is the list of them.
    let element = match (key, element.len(), element.get("statements")) {
        ("policy", 1, Some(statements)) if statements.is_array() => statements.clone(),
        ("policy", _, Some(Value::Object(document))) => {
            let mut document = document.clone();
            document.extend(element.into_iter().filter(|(key, _)| key != "statements"));
            document.into()
        }
        _ => element.into(),
    };
    if draft.out(stack).registry.contains_key(key) {
        draft.refuse(logical, "a registry has one of these");
        return true;
    }
    draft.out(stack).registry.insert(key.to_owned(), element);
    true
}

/// A value with its keys in camel case, as a config has them.
fn keys(draft: &mut Draft<'_>, reader: &Reader<'_>, value: &Value) -> Value {
    let value = settled(value, &draft.env(reader.stack));
    camel(draft, reader, &value)
}

fn camel(draft: &mut Draft<'_>, reader: &Reader<'_>, value: &Value) -> Value {
    match value {
        Value::Object(entries) => {
            if entries.keys().any(|it| it == "Ref" || it.starts_with("Fn::")) {
                draft.refuse_value(reader.logical, value);
                return Value::Null;
            }
            let mut found = Map::new();
            for (key, it) in entries {
                let mut letters = key.chars();
                let first = letters.next().map(|it| it.to_ascii_lowercase());
                let key: String = first.into_iter().chain(letters).collect();
                found.insert(key, camel(draft, reader, it));
            }
            found.into()
        }
        Value::Array(items) => items.iter().map(|it| camel(draft, reader, it)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

pub(crate) fn cache_rule(
    draft: &mut Draft<'_>,
    stack: usize,
    logical: &str,
    resource: &Resource,
    named: &Named,
) {
    let mut reader = Reader::new(stack, logical, resource);
    let mut element = Map::new();
    for (name, key) in [
        ("EcrRepositoryPrefix", "ecrRepositoryPrefix"),
        ("UpstreamRegistry", "upstreamRegistry"),
        ("UpstreamRegistryUrl", "upstreamRegistryUrl"),
        ("CredentialArn", "credentialArn"),
        ("CustomRoleArn", "customRoleArn"),
        ("UpstreamRepositoryPrefix", "upstreamRepositoryPrefix"),
    ] {
        reader.text(draft, name, &mut element, key);
    }
    finish(draft, reader, element, "pullThroughCacheRules", named);
}

pub(crate) fn creation_template(
    draft: &mut Draft<'_>,
    stack: usize,
    logical: &str,
    resource: &Resource,
    named: &Named,
) {
    let mut reader = Reader::new(stack, logical, resource);
    let mut element = Map::new();
    reader.text(draft, "Prefix", &mut element, "prefix");
    if let Some(reasons) = reader.take("AppliedFor") {
        element.insert("appliedFor".to_owned(), reasons);
    }
    reader.text(draft, "Description", &mut element, "description");
    mutability(draft, &mut reader, &mut element);
    encryption(draft, &mut reader, &mut element);
    if let Some(policy) = reader.take("LifecyclePolicy") {
        lifecycle_rules(draft, &reader.address("LifecyclePolicy"), &policy, &mut element, stack);
    }
    policy(draft, &mut reader, "RepositoryPolicy", &mut element, "resourcePolicy");
    let tags = reader.tags(draft, "ResourceTags");
    if !tags.is_empty() {
        element.insert("resourceTags".to_owned(), json!(tags));
    }
    reader.text(draft, "CustomRoleArn", &mut element, "customRoleArn");
    finish(draft, reader, element, "creationTemplates", named);
}

pub(crate) fn exclusion(
    draft: &mut Draft<'_>,
    stack: usize,
    logical: &str,
    resource: &Resource,
    named: &Named,
) {
    let mut reader = Reader::new(stack, logical, resource);
    let mut element = Map::new();
    reader.text(draft, "PrincipalArn", &mut element, "principalArn");
    finish(draft, reader, element, "pullTimeUpdateExclusions", named);
}

fn finish(
    draft: &mut Draft<'_>,
    reader: Reader<'_>,
    mut element: Map<String, Value>,
    key: &str,
    named: &Named,
) {
    let (stack, logical) = (reader.stack, reader.logical);
    pin(named, logical, &mut element);
    reader.rest(draft, &mut element);
    let of_kind = draft.out(stack).registry.entry(key).or_insert_with(|| json!({}));
    if let Value::Object(of_kind) = of_kind {
        of_kind.insert(named.id.clone(), element.into());
    }
}
