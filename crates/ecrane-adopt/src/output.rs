//! Outputs of a stack.

use ecrane_core::ConstructPath;
use serde_json::{Map, Value, json};

use crate::draft::{Draft, Kind};
use crate::error::{NotAdopted, SourceAddress};
use crate::existing::NO_ACCOUNT;
use crate::stack::{Origin, is_name};
use crate::value::{only, partition, text};

pub(crate) fn output(
    draft: &mut Draft<'_>,
    stack: usize,
    logical: &str,
    output: &Map<String, Value>,
) {
    // ecrane writes it again for the stack that refers to it.
    if ["ExportsOutput", "PublishOutput", "cross_stack_", "cross-stack-output-"]
        .iter()
        .any(|it| logical.starts_with(it))
    {
        return;
    }
    let address = SourceAddress::from("Outputs").property(logical);
    let value = output.get("Value").cloned().unwrap_or_default();
    let other = of_other(draft, stack, &value).or_else(|| of_existing(draft, stack, &value));
    let found = other.or_else(|| {
        let (repository, attribute, suffix) = attribute(draft, stack, &value)?;
        Some(("repository", repository, attribute, suffix))
    });
    let Some((of, id, attribute, suffix)) = found else {
        let value = value.to_string();
        draft.refused.push(NotAdopted::Output { address, value });
        return;
    };
    let mut element = Map::from_iter([
        (of.to_owned(), Value::from(id)),
        ("attribute".to_owned(), attribute.into()),
    ]);
    if let Some(tag) = suffix.strip_prefix(':') {
        element.insert("tag".to_owned(), tag.into());
    } else if let Some(digest) = suffix.strip_prefix('@') {
        element.insert("digest".to_owned(), digest.into());
    }
    let env = draft.env(stack);
    if let Some(description) = output.get("Description") {
        match text(description, &env) {
            Some(description) => {
                element.insert("description".to_owned(), description.into());
            }
            None => draft.refuse_value(address.clone(), description),
        }
    }
    if let Some(name) = output.get("Export").and_then(|it| it.get("Name")) {
        match text(name, &env) {
            Some(name) => {
                element.insert("exportName".to_owned(), name.into());
            }
            None => draft.refuse_value(address, name),
        }
    }
    let origin = draft.origin(stack);
    let id = match origin {
        Origin::CloudFormation => draft.ids.of_logical_id(logical, &[], None),
        // Outputs of the AWS CLI contain no outputs of stacks.
        Origin::Terraform(_) | Origin::Account => Some(crate::word::camel(logical)),
    };
    let id = id.unwrap_or_else(|| logical.to_owned());
    let id = if draft.take(stack, &id) { id } else { draft.free(stack, &format!("{id}Output")) };
    let path = ConstructPath::of_id(&id).ok();
    let derives = path.is_some_and(|path| match origin {
        Origin::CloudFormation | Origin::Account => path.logical_id() == logical,
        Origin::Terraform(layout) => is_name(logical, &path, layout),
    });
    if !derives {
        let key = match origin {
            Origin::CloudFormation | Origin::Account => "logicalId",
            Origin::Terraform(_) => "terraformName",
        };
        element.insert(key.to_owned(), logical.into());
    }
    draft.out(stack).outputs.insert(id, element.into());
}

/// The principal or key, and the attribute of it.
fn of_other(
    draft: &Draft<'_>,
    stack: usize,
    value: &Value,
) -> Option<(&'static str, String, &'static str, String)> {
    let (owner, logical, attribute) = draft.target(stack, value)?;
    let named = draft.named(owner, &logical).filter(|_| owner == stack)?;
    let is_arn = match attribute.as_str() {
        "" => false,
        "Arn" => true,
        _ => return None,
    };
    let (of, attribute) = match (named.kind, is_arn) {
        (Kind::Role, true) => ("principal", "roleArn"),
        (Kind::Role, false) => ("principal", "roleName"),
        (Kind::User, true) => ("principal", "userArn"),
        (Kind::User, false) => ("principal", "userName"),
        (Kind::Group, true) => ("principal", "groupArn"),
        (Kind::Group, false) => ("principal", "groupName"),
        (Kind::Key, true) => ("key", "keyArn"),
        (Kind::Key, false) => ("key", "keyId"),
        _ => return None,
    };
    Some((of, named.id.clone(), attribute, String::new()))
}

