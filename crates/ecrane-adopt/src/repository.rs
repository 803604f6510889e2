//! Repositories, public repositories and KMS keys.

use ecrane_core::ConstructPath;
use serde_json::{Map, Value, json};

use crate::draft::{Draft, Kind, Named, Repository};
use crate::lifecycle;
use crate::policy::{is_key_policy, parsed, statements};
use crate::reader::{REMOVAL_POLICIES, Reader};
use crate::stack::Origin;
use crate::value::{is_literal, list, text};

/// Retains what exists, and not what a failed deployment created. A config has no word for it.
pub(crate) const RETAIN_EXCEPT_ON_CREATE: &str = "RetainExceptOnCreate";

/// `DeletionPolicy`: what happens to a resource that leaves the template. CloudFormation deletes it by
/// default. What a retained resource gets besides is a choice.
fn removal(draft: &mut Draft<'_>, reader: &mut Reader<'_>, section: &str, id: &str) {
    let is_template = draft.origin(reader.stack) == Origin::CloudFormation;
    let mut policies = Vec::new();
    for name in REMOVAL_POLICIES {
        let value = reader.resource.attributes.get(name);
        match value.map(|it| it.as_str().unwrap_or_default()) {
            Some(RETAIN_EXCEPT_ON_CREATE) if is_template => {}
            None | Some("Retain" | "Delete") => {}
            Some(_) => {
                let value = value.unwrap_or(&Value::Null);
                let reason = format!("{value} is neither Retain nor Delete");
                draft.refuse(reader.address(name), reason);
            }
        }
        policies.push((name, value.and_then(Value::as_str).unwrap_or("Delete")));
    }
    if policies.iter().all(|(_, it)| *it == "Delete") {
        reader.set("removalPolicy", "destroy");
        return;
    }
    // A Delete that is written out is a difference.
    let others = policies.iter().filter(|_| is_template);
    let others = others.filter_map(|(name, it)| match reader.resource.attributes.get(*name) {
        Some(_) if *it == RETAIN_EXCEPT_ON_CREATE => Some(format!("the {name} {it}")),
        Some(_) => None,
        None => Some(format!("no {name}")),
    });
    let others: Vec<String> = others.collect();
    if !others.is_empty() {
        let text = format!("It had {}: it is retained in every case", others.join(" and "));
        draft.comment(reader.stack, &[section, id], text);
    }
}

pub(crate) fn repository(draft: &mut Draft<'_>, mut reader: Reader<'_>, named: &Named) {
    reader.text(draft, "RepositoryName", "repositoryName");
    if let Some(scanning) = reader.take("ImageScanningConfiguration") {
        let entries = scanning.as_object().into_iter().flatten();
        let on_push = entries.clone().find(|(key, _)| key.eq_ignore_ascii_case("ScanOnPush"));
        match on_push.and_then(|(_, it)| crate::reader::flag(it)) {
            Some(on_push) if entries.count() == 1 => reader.set("imageScanOnPush", on_push),
            _ if scanning == json!({}) => {}
            _ => reader.unknown(draft, "ImageScanningConfiguration", &scanning),
        }
    }
    mutability(draft, &mut reader);
    encryption(draft, &mut reader);
    // Not written for a repository, and ECR cannot change the encryption: without the property,
    // CloudFormation would replace the repository.
    if reader.element.get("encryption").is_some_and(|kind| kind == "AES256") {
        reader.element.shift_remove("encryption");
        reader.keep("EncryptionConfiguration", json!({ "EncryptionType": "AES256" }));
    }
    removal(draft, &mut reader, "repositories", &named.id);
    reader.flag(draft, "EmptyOnDelete", "emptyOnDelete");
    let lifecycle = reader.take("LifecyclePolicy");
    if let Some(id) = lifecycle.as_ref().and_then(|it| it.get("RegistryId")) {
        match text(id, &draft.env(reader.stack)) {
            Some(id) => reader.set("lifecycleRegistryId", id),
            None => draft.refuse_value(reader.address("LifecyclePolicy.RegistryId"), id),
        }
    }
    reader.set_tags(draft, "Tags", "tags");
    let policy = lifecycle.as_ref().and_then(|it| it.get("LifecyclePolicyText")).cloned();
    if let Some(policy) = &policy
        && let Err(reason) = lifecycle_rules(draft, &mut reader, policy)
    {
        let mut whole = lifecycle.clone().unwrap_or_default();
        // CloudFormation takes text, which `Fn::ToJsonString` makes of an object.
        if let Some(place) = whole.get_mut("LifecyclePolicyText")
            && place.is_object()
            && is_literal(place)
        {
            *place = place.to_string().into();
        }
        reader.inexpressible(draft, "LifecyclePolicy", &whole, reason);
    }
    let mut repository = Repository::default();
    let policy = reader.take("RepositoryPolicyText");
    let policy = policy.filter(|policy| {
        let reason = "no grants make it";
        !draft.is_kept(reader.logical)
            || !reader.keep_as_is(draft, "RepositoryPolicyText", policy, reason)
    });
    if let Some(policy) = policy {
        match draft.with_context(reader.stack, |context| statements(&policy, context)) {
            // ECR has either a policy or none.
            Ok((_, statements)) if statements.is_empty() => {
                let reason = "policy has no statements".to_owned();
                reader.inexpressible(draft, "RepositoryPolicyText", &policy, reason);
            }
            Ok((version, statements)) => {
                repository.version = version;
                repository.statements = statements;
            }
            Err(reason) => {
                reader.inexpressible(draft, "RepositoryPolicyText", &policy, reason);
            }
        }
    }
    let stack = reader.stack;
    repository.element = reader.construct(draft, named);
    draft.out(stack).repositories.insert(named.id.clone(), repository);
}

