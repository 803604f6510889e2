//! Recognizes lifecycle rules, policy statements and principals in AWS's own form, and translates
//! them into the form of the config.

use ecrane_core::Place;
use ecrane_document::{Node, NodeKind};
use serde_json::{Map, Value, json};

/// The values in AWS's form below a node: place, kind, and translation.
pub(crate) fn find(node: &Node, place: &Place, found: &mut Vec<(Place, &'static str, Value)>) {
    match &node.kind {
        NodeKind::Map(entries) => {
            for (key, entry) in entries.iter() {
                let (place, value) = (place.key(key), &entry.node);
                if let Some((form, translation)) = translated(key, value) {
                    found.push((place, form, translation));
                } else {
                    find(value, &place, found);
                }
            }
        }
        NodeKind::List(items) => {
            for (index, item) in items.iter().enumerate() {
                let place = place.index(index);
                let value = || item.to_json();
                let translation = if item.get("selection").is_some() {
                    rule(&value()).map(|rule| ("lifecycle rule", rule))
                } else if item.get("Effect").is_some() || item.get("Action").is_some() {
                    statement(&value()).map(|statement| ("policy statement", statement))
                } else {
                    principals(&value())
                        .filter(|all| all.len() == 1)
                        .and_then(|mut all| Some(("principal", all.pop()?)))
                };
                match translation {
                    Some((form, translation)) => found.push((place, form, translation)),
                    None => find(item, &place, found),
                }
            }
        }
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) => {}
    }
}

/// The translation of the value of a key, if it is as a whole in AWS's form.
fn translated(key: &str, value: &Node) -> Option<(&'static str, Value)> {
    let all = |items: &Value, translate: fn(&Value) -> Option<Value>| {
        items.as_array()?.iter().map(translate).collect::<Option<Vec<_>>>().map(Value::from)
    };
    match key {
        "lifecycleRules" => {
            all(value.to_json().get("rules")?, rule).map(|rules| ("lifecycle policy", rules))
        }
        "resourcePolicy" | "policy" => {
            let statements = value.to_json().get("Statement")?.clone();
            all(&statements, statement).map(|statements| ("policy", statements))
        }
        "to" | "principals" | "assumedBy" => {
            let mut all = principals(&value.to_json())?;
            let translation = match (key, all.len()) {
                ("principals", _) => all.into(),
                (_, 1) => all.pop()?,
                ("assumedBy", _) => json!({ "composite": all }),
                _ => all.into(),
            };
            Some(("principal", translation))
        }
        _ => None,
    }
}

/// A rule of a lifecycle policy text.
fn rule(rule: &Value) -> Option<Value> {
    let selection = rule.get("selection")?;
    let mut translation = Map::new();
    for (from, key) in [(rule, "rulePriority"), (rule, "description")]
        .into_iter()
        .chain(["tagStatus", "tagPrefixList", "tagPatternList"].map(|key| (selection, key)))
    {
        if let Some(value) = from.get(key) {
            translation.insert(key.to_owned(), value.clone());
        }
    }
    let count = selection.get("countNumber")?.as_u64()?;
    let days = Value::from(format!("{count}d"));
    let (key, limit) = match selection.get("countType")?.as_str()? {
        "imageCountMoreThan" => ("maxImageCount", Value::from(count)),
        "sinceImagePushed" => ("maxImageAge", days),
        "sinceImagePulled" => ("maxTimeSincePull", days),
        "sinceImageTransitioned" => ("maxTimeSinceArchive", days),
        _ => return None,
    };
    translation.insert(key.to_owned(), limit);
    if rule.pointer("/action/type").is_some_and(|action| action == "transition") {
        translation.insert("action".to_owned(), "archive".into());
    }
    Some(translation.into())
}

/// A statement of a policy document. Statements with `NotPrincipal` and the like have no
/// translation.
fn statement(statement: &Value) -> Option<Value> {
    let list = |value: &Value| if value.is_array() { value.clone() } else { json!([value]) };
    let mut translation = Map::new();
    for (key, value) in statement.as_object()? {
        let (key, value) = match key.as_str() {
            "Sid" => ("sid", value.clone()),
            "Effect" => ("effect", value.clone()),
            "Principal" => ("principals", principals(value)?.into()),
            "Action" => ("actions", list(value)),
            "Resource" => ("resources", list(value)),
            "Condition" => ("conditions", value.clone()),
            _ => return None,
        };
        translation.insert(key.to_owned(), value);
    }
    Some(translation.into())
}

/// A principal element: `"*"`, or a map of kinds.
fn principals(element: &Value) -> Option<Vec<Value>> {
    if element == "*" {
        return Some(vec![json!({ "star": true })]);
    }
    let mut all = Vec::new();
    for (kind, values) in element.as_object()? {
        let values = values.as_array().map_or(std::slice::from_ref(values), Vec::as_slice);
        for value in values {
            let text = value.as_str()?;
            all.push(match kind.as_str() {
                "AWS" => aws(text),
                "Service" => json!({ "service": text }),
                "Federated" => json!({ "federated": text }),
                "CanonicalUser" => json!({ "canonicalUser": text }),
                _ => return None,
            });
        }
    }
    Some(all).filter(|all| !all.is_empty())
}

fn aws(text: &str) -> Value {
    let is_account = |id: &&str| id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit());
    let root = text.split_once(":iam::").and_then(|(_, rest)| rest.strip_suffix(":root"));
    match Some(text).filter(is_account).or(root.filter(is_account)) {
        _ if text == "*" => json!({ "any": true }),
        Some(account) => json!({ "account": account }),
        None => json!({ "arn": text }),
    }
}
