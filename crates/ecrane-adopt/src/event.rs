//! EventBridge rules for events of repositories.

use ecrane_construct::ServiceEvent;
use ecrane_core::{ConstructPath, Json};
use serde_json::{Map, Value, json};

use crate::construct_id;
use crate::draft::{self, Draft};
use crate::policy;
use crate::reader::Reader;
use crate::stack::Origin;
use crate::value::{list, settled, text};
use ecrane_document::json_value;

pub(crate) fn rule(draft: &mut Draft<'_>, mut reader: Reader<'_>) {
    let (stack, logical) = (reader.stack, reader.logical);
    let env = draft.env(stack);
    let Some(pattern) = reader.take("EventPattern") else {
        draft.refuse(
            logical,
            "a rule without an event pattern, such as a schedule, is not about a repository",
        );
        return;
    };
    let parsed = policy::parsed(&pattern).ok().flatten();
    let pattern: Value = parsed.unwrap_or(pattern);
    let Some(kind) = kind(&pattern) else {
        draft.refuse(logical, "the event pattern does not match events of a repository");
        return;
    };
    let path = match draft.origin(stack) {
        Origin::CloudFormation => {
            let owner = own(draft, stack, &pattern);
            owner.and_then(|owner| construct_id::below(logical, &owner)).or_else(|| {
                let noted = reader.resource.noted_path();
                draft.ids.of_logical_id(logical, &["Resource"], noted)
            })
        }
        // The name says nothing about a parent, so the repository is that of the pattern.
        Origin::Terraform(_) | Origin::Account => None,
    };
    // The path of a rule for a repository begins with that of the repository.
    let parent = path.as_deref().and_then(|it| it.rsplit_once('/'));
    let mut rest = pattern.clone();
    let mut owner = None;
    for place in REPOSITORY {
        let Some(items) = rest.pointer_mut(place).and_then(Value::as_array_mut) else { continue };
        let Some(first) = items.first().cloned() else { continue };
        // A name that is written out is that of a pattern, which matches it in any registry.
        if parent.is_none() && first.is_string() {
            continue;
        }
        if let Some((of, id)) = repository(draft, stack, &first, parent.map(|(it, _)| it)) {
            if of != stack {
                draft.refuse(logical, "a rule for a repository of another stack");
                return;
            }
            items.remove(0);
            owner = Some(id);
            break;
        }
    }
    reader.set("on", kind.on);
    subtract(&mut rest, &kind.base);
    if let Some((key, place)) = &kind.tags
        && let Some(Value::Array(tags)) = rest.pointer_mut(place)
        && tags.iter().all(Value::is_string)
        && !tags.is_empty()
    {
        // One tag is that of the kind. Those after it are part of the pattern.
        let tags: Vec<Value> =
            if *key == "imageTags" { std::mem::take(tags) } else { vec![tags.remove(0)] };
        match (*key, tags.as_slice()) {
            ("imageTag", [tag]) => reader.set(key, tag.clone()),
            _ => reader.set(key, tags),
        }
    }
    prune(&mut rest);
    reader.text(draft, "Name", "ruleName");
    reader.text(draft, "Description", "description");
    match reader.take("State").as_ref().and_then(Value::as_str) {
        None | Some("ENABLED") => {}
        Some("DISABLED") => {
            reader.set("enabled", false);
        }
        Some(other) => draft
            .refuse(reader.address("State"), format!("`{other}` is neither ENABLED nor DISABLED")),
    }
    if rest.as_object().is_some_and(|it| !it.is_empty()) {
        reader.set("eventPattern", settled(&rest, &env));
    }
    targets(draft, &mut reader);
    // Those of the repository.
    reader.take("Tags");
    let id = element_id(draft, &reader, owner.as_deref(), path.as_deref());
    let whole = owner.as_ref().map_or_else(|| id.clone(), |owner| format!("{owner}/{id}"));
    if let Ok(path) = ConstructPath::of_id(&whole) {
        reader.keep_address(draft, &path.child("Resource"));
    }
    let element = reader.finish(draft);
    let out = draft.out(stack);
    if let Some(owner) = owner {
        if let Some(repository) = out.repositories.get_mut(&owner) {
            repository.events.insert(id, element.into());
        }
    } else if let Value::Object(events) = out.registry.entry("events").or_insert_with(|| json!({}))
    {
        events.insert(id, element.into());
    }
}

/// Reads the targets of a rule. The AWS CDK numbers them; other IDs stay as they are.
fn targets(draft: &mut Draft<'_>, reader: &mut Reader<'_>) {
    let Some(all) = reader.take("Targets") else { return };
    let env = draft.env(reader.stack);
    let is_numbered = list(&all).iter().zip(0..).all(|(it, index)| {
        it.get("Id").is_none_or(|it| it.as_str() == Some(&format!("Target{index}")))
    });
    let read: Vec<_> = list(&all).iter().map(|it| target(it, &env)).collect();
    if (!is_numbered || read.iter().any(Result::is_err))
        && reader.keep_as_is(draft, "Targets", &all, "no key of the config says the same")
    {
        return;
    }
    let mut targets = Vec::new();
    for target in read {
        match target {
            Ok(target) => targets.push(target),
            Err(value) => draft.refuse_value(reader.address("Targets"), &value),
        }
    }
    if !targets.is_empty() {
        reader.set("targets", targets);
    }
}