/// Reads the rules of a lifecycle policy.
pub(crate) fn lifecycle_rules(
    draft: &Draft<'_>,
    reader: &mut Reader<'_>,
    policy: &Value,
) -> Result<(), String> {
    // An object, or text; the result of Fn::Sub on known values is text as well.
    let known = text(policy, &draft.env(reader.stack)).map(Value::from);
    reader.set("lifecycleRules", lifecycle::rules(known.as_ref().unwrap_or(policy))?);
    Ok(())
}

pub(crate) fn mutability(draft: &mut Draft<'_>, reader: &mut Reader<'_>) {
    reader.text(draft, "ImageTagMutability", "imageTagMutability");
    if let Some(filters_given) = reader.take("ImageTagMutabilityExclusionFilters") {
        let value = |filter: &Value| {
            let value = filter.get("ImageTagMutabilityExclusionFilterValue")?;
            value.as_str().map(str::to_owned)
        };
        let filters: Option<Vec<String>> = list(&filters_given).into_iter().map(value).collect();
        match filters {
            Some(filters) => reader.set("imageTagMutabilityExclusionFilters", filters),
            None => reader.unknown(draft, "ImageTagMutabilityExclusionFilters", &filters_given),
        }
    }
}

/// Reads the encryption, and says where the template keeps its key.
pub(crate) fn encryption(draft: &mut Draft<'_>, reader: &mut Reader<'_>) {
    let Some(value) = reader.take("EncryptionConfiguration") else { return };
    let address = reader.address("EncryptionConfiguration");
    let stack = reader.stack;
    let kind = value.get("EncryptionType").map(|it| text(it, &draft.env(stack)));
    if kind == Some(None) {
        reader.unknown(draft, "EncryptionConfiguration", &value);
        return;
    }
    let kind = kind.flatten();
    let kind = kind.as_deref();
    let key = value.get("KmsKey");
    match (kind, key) {
        // The type of a repository with a key.
        (Some("KMS"), Some(_)) | (None, _) => {}
        (Some(kind), _) => reader.set("encryption", kind),
    }
    let Some(key) = key else { return };
    if let Some(id) = draft.id_of(stack, key, |kind| kind == Kind::Key) {
        reader.set("encryptionKey", id);
        if matches!(draft.target(stack, key), Some((.., attribute)) if attribute.is_empty()) {
            // The key of a repository cannot change: its ARN instead of its ID would replace it.
            reader.keep("EncryptionConfiguration", json!({ "KmsKey": key }));
        }
        return;
    }
    match text(key, &draft.env(stack)) {
        Some(arn) if arn.starts_with("arn:") => {
            reader.set("encryptionKey", json!({ "keyArn": arn }));
        }
        // An alias, or the ID of a key.
        Some(other) => key_by_name(draft, reader, kind, &other),
        None => {
            let kept = json!({ "KmsKey": key });
            if reader.keep_as_is(
                draft,
                "EncryptionConfiguration",
                &kept,
                "known at deployment only",
            ) {
                reader.set("encryption", kind.unwrap_or("KMS"));
            } else {
                draft.refuse_value(address.property("KmsKey"), key);
            }
        }
    }
}

/// Keeps a key that is named by its alias or ID. A config has the ARNs of keys, and the ARN in the place
/// of the alias would replace the repository.
fn key_by_name(draft: &mut Draft<'_>, reader: &mut Reader<'_>, kind: Option<&str>, name: &str) {
    reader.set("encryption", kind.unwrap_or("KMS"));
    if draft.origin(reader.stack) == Origin::CloudFormation {
        reader.keep("EncryptionConfiguration", json!({ "KmsKey": name }));
    } else {
        let address = reader.address("EncryptionConfiguration").property("KmsKey");
        draft.refuse(address, format!("`{name}` is not an ARN"));
    }
}

