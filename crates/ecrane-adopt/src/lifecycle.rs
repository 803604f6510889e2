//! Lifecycle rules of a policy text, as a config writes them.

use ecrane_document::json_value;
use serde_json::{Map, Value, json};

/// The rules of a lifecycle policy, which is JSON text or an object. Leaves out what follows in a
/// config: priorities in the order of the list, and tag statuses that follow from the tags.
pub(crate) fn rules(policy: &Value) -> Result<Vec<Value>, String> {
    let parsed: Option<Value> = match policy.as_str() {
        Some(text) => {
            Some(json_value(text).map_err(|error| format!("lifecycle policy text: {error}"))?)
        }
        None => None,
    };
    let policy = parsed.as_ref().unwrap_or(policy);
    let rules = policy.get("rules").and_then(Value::as_array);
    let rules = rules.filter(|it| !it.is_empty());
    let rules = rules.ok_or_else(|| "lifecycle policy has no rules".to_owned())?;
    let mut found: Vec<(u64, Map<String, Value>)> =
        rules.iter().map(rule).collect::<Result<_, _>>()?;
    let is_any = |rule: &Map<String, Value>| {
        let tagged = rule.contains_key("tagPrefixList") || rule.contains_key("tagPatternList");
        rule.get("tagStatus").map_or(!tagged, |it| it == "any")
    };
    // In the order of evaluation, which is easier to read; the text keeps that of the priorities.
    let in_order = found.is_sorted_by_key(|(priority, _)| *priority);
    let counts = found.iter().zip(1..).all(|((priority, _), at)| *priority == at);
    let any_is_last = found.iter().rev().skip(1).all(|(_, rule)| !is_any(rule));
    let needs = !(in_order && counts && any_is_last);
    let rules = found.iter_mut().map(|(priority, rule)| {
        if needs {
            rule.shift_insert(0, "rulePriority".to_owned(), json!(*priority));
        }
        Value::Object(std::mem::take(rule))
    });
    Ok(rules.collect())
}

fn rule(rule: &Value) -> Result<(u64, Map<String, Value>), String> {
    let entries = rule.as_object().ok_or_else(|| "lifecycle rule is not an object".to_owned())?;
    let mut found = Map::new();
    let mut priority = None;
    let mut selection = None;
    let mut action = None;
    for (key, value) in entries {
        match key.as_str() {
            "rulePriority" => priority = value.as_u64(),
            "description" => {
                found.insert("description".to_owned(), value.clone());
            }
            "selection" => selection = value.as_object(),
            "action" => action = value.as_object(),
            other => {
                return Err(format!(
                    "lifecycle rule has `{other}`, which a config does not support"
                ));
            }
        }
    }
    let priority = priority.ok_or_else(|| "lifecycle rule has no priority".to_owned())?;
    let selection = selection.ok_or_else(|| "lifecycle rule has no selection".to_owned())?;
    let text = |key: &str| selection.get(key).and_then(Value::as_str);
    let number = selection.get("countNumber").and_then(Value::as_u64);
    let number = number.ok_or_else(|| "lifecycle rule has no number".to_owned())?;
    for key in selection.keys() {
        let known = [
            "tagStatus",
            "tagPrefixList",
            "tagPatternList",
            "countType",
            "countUnit",
            "countNumber",
            "storageClass",
        ];
        if !known.contains(&key.as_str()) {
            return Err(format!(
                "lifecycle rule selects by `{key}`, which a config does not support"
            ));
        }
    }
    let mut has_tags = false;
    for key in ["tagPrefixList", "tagPatternList"] {
        if let Some(tags) =
            selection.get(key).filter(|it| it.as_array().is_none_or(|it| !it.is_empty()))
        {
            if !tags.is_array() {
                return Err(format!("`{key}` of a lifecycle rule is not a list"));
            }
            has_tags = true;
            found.insert(key.to_owned(), tags.clone());
        }
    }
    let status = text("tagStatus").ok_or_else(|| "lifecycle rule has no tag status".to_owned())?;
    if status != if has_tags { "tagged" } else { "any" } {
        found.insert("tagStatus".to_owned(), status.into());
    }
    if let Some(unit) = selection.get("countUnit").filter(|it| *it != "days") {
        return Err(format!("lifecycle rule counts in {unit}, which a config does not support"));
    }
    let limit = match text("countType") {
        Some("imageCountMoreThan") => ("maxImageCount", json!(number)),
        Some("sinceImagePushed") => ("maxImageAge", json!(format!("{number}d"))),
        Some("sinceImagePulled") => ("maxTimeSincePull", json!(format!("{number}d"))),
        Some("sinceImageTransitioned") => ("maxTimeSinceArchive", json!(format!("{number}d"))),
        other => {
            let other = other.unwrap_or_default();
            return Err(format!(
                "lifecycle rule counts by `{other}`, which a config does not support"
            ));
        }
    };
    found.insert(limit.0.to_owned(), limit.1);
    match action.and_then(|it| it.get("type")).and_then(Value::as_str) {
        Some("expire") => {}
        Some("transition") => {
            found.insert("action".to_owned(), "archive".into());
        }
        other => {
            let other = other.unwrap_or_default();
            return Err(format!(
                "lifecycle rule has the action `{other}`, which a config does not support"
            ));
        }
    }
    Ok((priority, found))
}
