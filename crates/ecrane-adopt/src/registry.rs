//! Settings of the registry.

use ecrane_core::ConstructPath;
use serde_json::{Map, Value, json};

use crate::draft::{Draft, Kept, Named};
use crate::reader::Reader;
use crate::repository::{encryption, lifecycle_rules, mutability, policy};
use crate::terraform::ACCOUNT_SETTING;
use crate::value::settled;

/// Adds a setting that a registry has once. Returns whether the resource is one.
pub(crate) fn single(draft: &mut Draft<'_>, mut reader: Reader<'_>) -> bool {
    let (stack, logical) = (reader.stack, reader.logical);
    let (key, default) = match reader.resource.kind.as_str() {
        "AWS::ECR::RegistryPolicy" => {
            policy(draft, &mut reader, "PolicyText", "statements");
            ("policy", "RegistryPolicy")
        }
        "AWS::ECR::ReplicationConfiguration" => {
            let value = reader.take("ReplicationConfiguration").unwrap_or_default();
            let rules = value.get("Rules").cloned().unwrap_or_else(|| json!([]));
            rules_of(draft, &mut reader, &rules);
            ("replication", "ReplicationConfiguration")
        }
        "AWS::ECR::RegistryScanningConfiguration" => {
            reader.text(draft, "ScanType", "scanType");
            if let Some(rules) = reader.take("Rules") {
                rules_of(draft, &mut reader, &rules);
            }
            ("scanning", "RegistryScanningConfiguration")
        }
        "AWS::ECR::SigningConfiguration" => {
            let rules = reader.take("Rules").unwrap_or_else(|| json!([]));
            rules_of(draft, &mut reader, &rules);
            ("signing", "SigningConfiguration")
        }
        ACCOUNT_SETTING => {
            account_setting(draft, reader);
            return true;
        }
        _ => return false,
    };
    if let Ok(path) = ConstructPath::of_id(default) {
        reader.keep_address(draft, &path);
    }
    let element = reader.finish(draft);
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
    // What is missing is listed.
    let required = match key {
        "policy" => element.is_array() || element.get("statements").is_some(),
        "replication" | "signing" => element.get("rules").is_some(),
        _ => true,
    };
    if !required {
        return true;
    }
    if draft.out(stack).registry.contains_key(key) {
        draft.refuse(logical, "the registry has this setting already");
        return true;
    }
    draft.out(stack).registry.insert(key.to_owned(), element);
    true
}

/// An account setting, which Terraform has one resource each for.
fn account_setting(draft: &mut Draft<'_>, mut reader: Reader<'_>) {
    let (stack, address) = (reader.stack, reader.logical);
    let name = reader.take("Name").unwrap_or_default();
    let value = reader.take("Value").unwrap_or_default();
    let (key, part) = match name.as_str() {
        Some("BASIC_SCAN_TYPE_VERSION") => ("basicScanTypeVersion", "BasicScanTypeVersion"),
        Some("REGISTRY_POLICY_SCOPE") => ("registryPolicyScope", "RegistryPolicyScope"),
        Some("BLOB_MOUNTING") => ("blobMounting", "BlobMounting"),
        _ => {
            draft.refuse(address, format!("a config has no account setting {name}"));
            return;
        }
    };
    let settings = draft.out(stack).registry.entry("accountSettings").or_insert_with(|| json!({}));
    let Value::Object(settings) = settings else { return };
    settings.insert(key.to_owned(), value);
    let path = format!("AccountSettings/{part}");
    let derived = ConstructPath::try_from(path.as_str()).ok();
    if let Some(pin) = derived.and_then(|path| draft.origin(stack).pin(address, &path)) {
        let out = draft.out(stack);
        let settings = out.registry.get_mut("accountSettings").and_then(Value::as_object_mut);
        let names = settings.map(|it| it.entry("terraformNames").or_insert_with(|| json!({})));
        if let Some(Value::Object(names)) = names {
            names.insert(key.to_owned(), pin.1.into());
        }
    }
    let address = address.to_owned();
    draft.kept.push(Kept { stack, address, path, of: None, is_retained: false });
    reader.finish(draft);
}

/// Sets `rules`, with their keys in camel case, as a config has them.
fn rules_of(draft: &mut Draft<'_>, reader: &mut Reader<'_>, rules: &Value) {
    let rules = settled(rules, &draft.env(reader.stack));
    if let Some(rules) = camel(draft, reader, &rules) {
        reader.set("rules", rules);
    }
}

/// With keys in camel case, unless a value is unknown.
fn camel(draft: &mut Draft<'_>, reader: &Reader<'_>, value: &Value) -> Option<Value> {
    Some(match value {
        Value::Object(entries) => {
            if entries.keys().any(|it| it == "Ref" || it.starts_with("Fn::")) {
                draft.refuse_value(reader.logical, value);
                return None;
            }
            let mut found = Map::new();
            for (key, it) in entries {
                let mut letters = key.chars();
                let first = letters.next().map(|it| it.to_ascii_lowercase());
                let key: String = first.into_iter().chain(letters).collect();
                found.insert(key, camel(draft, reader, it)?);
            }
            found.into()
        }
        Value::Array(items) => {
            let items = items.iter().map(|it| camel(draft, reader, it));
            items.collect::<Option<Vec<_>>>()?.into()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    })
}

pub(crate) fn cache_rule(draft: &mut Draft<'_>, mut reader: Reader<'_>, named: &Named) {
    for (name, key) in [
        ("EcrRepositoryPrefix", "ecrRepositoryPrefix"),
        ("UpstreamRegistry", "upstreamRegistry"),
        ("UpstreamRegistryUrl", "upstreamRegistryUrl"),
        ("CredentialArn", "credentialArn"),
        ("CustomRoleArn", "customRoleArn"),
        ("UpstreamRepositoryPrefix", "upstreamRepositoryPrefix"),
    ] {
        reader.text(draft, name, key);
    }
    add(draft, reader, "pullThroughCacheRules", named);
}

pub(crate) fn creation_template(draft: &mut Draft<'_>, mut reader: Reader<'_>, named: &Named) {
    reader.text(draft, "Prefix", "prefix");
    if let Some(reasons) = reader.take("AppliedFor") {
        reader.set("appliedFor", reasons);
    }
    reader.text(draft, "Description", "description");
    mutability(draft, &mut reader);
    encryption(draft, &mut reader);
    if let Some(policy) = reader.take("LifecyclePolicy")
        && let Err(reason) = lifecycle_rules(draft, &mut reader, &policy)
    {
        reader.inexpressible(draft, "LifecyclePolicy", &policy, reason);
    }
    policy(draft, &mut reader, "RepositoryPolicy", "resourcePolicy");
    reader.set_tags(draft, "ResourceTags", "resourceTags");
    reader.text(draft, "CustomRoleArn", "customRoleArn");
    add(draft, reader, "creationTemplates", named);
}

pub(crate) fn exclusion(draft: &mut Draft<'_>, mut reader: Reader<'_>, named: &Named) {
    reader.text(draft, "PrincipalArn", "principalArn");
    add(draft, reader, "pullTimeUpdateExclusions", named);
}

/// Adds a setting to those of its kind.
fn add(draft: &mut Draft<'_>, reader: Reader<'_>, key: &str, named: &Named) {
    let stack = reader.stack;
    let element = reader.construct(draft, named);
    let of_kind = draft.out(stack).registry.entry(key).or_insert_with(|| json!({}));
    if let Value::Object(of_kind) = of_kind {
        of_kind.insert(named.id.clone(), element.into());
    }
}
