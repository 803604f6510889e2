//! EventBridge rules for events of repositories.

use serde_json::{Map, Value, json};

use crate::construct_id;
use crate::draft::{Draft, Reader};
use crate::template::{Resource, noted_path};
use crate::value::{list, settled, text};

pub(crate) fn rule(draft: &mut Draft<'_>, stack: usize, logical: &str, resource: &Resource) {
    let mut reader = Reader::new(stack, logical, resource);
    let env = draft.env(stack);
    let Some(pattern) = reader.take("EventPattern") else {
        draft.refuse(logical, "a rule without an event pattern is not about a repository");
        return;
    };
    let pattern = match &pattern {
        Value::String(text) => serde_json::from_str(text).unwrap_or(pattern),
        _ => pattern,
    };
    let Some(kind) = kind(&pattern) else {
        draft.refuse(logical, "the event pattern is none of those for events of a repository");
        return;
    };
    let path = construct_id::of_logical_id(logical, &["Resource"], noted_path(resource));
    // The path of a rule begins with that of its repository.
    let parent = path.as_deref().and_then(|it| it.rsplit_once('/'));
    let (owner, repository) =
        match repository(draft, stack, kind.repository, parent.map(|(it, _)| it)) {
            Some(found) => found,
            None => {
                draft.refuse(logical, "the event pattern names no repository");
                return;
            }
        };
    if owner != stack {
        draft.refuse(logical, "a rule for a repository of another stack");
        return;
    }
    let mut element = Map::from_iter([("on".to_owned(), kind.on.into())]);
    let mut rest = pattern.clone();
    for base in &kind.base {
        subtract(&mut rest, base);
    }
    let mut take_tags = |path: &str, key: &str, is_list: bool| {
        let tags = rest.pointer_mut(path).map(Value::take);
        if let Some(tags) = tags.filter(|it| !it.is_null()) {
            let tags = if is_list { tags } else { tags.get(0).cloned().unwrap_or_default() };
            element.insert(key.to_owned(), tags);
        }
    };
    match kind.on {
        "imageScanCompleted" => take_tags("/detail/image-tags", "imageTags", true),
        "cloudTrailImagePushed" => {
            take_tags("/detail/requestParameters/imageTag", "imageTag", false);
        }
        _ => {}
    }
    prune(&mut rest);
    reader.text(draft, "Name", &mut element, "ruleName");
    reader.text(draft, "Description", &mut element, "description");
    match reader.take("State").as_ref().and_then(Value::as_str) {
        None | Some("ENABLED") => {}
        Some("DISABLED") => {
            element.insert("enabled".to_owned(), false.into());
        }
        Some(other) => draft
            .refuse(reader.address("State"), format!("`{other}` is neither ENABLED nor DISABLED")),
    }
    if rest.as_object().is_some_and(|it| !it.is_empty()) {
        element.insert("eventPattern".to_owned(), settled(&rest, &env));
    }
    let mut targets = Vec::new();
    for target in reader.take("Targets").iter().flat_map(list) {
        match self::target(target, &env) {
            Ok(target) => targets.push(target),
            Err(value) => draft.refuse_value(reader.address("Targets"), &value),
        }
    }
    if !targets.is_empty() {
        element.insert("targets".to_owned(), targets.into());
    }
    // Those of the repository.
    reader.take("Tags");
    let id = match parent.filter(|(it, _)| *it == repository) {
        Some((_, id)) => id.to_owned(),
        None => {
            element.insert("logicalId".to_owned(), logical.into());
            logical.to_owned()
        }
    };
    reader.rest(draft, &mut element);
    if let Some(repository) = draft.out(stack).repositories.get_mut(&repository) {
        repository.events.insert(id, element.into());
    }
}

/// The repository of a rule. An existing one has the ID that the path of the rule says.
fn repository(
    draft: &mut Draft<'_>,
    stack: usize,
    value: &Value,
    parent: Option<&str>,
) -> Option<(usize, String)> {
    if let Some(parent) = parent
        && let Value::String(name) = value
        && !name.contains(':')
        && draft.take(stack, parent)
    {
        draft.add_import(stack, parent.to_owned(), name, json!({ "repositoryName": name }));
    }
    draft.repository(stack, value)
}

/// What the pattern of a rule says that the CDK makes.
struct PatternKind<'p> {
    on: &'static str,
    /// The name or ARN of the repository.
    repository: &'p Value,
    /// The patterns that the kind of event stands for.
    base: Vec<Value>,
}

