//! Outputs of a stack.

use serde_json::{Map, Value, json};

use crate::construct_id;
use crate::draft::Draft;
use crate::error::SourceAddress;
use crate::value::{only, text};

pub(crate) fn output(
    draft: &mut Draft<'_>,
    stack: usize,
    logical: &str,
    output: &Map<String, Value>,
) {
    // ecrane writes it again for the stack that refers to it.
    if logical.starts_with("ExportsOutput") || logical.starts_with("PublishOutput") {
        return;
    }
    let address = SourceAddress::from("Outputs").property(logical);
    let value = output.get("Value").cloned().unwrap_or_default();
    let Some((repository, attribute, suffix)) = attribute(draft, stack, &value) else {
        draft.refuse(address, "no attribute of a repository");
        return;
    };
    let mut element = Map::from_iter([
        ("repository".to_owned(), Value::from(repository)),
        ("attribute".to_owned(), attribute.into()),
    ]);
    if let Some(tag) = suffix.strip_prefix(':') {
        element.insert("tag".to_owned(), tag.into());
    } else if let Some(digest) = suffix.strip_prefix('@') {
        element.insert("digest".to_owned(), digest.into());
    }
    let env = draft.env(stack);
    if let Some(description) = output.get("Description") {
        element.insert("description".to_owned(), description.clone());
    }
    if let Some(name) = output.get("Export").and_then(|it| it.get("Name")) {
        match text(name, &env) {
            Some(name) => {
                element.insert("exportName".to_owned(), name.into());
            }
            None => draft.refuse_value(address, name),
        }
    }
    let id = match construct_id::of_logical_id(logical, &[], None) {
        Some(id) if id == logical => id,
        _ => {
            element.insert("logicalId".to_owned(), logical.into());
            logical.to_owned()
        }
    };
    let id = if draft.take(stack, &id) {
        id
    } else {
        element.insert("logicalId".to_owned(), logical.into());
        draft.free(stack, &format!("{id}Output"))
    };
    draft.out(stack).outputs.insert(id, element.into());
}

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
    let is_uri = parts.iter().any(|it| it.as_str().is_some_and(|it| it.contains(".dkr.ecr.")));
    if !is_uri {
        let is_arn = |it: &Value| it.as_str().is_some_and(|it| it.contains(":repository/"));
        let attribute = if parts.iter().any(is_arn) { "repositoryArn" } else { "repositoryName" };
        return Some((own(draft.repository(stack, value))?, attribute, String::new()));
    }
    let slash = parts.iter().position(|it| it.as_str().is_some_and(|it| it.contains('/')));
    let Some(slash) = slash else {
        let arn = parts.iter().find_map(arn_in)?;
        return Some((own(draft.repository(stack, &arn))?, "registryUri", String::new()));
    };
    let (_, name) = parts.get(slash)?.as_str()?.split_once('/')?;
    if !name.is_empty() {
        let end = name.find([':', '@']).unwrap_or(name.len());
        let (name, suffix) = name.split_at_checked(end)?;
        let name = json!(name);
        return Some((own(draft.repository(stack, &name))?, "repositoryUri", suffix.to_owned()));
    }
    let repository = own(draft.repository(stack, parts.get(slash + 1)?))?;
    let suffix = parts.get(slash + 2).and_then(Value::as_str).unwrap_or_default();
    Some((repository, "repositoryUri", suffix.to_owned()))
}

/// The ARN from which a field is taken.
fn arn_in(value: &Value) -> Option<Value> {
    let ("Fn::Select", Value::Array(select)) = only(value)? else { return None };
    let ("Fn::Split", Value::Array(split)) = only(select.get(1)?)? else { return None };
    split.get(1).cloned()
}
