//! The fields of the outputs, and the properties that they are.

use serde_json::{Map, Value, json};

use crate::error::{NotAdopted, SourceAddress};
use crate::stack::{Resource, Stack};
use crate::word::camel;

pub(super) fn public(name: &str) -> String {
    format!("ecr-public {name}")
}

/// The objects of a list.
pub(super) fn list<'d>(
    document: &'d Map<String, Value>,
    key: &str,
) -> Result<Vec<&'d Map<String, Value>>, String> {
    let items = document.get(key).and_then(Value::as_array);
    let items = items.map(|items| items.iter().filter_map(Value::as_object).collect());
    items.ok_or_else(|| format!("`{key}` is not a list"))
}

pub(super) fn required<'d>(document: &'d Map<String, Value>, key: &str) -> Result<&'d str, String> {
    document.get(key).and_then(Value::as_str).ok_or_else(|| format!("`{key}` is missing"))
}

pub(super) fn of<const N: usize>(kind: &str, properties: [(&str, Value); N]) -> Resource {
    let properties = properties.into_iter().map(|(name, value)| (name.to_owned(), value));
    Resource { kind: kind.to_owned(), properties: properties.collect(), ..Resource::default() }
}

pub(super) fn insert(stack: &mut Stack, address: &str, resource: Resource) -> Result<(), String> {
    let before = stack.resources.insert(address.to_owned(), resource);
    if before.is_some() { Err(format!("`{address}` is there twice")) } else { Ok(()) }
}

/// The fields that are properties under their own names.
pub(super) type Fields = [(&'static str, &'static str)];

pub(super) const CACHE_RULE: &Fields = &[
    ("ecrRepositoryPrefix", "EcrRepositoryPrefix"),
    ("upstreamRegistryUrl", "UpstreamRegistryUrl"),
    ("upstreamRepositoryPrefix", "UpstreamRepositoryPrefix"),
    ("credentialArn", "CredentialArn"),
    ("customRoleArn", "CustomRoleArn"),
];

pub(super) const TEMPLATE: &Fields = &[
    ("prefix", "Prefix"),
    ("description", "Description"),
    ("appliedFor", "AppliedFor"),
    ("lifecyclePolicy", "LifecyclePolicy"),
    ("repositoryPolicy", "RepositoryPolicy"),
    ("resourceTags", "ResourceTags"),
    ("customRoleArn", "CustomRoleArn"),
];

pub(super) const CATALOG: &Fields = &[
    ("description", "RepositoryDescription"),
    ("architectures", "Architectures"),
    ("operatingSystems", "OperatingSystems"),
    ("aboutText", "AboutText"),
    ("usageText", "UsageText"),
];

/// What [`settings`] reads.
pub(super) const SETTINGS: &Fields = &[
    ("imageTagMutability", ""),
    ("imageTagMutabilityExclusionFilters", ""),
    ("imageScanningConfiguration", ""),
    ("encryptionConfiguration", ""),
    ("repositoryName", ""),
];

/// What AWS derives: names, times, and the registry that ECR takes from the URL of an upstream.
pub(super) const IGNORED: &Fields = &[
    ("repositoryArn", ""),
    ("registryId", ""),
    ("repositoryUri", ""),
    ("createdAt", ""),
    ("updatedAt", ""),
    ("upstreamRegistry", ""),
    ("marketplaceCertified", ""),
];

pub(super) fn pick(object: &Map<String, Value>, fields: &Fields) -> Map<String, Value> {
    let known = fields.iter().filter_map(|(field, property)| {
        let value = object.get(*field).filter(|it| !is_empty(it))?;
        Some(((*property).to_owned(), value.clone()))
    });
    known.collect()
}

/// The settings of a repository, without those that every repository has by default.
pub(super) fn settings(repository: &Map<String, Value>) -> Map<String, Value> {
    let mut properties = Map::new();
    let mut set = |property: &str, value: Value| properties.insert(property.to_owned(), value);
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    if let Some(mutability) = repository.get("imageTagMutability").filter(|it| *it != "MUTABLE") {
        set("ImageTagMutability", mutability.clone());
    }
    let filters = repository.get("imageTagMutabilityExclusionFilters").and_then(Value::as_array);
    if let Some(filters) = filters.filter(|it| !it.is_empty()) {
        let filter = |it: &Value| {
            json!({
                "ImageTagMutabilityExclusionFilterType": text(it, "filterType"),
                "ImageTagMutabilityExclusionFilterValue": text(it, "filter"),
            })
        };
        set("ImageTagMutabilityExclusionFilters", filters.iter().map(filter).collect());
    }
    let scans = repository.get("imageScanningConfiguration").and_then(|it| it.get("scanOnPush"));
    if scans == Some(&Value::Bool(true)) {
        set("ImageScanningConfiguration", json!({ "ScanOnPush": true }));
    }
    if let Some(encryption) = repository.get("encryptionConfiguration")
        && let Some(kind) = text(encryption, "encryptionType").filter(|it| it != "AES256")
    {
        let mut configuration = json!({ "EncryptionType": kind });
        if let Some(key) = text(encryption, "kmsKey")
            && let Some(configuration) = configuration.as_object_mut()
        {
            configuration.insert("KmsKey".to_owned(), key.into());
        }
        set("EncryptionConfiguration", configuration);
    }
    properties
}

/// Refuses the fields that are not known.
pub(super) fn refuse_left_over(
    stack: &mut Stack,
    address: &str,
    object: &Map<String, Value>,
    known: &[&[(&str, &str)]],
) {
    for (key, value) in object {
        let is_known = known.iter().any(|fields| fields.iter().any(|(field, _)| field == key));
        if !is_known && !is_empty(value) {
            let address = SourceAddress::from(address).property(key);
            let reason = "the config has no key for this".to_owned();
            stack.refused.push(NotAdopted::Inexpressible { address, reason });
        }
    }
}

pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Fields under the names of CloudFormation's properties, without empty ones.
pub(super) fn pascal(value: &Value) -> Value {
    match value {
        Value::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| (camel(key), pascal(value)));
            Value::Object(entries.filter(|(_, value)| !is_empty(value)).collect())
        }
        Value::Array(items) => items.iter().map(pascal).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// Tags, whose keys are in lower case in ECR Public's and in upper case in ECR's output.
pub(super) fn pascal_tags(tags: &Value) -> Value {
    let tags = tags.as_array().into_iter().flatten();
    tags.map(|tag| {
        let part = |upper: &str, lower: &str| tag.get(upper).or_else(|| tag.get(lower)).cloned();
        json!({ "Key": part("Key", "key"), "Value": part("Value", "value") })
    })
    .collect()
}