fn kind(pattern: &Value) -> Option<PatternKind<'_>> {
    let has = |path: &str, word: &str| {
        pattern
            .pointer(path)
            .and_then(Value::as_array)
            .is_some_and(|it| it.iter().any(|it| it == word))
    };
    let first = |path: &str| pattern.pointer(path)?.as_array()?.first();
    if !has("/source", "aws.ecr") {
        return None;
    }
    let trail = "AWS API Call via CloudTrail";
    if has("/detail-type", trail)
        && let Some(repository) = first("/detail/requestParameters/repositoryName")
    {
        let base = json!({
            "source": ["aws.ecr"],
            "detail-type": [trail],
            "detail": { "requestParameters": { "repositoryName": [repository] } },
        });
        let push = json!({ "detail": { "eventName": ["PutImage"] } });
        return Some(if has("/detail/eventName", "PutImage") {
            PatternKind { on: "cloudTrailImagePushed", repository, base: vec![base, push] }
        } else {
            PatternKind { on: "cloudTrailEvent", repository, base: vec![base] }
        });
    }
    if let Some(repository) = first("/detail/repository-name") {
        let event = json!({ "source": ["aws.ecr"], "detail": { "repository-name": [repository] } });
        let scan =
            json!({ "detail-type": ["ECR Image Scan"], "detail": { "scan-status": ["COMPLETE"] } });
        let is_scan =
            has("/detail-type", "ECR Image Scan") && has("/detail/scan-status", "COMPLETE");
        return Some(if is_scan {
            PatternKind { on: "imageScanCompleted", repository, base: vec![event, scan] }
        } else {
            PatternKind { on: "event", repository, base: vec![event] }
        });
    }
    let repository = first("/resources")?;
    let base = json!({ "source": ["aws.ecr"], "resources": [repository] });
    Some(PatternKind { on: "event", repository, base: vec![base] })
}

/// Removes from a pattern what another one says.
fn subtract(pattern: &mut Value, base: &Value) {
    match (pattern, base) {
        (Value::Object(pattern), Value::Object(base)) => {
            for (key, base) in base {
                if let Some(it) = pattern.get_mut(key) {
                    subtract(it, base);
                }
            }
        }
        (Value::Array(items), Value::Array(base)) => items.retain(|it| !base.contains(it)),
        _ => {}
    }
}

/// Removes what is empty.
fn prune(pattern: &mut Value) {
    if let Value::Object(entries) = pattern {
        entries.values_mut().for_each(prune);
        entries.retain(|_, it| {
            !it.is_null()
                && it.as_array().is_none_or(|it| !it.is_empty())
                && it.as_object().is_none_or(|it| !it.is_empty())
        });
    }
}

/// A target, or the value in it that is unknown.
fn target(target: &Value, env: &crate::value::Env) -> Result<Value, Value> {
    let mut element = Map::new();
    let known = |value: &Value| text(value, env).map(Value::from).ok_or_else(|| value.clone());
    for (key, value) in target.as_object().ok_or_else(|| target.clone())? {
        match key.as_str() {
            // Numbered.
            "Id" => {}
            "Arn" => {
                element.insert("arn".to_owned(), known(value)?);
            }
            "RoleArn" => {
                element.insert("roleArn".to_owned(), known(value)?);
            }
            "Input" => {
                let input = match value {
                    Value::String(text) => serde_json::from_str(text).map_err(|_| value.clone())?,
                    value => value.clone(),
                };
                element.insert("input".to_owned(), input);
            }
            "InputPath" => {
                element.insert("inputPath".to_owned(), known(value)?);
            }
            "InputTransformer" => {
                let mut transformer = Map::new();
                for (from, to) in
                    [("InputPathsMap", "inputPathsMap"), ("InputTemplate", "inputTemplate")]
                {
                    if let Some(it) = value.get(from) {
                        transformer.insert(to.to_owned(), settled(it, env));
                    }
                }
                element.insert("inputTransformer".to_owned(), transformer.into());
            }
            "DeadLetterConfig" => {
                let arn = value.get("Arn").ok_or_else(|| value.clone())?;
                element.insert("deadLetterQueueArn".to_owned(), known(arn)?);
            }
            "RetryPolicy" => {
                let mut policy = Map::new();
                for (from, to) in [
                    ("MaximumRetryAttempts", "maximumRetryAttempts"),
                    ("MaximumEventAgeInSeconds", "maximumEventAgeInSeconds"),
                ] {
                    if let Some(it) = value.get(from) {
                        policy.insert(to.to_owned(), it.clone());
                    }
                }
                element.insert("retryPolicy".to_owned(), policy.into());
            }
            _ => return Err(json!({ key: value })),
        }
    }
    Ok(element.into())
}