/// The existing principal or key that an ARN or name in an output is that of, and the attribute.
fn of_existing(
    draft: &mut Draft<'_>,
    stack: usize,
    value: &Value,
) -> Option<(&'static str, String, &'static str, String)> {
    let env = draft.env(stack);
    let text = text(value, &env)?;
    let words = [
        ("role", "roleArn", "roleName"),
        ("user", "userArn", "userName"),
        ("group", "groupArn", "groupName"),
    ];
    let ends = |arn: &str| arn.rsplit('/').next() == Some(text.as_str());
    for (id, principal) in &draft.out(stack).principals {
        for (_, of_arn, of_name) in words {
            let Some(arn) = principal.get(of_arn).and_then(Value::as_str) else { continue };
            let attribute = if arn == text { of_arn } else { of_name };
            if arn == text || ends(arn) {
                return Some(("principal", id.clone(), attribute, String::new()));
            }
        }
    }
    for (id, key) in &draft.out(stack).keys {
        let Some(arn) = key.get("keyArn").and_then(Value::as_str) else { continue };
        let attribute = if arn == text { "keyArn" } else { "keyId" };
        if arn == text || ends(arn) {
            return Some(("key", id.clone(), attribute, String::new()));
        }
    }
    if is_key_id(&text) {
        return Some(("key", key_by_id(draft, stack, &text), "keyId", String::new()));
    }
    let fields: Vec<&str> = text.splitn(6, ':').collect();
    if let ["arn", _, service, _, _, resource] = fields.as_slice() {
        let (kind, name) = resource.split_once('/')?;
        let name = name.rsplit('/').next()?;
        if *service == "kms" && kind == "key" {
            let id = draft.free(stack, "ExistingKey");
            draft.out(stack).keys.insert(id.clone(), json!({ "keyArn": text }));
            return Some(("key", id, "keyArn", String::new()));
        }
        let (_, of_arn, _) = words.iter().find(|(word, ..)| *service == "iam" && *word == kind)?;
        let id = draft.free(stack, &crate::word::camel(name));
        draft.out(stack).principals.insert(id.clone(), json!({ *of_arn: text }));
        return Some(("principal", id, of_arn, String::new()));
    }
    None
}

/// Whether a text is the ID of a KMS key: a UUID, or that of a multi-Region key.
fn is_key_id(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|it| it.len()).collect();
    let is_hex = |it: &&str| it.bytes().all(|byte| byte.is_ascii_hexdigit());
    match groups.as_slice() {
        ["mrk", rest] => rest.len() == 32 && is_hex(rest),
        groups => lengths == [8, 4, 4, 4, 12] && groups.iter().all(is_hex),
    }
}

/// Declares the existing key with an ID. Its ARN is one that a repository of any stack has, or that of the
/// ID in the account and region of the stack.
fn key_by_id(draft: &mut Draft<'_>, stack: usize, id: &str) -> String {
    let repositories = draft.out.iter().flat_map(|it| it.repositories.values());
    let arns = repositories.filter_map(|it| it.element.get("encryptionKey")?.get("keyArn"));
    let mut arns = arns.filter_map(Value::as_str);
    let known = arns.find(|it| it.ends_with(&format!(":key/{id}"))).map(str::to_owned);
    let env = draft.env(stack);
    let key = draft.free(stack, "ExistingKey");
    if known.is_none() && (env.account.is_none() || env.region.is_none()) {
        let text = format!(
            "The template has the ID of the key, and not its ARN: write the account and region in the place of {NO_ACCOUNT} and {NO_REGION}"
        );
        draft.comment(stack, &["keys", &key], text);
    }
    let arn = known.unwrap_or_else(|| {
        let region = env.region.as_deref().unwrap_or(NO_REGION);
        let account = env.account.as_deref().unwrap_or(NO_ACCOUNT);
        format!("arn:{}:kms:{region}:{account}:key/{id}", partition(region))
    });
    draft.out(stack).keys.insert(key.clone(), json!({ "keyArn": arn }));
    key
}

/// Stands for the region of an existing key in a stack without a region. Nothing that is deployed contains
/// it.
const NO_REGION: &str = "us-east-1";

