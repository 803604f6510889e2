//! Repositories, public repositories and KMS keys.

use serde_json::{Map, Value, json};

use crate::draft::{Draft, Kind, Named, Reader, Repository};
use crate::lifecycle;
use crate::policy::statements;
use crate::template::Resource;
use crate::value::text;

/// `DeletionPolicy`: what happens to a resource that leaves the template. CloudFormation deletes it by
/// default.
pub(crate) fn removal(
    draft: &mut Draft<'_>,
    logical: &str,
    resource: &Resource,
    element: &mut Map<String, Value>,
) {
    match resource.attributes.get("DeletionPolicy").and_then(Value::as_str) {
        Some("Retain") => {}
        None | Some("Delete") => {
            element.insert("removalPolicy".to_owned(), "destroy".into());
        }
        Some(other) => draft.refuse(
            format!("{logical}.DeletionPolicy"),
            format!("`{other}` is neither Retain nor Delete"),
        ),
    }
}

pub(crate) fn pin(named: &Named, logical: &str, element: &mut Map<String, Value>) {
    if named.is_pinned {
        element.insert("logicalId".to_owned(), logical.into());
    }
}

pub(crate) fn repository(
    draft: &mut Draft<'_>,
    stack: usize,
    logical: &str,
    resource: &Resource,
    named: &Named,
) {
    let mut reader = Reader::new(stack, logical, resource);
    let mut element = Map::new();
    reader.text(draft, "RepositoryName", &mut element, "repositoryName");
    if let Some(Value::Object(mut scanning)) = reader.take("ImageScanningConfiguration") {
        let key = scanning.keys().find(|it| it.eq_ignore_ascii_case("ScanOnPush")).cloned();
        let on_push = key.and_then(|key| scanning.shift_remove(&key));
        match on_push.as_ref().map(crate::draft::flag) {
            Some(Some(on_push)) => {
                element.insert("imageScanOnPush".to_owned(), on_push.into());
            }
            Some(None) => {
                let address = reader.address("ImageScanningConfiguration");
                draft.refuse_value(address, &on_push.unwrap_or_default());
            }
            None => {}
        }
    }
    mutability(draft, &mut reader, &mut element);
    encryption(draft, &mut reader, &mut element);
    removal(draft, logical, resource, &mut element);
    reader.flag(draft, "EmptyOnDelete", &mut element, "emptyOnDelete");
    let lifecycle = reader.take("LifecyclePolicy");
    if let Some(id) = lifecycle.as_ref().and_then(|it| it.get("RegistryId")) {
        match text(id, &draft.env(stack)) {
            Some(id) => {
                element.insert("lifecycleRegistryId".to_owned(), id.into());
            }
            None => draft.refuse_value(reader.address("LifecyclePolicy.RegistryId"), id),
        }
    }
    let tags = reader.tags(draft, "Tags");
    if !tags.is_empty() {
        element.insert("tags".to_owned(), json!(tags));
    }
    if let Some(policy) = lifecycle.as_ref().and_then(|it| it.get("LifecyclePolicyText")) {
        lifecycle_rules(draft, &reader.address("LifecyclePolicy"), policy, &mut element, stack);
    }
    let mut repository = Repository::default();
    if let Some(policy) = reader.take("RepositoryPolicyText") {
        match draft.with_context(stack, |context| statements(&policy, context)) {
            Ok((version, statements)) => {
                repository.version = version;
                repository.statements = statements;
            }
            Err(reason) => draft.refuse(reader.address("RepositoryPolicyText"), reason),
        }
    }
    pin(named, logical, &mut element);
    reader.rest(draft, &mut element);
    repository.element = element;
    draft.out(stack).repositories.insert(named.id.clone(), repository);
}

pub(crate) fn lifecycle_rules(
    draft: &mut Draft<'_>,
    address: &str,
    policy: &Value,
    element: &mut Map<String, Value>,
    stack: usize,
) {
    // An object, or text; text that Fn::Sub made of known values is text, too.
    let known = text(policy, &draft.env(stack)).map(Value::from);
    match lifecycle::rules(known.as_ref().unwrap_or(policy)) {
        Ok(rules) if rules.is_empty() => {}
        Ok(rules) => {
            element.insert("lifecycleRules".to_owned(), rules.into());
        }
        Err(reason) => draft.refuse(address, reason),
    }
}

pub(crate) fn mutability(
    draft: &mut Draft<'_>,
    reader: &mut Reader<'_>,
    element: &mut Map<String, Value>,
) {
    reader.text(draft, "ImageTagMutability", element, "imageTagMutability");
    if let Some(filters) = reader.take("ImageTagMutabilityExclusionFilters") {
        let value = |filter: &Value| {
            let value = filter.get("ImageTagMutabilityExclusionFilterValue")?;
            value.as_str().map(str::to_owned)
        };
        let filters: Option<Vec<String>> =
            filters.as_array().into_iter().flatten().map(value).collect();
        match filters {
            Some(filters) => {
                element.insert("imageTagMutabilityExclusionFilters".to_owned(), filters.into());
            }
            None => draft.refuse(
                reader.address("ImageTagMutabilityExclusionFilters"),
                "a filter has no value that is known",
            ),
        }
    }
}