/// The ID of the repository of the same stack that a pattern names.
fn own(draft: &Draft<'_>, stack: usize, pattern: &Value) -> Option<String> {
    REPOSITORY.iter().find_map(|place| {
        let first = pattern.pointer(place)?.as_array()?.first()?;
        let (owner, logical, _) = draft.target(stack, first).filter(|(it, ..)| *it == stack)?;
        let named = draft.named(owner, &logical)?;
        (named.kind == draft::Kind::Repository).then(|| named.id.clone())
    })
}

/// The ID of the element of a rule, without that of its repository.
fn element_id(
    draft: &mut Draft<'_>,
    reader: &Reader<'_>,
    owner: Option<&str>,
    path: Option<&str>,
) -> String {
    let stack = reader.stack;
    match (owner, path.and_then(|it| it.rsplit_once('/')), path) {
        (Some(owner), Some((parent, id)), _) if parent == owner => return id.to_owned(),
        (None, _, Some(path)) if draft.take(stack, path) => return path.to_owned(),
        _ => {}
    }
    let word = reader.resource.id.as_deref().unwrap_or(reader.logical);
    let Some(owner) = owner else { return draft.free(stack, word) };
    // `app_on_push` is the rule `OnPush` of `App`.
    let below = word.strip_prefix(owner).map(|it| it.trim_start_matches('/'));
    let below = below.filter(|it| !it.is_empty()).unwrap_or(word);
    // The ID of a rule is one part of a path.
    draft.free_below(stack, owner, below.rsplit('/').next().unwrap_or(below))
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
    {
        let parent = draft.beside_others(stack, parent);
        if draft.take(stack, &parent) {
            draft.add_import(stack, parent, name, json!({ "repositoryName": name }));
        }
    }
    draft.repository(stack, value)
}

const EVENTS: [(&str, ServiceEvent); 13] = [
    ("imageScanCompleted", ServiceEvent::ImageScanCompleted),
    ("scanCompletedEnhanced", ServiceEvent::ScanCompletedEnhanced),
    ("inspectorFinding", ServiceEvent::InspectorFinding),
    ("scanFrequencyChanged", ServiceEvent::ScanFrequencyChanged),
    ("imagePushed", ServiceEvent::ImagePushed),
    ("imageDeleted", ServiceEvent::ImageDeleted),
    ("imageArchived", ServiceEvent::ImageArchived),
    ("imageRestored", ServiceEvent::ImageRestored),
    ("referrerPushed", ServiceEvent::ReferrerPushed),
    ("referrerRestored", ServiceEvent::ReferrerRestored),
    ("replicationCompleted", ServiceEvent::ReplicationCompleted),
    ("replicationFailed", ServiceEvent::ReplicationFailed),
    ("cacheImported", ServiceEvent::CacheImported),
];

/// Where patterns name a repository: by name, or by ARN.
const REPOSITORY: [&str; 5] = [
    "/detail/repository-name",
    "/detail/requestParameters/repositoryName",
    "/detail/repositories/repository-name",
    "/detail/resources/details/awsEcrContainerImage/repositoryName",
    "/resources",
];

/// The kind of event that a pattern matches.
struct Kind {
    on: &'static str,
    /// The part of the pattern that the kind stands for.
    base: Value,
    /// Where it has image tags: the key of the config, and the path in the pattern.
    tags: Option<(&'static str, String)>,
}

/// The kinds of events that a pattern contains, the most specific first.
fn kind(pattern: &Value) -> Option<Kind> {
    let mut kinds: Vec<Kind> = EVENTS
        .iter()
        .map(|(on, event)| Kind {
            on,
            base: Value::Object(
                event
                    .pattern(None, None)
                    .iter()
                    .map(|(key, it)| (key.clone(), literal(it)))
                    .collect(),
            ),
            tags: event
                .has_image_tags()
                .then(|| ("imageTags", format!("/{}", event.image_tags_path().join("/")))),
        })
        .collect();
    let trail = json!({ "source": ["aws.ecr"], "detail-type": ["AWS API Call via CloudTrail"] });
    let push = json!({
        "source": ["aws.ecr"],
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": { "eventName": ["PutImage"] },
    });
    let tag = ("imageTag", "/detail/requestParameters/imageTag".to_owned());
    kinds.push(Kind { on: "cloudTrailImagePushed", base: push, tags: Some(tag) });
    kinds.push(Kind { on: "cloudTrailEvent", base: trail, tags: None });
    kinds.push(Kind { on: "event", base: json!({ "source": ["aws.ecr"] }), tags: None });
    kinds.into_iter().filter(|it| contains(pattern, &it.base)).max_by_key(|it| leaves(&it.base))
}

/// A literal pattern.
fn literal(value: &Json) -> Value {
    match value {
        Json::Null => Value::Null,
        Json::Bool(flag) => (*flag).into(),
        Json::Number(number) => number.clone().into(),
        Json::Text(text) => text.as_literal().unwrap_or_default().into(),
        Json::List(items) => items.iter().map(literal).collect(),
        Json::Map(entries) => {
            Value::Object(entries.iter().map(|(key, it)| (key.clone(), literal(it))).collect())
        }
    }
}

fn contains(pattern: &Value, base: &Value) -> bool {
    match (pattern, base) {
        (Value::Object(pattern), Value::Object(base)) => {
            base.iter().all(|(key, base)| pattern.get(key).is_some_and(|it| contains(it, base)))
        }
        (Value::Array(items), Value::Array(base)) => base.iter().all(|it| items.contains(it)),
        _ => false,
    }
}

fn leaves(value: &Value) -> usize {
    match value {
        Value::Object(entries) => entries.values().map(leaves).sum(),
        Value::Array(items) => items.len(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
    }
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
                let input = match value.as_str() {
                    Some(text) => json_value(text).map_err(|_| value.clone())?,
                    None => value.clone(),
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