pub(crate) fn key(draft: &mut Draft<'_>, mut reader: Reader<'_>, named: &Named) {
    reader.text(draft, "Description", "description");
    reader.flag(draft, "EnableKeyRotation", "enableKeyRotation");
    key_policy(draft, &mut reader);
    removal(draft, &mut reader, "keys", &named.id);
    let stack = reader.stack;
    let element = reader.construct(draft, named);
    draft.out(stack).keys.insert(named.id.clone(), element.into());
}

/// The statements of a key policy after the first one, which ecrane writes. A policy that begins with
/// another one stays as it is.
fn key_policy(draft: &mut Draft<'_>, reader: &mut Reader<'_>) {
    let Some(policy) = reader.take("KeyPolicy") else { return };
    let env = draft.env(reader.stack);
    let is_template = draft.origin(reader.stack) == Origin::CloudFormation;
    let read = draft.with_context(reader.stack, |context| {
        let parsed = parsed(&policy)?;
        let mut own = parsed.unwrap_or_else(|| policy.clone());
        if is_template && !is_key_policy(&own, env.account.as_deref()) {
            return Err("the first statement is not that of a key of the AWS CDK".to_owned());
        }
        match own.get_mut("Statement") {
            Some(Value::Array(all)) if !all.is_empty() => drop(all.remove(0)),
            Some(one) => *one = json!([]),
            None => {}
        }
        let (_, statements) = statements(&own, context)?;
        let own = statements.iter();
        own.map(|statement| statement.element(&env)).collect::<Result<Vec<Value>, String>>()
    });
    match read {
        Ok(mut own) if !own.is_empty() => {
            for statement in own.iter_mut().filter_map(Value::as_object_mut) {
                if statement.get("resources") == Some(&json!(["*"])) {
                    statement.shift_remove("resources");
                }
            }
            reader.set("resourcePolicy", own);
        }
        Ok(_) => {}
        Err(reason) => reader.inexpressible(draft, "KeyPolicy", &policy, reason),
    }
}

pub(crate) fn alias(draft: &mut Draft<'_>, mut reader: Reader<'_>) {
    let (stack, logical) = (reader.stack, reader.logical);
    let target = reader.take("TargetKeyId").unwrap_or_default();
    reader.text(draft, "AliasName", "alias");
    let name = reader.element.shift_remove("alias");
    let name = name.as_ref().and_then(Value::as_str);
    let name = name.map(|it| it.strip_prefix("alias/").unwrap_or(it).to_owned());
    let key = draft.id_of(stack, &target, |kind| kind == Kind::Key);
    let path = key.as_ref().and_then(|key| ConstructPath::of_id(key).ok());
    let known = key.zip(path).zip(name);
    let Some(((key, path), name)) = known.filter(|((key, _), _)| {
        draft.out(stack).keys.get(key).is_some_and(|it| it.get("alias").is_none())
    }) else {
        draft.refuse(logical, "a key of the config has one alias, in its stack");
        return;
    };
    if matches!(draft.target(stack, &target), Some((.., attribute)) if attribute.is_empty()) {
        reader.keep_as_is(draft, "TargetKeyId", &target, "by its ID");
    }
    reader.keep_address(draft, &path.child("Alias").child("Resource"));
    let mut element = reader.finish(draft);
    let alias = if element.is_empty() {
        Value::from(name)
    } else {
        element.shift_insert(0, "name".to_owned(), name.into());
        element.into()
    };
    if let Some(Value::Object(key)) = draft.out(stack).keys.get_mut(&key) {
        let at = key.keys().take_while(|it| !LAST.contains(&it.as_str())).count();
        key.shift_insert(at, "alias".to_owned(), alias);
    }
}

/// The keys that a person looks for last.
pub(crate) const LAST: [&str; 5] =
    ["logicalId", "terraformName", "terraformNames", "cloudformation", "terraform"];

pub(crate) fn public_repository(draft: &mut Draft<'_>, mut reader: Reader<'_>, named: &Named) {
    reader.text(draft, "RepositoryName", "repositoryName");
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
        reader.set("catalogData", data);
    }
    policy(draft, &mut reader, "RepositoryPolicyText", "resourcePolicy");
    reader.set_tags(draft, "Tags", "tags");
    let stack = reader.stack;
    let element = reader.construct(draft, named);
    draft.out(stack).public_repositories.insert(named.id.clone(), element.into());
}

/// Takes a policy into an element.
pub(crate) fn policy(draft: &mut Draft<'_>, reader: &mut Reader<'_>, name: &str, key: &str) {
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
        Ok((version, statements)) => reader.set(key, document(version, statements)),
        Err(reason) => {
            let reason: String = reason;
            reader.inexpressible(draft, name, &policy, reason);
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