pub(crate) fn encryption(
    draft: &mut Draft<'_>,
    reader: &mut Reader<'_>,
    element: &mut Map<String, Value>,
) {
    let Some(value) = reader.take("EncryptionConfiguration") else { return };
    let address = reader.address("EncryptionConfiguration");
    let stack = reader.stack;
    let kind = value.get("EncryptionType").and_then(Value::as_str);
    let key = value.get("KmsKey");
    match (kind, key) {
        // The type of a repository with a key.
        (Some("KMS"), Some(_)) | (None, _) => {}
        (Some(kind), _) => {
            element.insert("encryption".to_owned(), kind.into());
        }
    }
    let Some(key) = key else { return };
    if let Some((owner, logical, attribute)) = draft.target(stack, key)
        && let Some(named) = draft.named(owner, &logical).filter(|it| it.kind == Kind::Key)
    {
        let id = named.id.clone();
        let id = if owner == stack {
            id
        } else {
            draft.refuse(address, "the key is in another stack");
            return;
        };
        element.insert("encryptionKey".to_owned(), id.into());
        if attribute.is_empty() {
            // The key of a repository cannot change: its ID instead of its ARN would replace it.
            element.insert(
                "cloudformation".to_owned(),
                json!({ "properties": { "EncryptionConfiguration": { "KmsKey": key } } }),
            );
        }
        return;
    }
    match text(key, &draft.env(stack)) {
        Some(arn) if arn.starts_with("arn:") => {
            element.insert("encryptionKey".to_owned(), json!({ "keyArn": arn }));
        }
        // An alias, or the ID of a key.
        Some(other) => {
            element.insert("encryption".to_owned(), kind.unwrap_or("KMS").into());
            draft.refuse(
                format!("{address}.KmsKey"),
                format!("`{other}` is no ARN; it is kept in the template only, as an override"),
            );
            element.insert(
                "cloudformation".to_owned(),
                json!({ "properties": { "EncryptionConfiguration": { "KmsKey": other } } }),
            );
        }
        None => draft.refuse_value(format!("{address}.KmsKey"), key),
    }
}

pub(crate) fn key(
    draft: &mut Draft<'_>,
    stack: usize,
    logical: &str,
    resource: &Resource,
    named: &Named,
) {
    let mut reader = Reader::new(stack, logical, resource);
    let mut element = Map::new();
    reader.text(draft, "Description", &mut element, "description");
    reader.flag(draft, "EnableKeyRotation", &mut element, "enableKeyRotation");
    // A policy that is not the default one is found by comparing what the config renders to.
    reader.take("KeyPolicy");
    removal(draft, logical, resource, &mut element);
    pin(named, logical, &mut element);
    reader.rest(draft, &mut element);
    draft.out(stack).keys.insert(named.id.clone(), element.into());
}

pub(crate) fn alias(draft: &mut Draft<'_>, stack: usize, logical: &str, resource: &Resource) {
    let mut reader = Reader::new(stack, logical, resource);
    let mut element = Map::new();
    let target = reader.take("TargetKeyId").unwrap_or_default();
    reader.text(draft, "AliasName", &mut element, "alias");
    let key = draft.id_of(stack, &target, |kind| kind == Kind::Key);
    let name = element.shift_remove("alias");
    let name = name.as_ref().and_then(Value::as_str);
    match key.zip(name) {
        Some((key, name)) => {
            let name = name.strip_prefix("alias/").unwrap_or(name);
            if let Some(Value::Object(key)) = draft.out(stack).keys.get_mut(&key) {
                // A second alias is found by comparing what the config renders to.
                key.entry("alias").or_insert_with(|| name.into());
            }
        }
        None => draft.refuse(logical, "alias of a key that is not in the template"),
    }
}

pub(crate) fn public_repository(
    draft: &mut Draft<'_>,
    stack: usize,
    logical: &str,
    resource: &Resource,
    named: &Named,
) {
    let mut reader = Reader::new(stack, logical, resource);
    let mut element = Map::new();
    reader.text(draft, "RepositoryName", &mut element, "repositoryName");
    if let Some(Value::Object(catalog)) = reader.take("RepositoryCatalogData") {
        let keys = [
            ("AboutText", "aboutText"),
            ("Architectures", "architectures"),
            ("OperatingSystems", "operatingSystems"),
            ("RepositoryDescription", "description"),
            ("UsageText", "usageText"),
        ];
        let mut data = Map::new();
        for (name, key) in keys {
            if let Some(value) = catalog.get(name) {
                data.insert(key.to_owned(), value.clone());
            }
        }
        element.insert("catalogData".to_owned(), data.into());
    }
    policy(draft, &mut reader, "RepositoryPolicyText", &mut element, "resourcePolicy");
    let tags = reader.tags(draft, "Tags");
    if !tags.is_empty() {
        element.insert("tags".to_owned(), json!(tags));
    }
    pin(named, logical, &mut element);
    reader.rest(draft, &mut element);
    draft.out(stack).public_repositories.insert(named.id.clone(), element.into());
}

/// Takes a policy into an element.
pub(crate) fn policy(
    draft: &mut Draft<'_>,
    reader: &mut Reader<'_>,
    name: &str,
    element: &mut Map<String, Value>,
    key: &str,
) {
    let Some(policy) = reader.take(name) else { return };
    let env = draft.env(reader.stack);
    let read = draft.with_context(reader.stack, |context| {
        let (version, statements) = statements(&policy, context)?;
        let elements: Vec<Value> =
            statements.iter().map(|it| it.element(&env)).collect::<Result<_, _>>()?;
        Ok((version, elements))
    });
    match read {
        Ok((_, statements)) if statements.is_empty() => {}
        Ok((version, statements)) => {
            element.insert(key.to_owned(), document(version, statements));
        }
        Err(reason) => {
            let reason: String = reason;
            draft.refuse(reader.address(name), reason);
        }
    }
}

/// The statements, or a document with them and their version.
pub(crate) fn document(version: Option<String>, statements: Vec<Value>) -> Value {
    match version {
        Some(version) => json!({ "version": version, "statements": statements }),
        None => statements.into(),
    }
}