/// The repository, the attribute of it, and what follows a URI: a tag or a digest.
fn attribute(
    draft: &mut Draft<'_>,
    stack: usize,
    value: &Value,
) -> Option<(String, &'static str, String)> {
    let own = |found: Option<(usize, String)>| {
        found.filter(|(owner, _)| *owner == stack).map(|(_, id)| id)
    };
    if let Some((_, _, attribute)) = draft.target(stack, value) {
        let attribute = match attribute.as_str() {
            "" => "repositoryName",
            "Arn" => "repositoryArn",
            "RepositoryUri" => "repositoryUri",
            _ => return None,
        };
        return Some((own(draft.repository(stack, value))?, attribute, String::new()));
    }
    // A URI of the registry, or of a repository, whose name follows a slash.
    let parts = match only(value) {
        Some(("Fn::Join", Value::Array(parts))) => parts.get(1)?.as_array()?.clone(),
        _ => vec![value.clone()],
    };
    // The URI with a tag or a digest.
    if let Some((first, [suffix])) = parts.split_first()
        && let Some((_, _, attribute)) = draft.target(stack, first)
        && attribute == "RepositoryUri"
    {
        let suffix = suffix.as_str()?.to_owned();
        return Some((own(draft.repository(stack, first))?, "repositoryUri", suffix));
    }
    let is_uri = parts.iter().any(|it| it.as_str().is_some_and(|it| it.contains(".dkr.ecr.")));
    if !is_uri {
        let is_arn = |it: &Value| it.as_str().is_some_and(|it| it.contains(":repository/"));
        let is_arn = parts.iter().any(is_arn);
        // In a text that a person wrote, any word could be the name of a repository. That of one that a
        // policy names is.
        let is_known = draft.out(stack).repositories.values().any(|it| {
            it.element.get("import").and_then(|it| it.get("repositoryName")) == Some(value)
        });
        if value.is_string() && !is_arn && !is_known && !draft.is_generated(stack) {
            return None;
        }
        let attribute = if is_arn { "repositoryArn" } else { "repositoryName" };
        return Some((own(draft.repository(stack, value))?, attribute, String::new()));
    }
    let slash = parts.iter().position(|it| it.as_str().is_some_and(|it| it.contains('/')));
    let Some(slash) = slash else {
        let id = match parts.iter().find_map(arn_in) {
            Some(arn) => own(draft.repository(stack, &arn))?,
            None => in_registry(draft, stack, value)?,
        };
        return Some((id, "registryUri", String::new()));
    };
    let (_, name) = parts.get(slash)?.as_str()?.split_once('/')?;
    if !name.is_empty() {
        let end = name.find([':', '@']).unwrap_or(name.len());
        let (name, suffix) = name.split_at_checked(end)?;
        // A repository of another registry is imported by its ARN.
        let env = draft.env(stack);
        let registry = parts.first().and_then(Value::as_str).and_then(registry);
        let name = match registry {
            Some((account, region))
                if env.account.as_deref() != Some(account)
                    || env.region.as_deref() != Some(region) =>
            {
                let partition = partition(region);
                json!(format!("arn:{partition}:ecr:{region}:{account}:repository/{name}"))
            }
            _ => json!(name),
        };
        return Some((own(draft.repository(stack, &name))?, "repositoryUri", suffix.to_owned()));
    }
    let repository = own(draft.repository(stack, parts.get(slash + 1)?))?;
    let suffix = parts.get(slash + 2).and_then(Value::as_str).unwrap_or_default();
    Some((repository, "repositoryUri", suffix.to_owned()))
}

/// An imported repository of the registry whose URI is a value: its name is no part of the URI.
fn in_registry(draft: &mut Draft<'_>, stack: usize, value: &Value) -> Option<String> {
    let env = draft.env(stack);
    let marked = env.marked();
    let uri = text(value, &marked)?;
    let (account, region) = registry(&uri)?;
    let is_own =
        marked.account.as_deref() == Some(account) && marked.region.as_deref() == Some(region);
    let beginning = format!("arn:{}:ecr:{region}:{account}:repository/", partition(region));
    let of_registry = |import: &Value| match import.get("repositoryArn").and_then(Value::as_str) {
        Some(arn) => arn.starts_with(&beginning),
        None => is_own,
    };
    let known = draft
        .out(stack)
        .repositories
        .iter()
        .find(|(_, repository)| repository.element.get("import").is_some_and(of_registry));
    if let Some((id, _)) = known {
        return Some(id.clone());
    }
    let value = if is_own { SOME_NAME.to_owned() } else { format!("{beginning}{SOME_NAME}") };
    let (_, id) = draft.repository(stack, &value.into())?;
    let text = "Stands for its registry, whose URI an output has: the name is no part of it";
    draft.comment(stack, &["repositories", &id], text);
    Some(id)
}

/// The name of a repository that stands for its registry. Nothing that is deployed contains it.
const SOME_NAME: &str = "any";

/// The account and region at the beginning of a URI.
fn registry(uri: &str) -> Option<(&str, &str)> {
    let (account, rest) = uri.split_once(".dkr.ecr.")?;
    let region = rest.split_once('.')?.0;
    Some((account, region))
}

/// The ARN from which a field is taken.
fn arn_in(value: &Value) -> Option<Value> {
    let ("Fn::Select", Value::Array(select)) = only(value)? else { return None };
    let ("Fn::Split", Value::Array(split)) = only(select.get(1)?)? else { return None };
    split.get(1).cloned()
}
