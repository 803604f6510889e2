//! The data sources that make policy documents.

use ecrane_document::json_value;
use serde_json::{Map, Value, json};

/// The document of `aws_iam_policy_document`, whose arguments are evaluated.
pub(super) fn iam_policy(arguments: &Map<String, Value>) -> Option<Value> {
    let known = ["version", "policy_id", "statement", "source_policy_documents", "json", "//"];
    if arguments.keys().any(|it| !known.contains(&it.as_str())) {
        return None;
    }
    let mut statements = Vec::new();
    for source in arguments.get("source_policy_documents").map(items).unwrap_or_default() {
        let parsed = source.as_str().and_then(|it| json_value(it).ok());
        let source: Value = parsed.unwrap_or_else(|| source.clone());
        statements.extend(items(source.get("Statement")?).into_iter().cloned());
    }
    for statement in arguments.get("statement").map(items).unwrap_or_default() {
        statements.push(self::statement(statement.as_object()?)?);
    }
    let version = arguments.get("version").cloned().unwrap_or_else(|| "2012-10-17".into());
    let mut document = json!({ "Version": version, "Statement": statements });
    if let Some(id) = arguments.get("policy_id") {
        document.as_object_mut()?.insert("Id".to_owned(), id.clone());
    }
    Some(document)
}

fn statement(arguments: &Map<String, Value>) -> Option<Value> {
    let mut statement = Map::new();
    let mut set = |key: &str, value: Value| statement.insert(key.to_owned(), value);
    set("Effect", "Allow".into());
    for (name, value) in arguments {
        match name.as_str() {
            "sid" => set("Sid", value.clone()),
            "effect" => set("Effect", value.clone()),
            "actions" => set("Action", value.clone()),
            "not_actions" => set("NotAction", value.clone()),
            "resources" => set("Resource", value.clone()),
            "not_resources" => set("NotResource", value.clone()),
            "principals" => set("Principal", principals(value)?),
            "not_principals" => set("NotPrincipal", principals(value)?),
            "condition" => set("Condition", conditions(value)?),
            _ => return None,
        };
    }
    Some(statement.into())
}

fn principals(blocks: &Value) -> Option<Value> {
    let mut principals: Map<String, Value> = Map::new();
    for block in items(blocks) {
        let kind = block.get("type")?.as_str()?;
        let identifiers = block.get("identifiers")?.as_array()?;
        if kind == "*" {
            return Some("*".into());
        }
        let list = principals.entry(kind).or_insert_with(|| json!([]));
        list.as_array_mut()?.extend(identifiers.iter().cloned());
    }
    for list in principals.values_mut() {
        if let Some([only]) = list.as_array().map(Vec::as_slice) {
            *list = only.clone();
        }
    }
    Some(principals.into())
}

fn conditions(blocks: &Value) -> Option<Value> {
    let mut conditions = Map::new();
    for block in items(blocks) {
        let of_test = conditions.entry(block.get("test")?.as_str()?).or_insert_with(|| json!({}));
        let values = block.get("values")?;
        let value = match values.as_array().map(Vec::as_slice) {
            Some([only]) => only.clone(),
            _ => values.clone(),
        };
        of_test.as_object_mut()?.insert(block.get("variable")?.as_str()?.to_owned(), value);
    }
    Some(conditions.into())
}

/// The document of `aws_ecr_lifecycle_policy_document`.
pub(super) fn lifecycle_policy(arguments: &Map<String, Value>) -> Option<Value> {
    let mut rules = Vec::new();
    for rule in arguments.get("rule").map(items).unwrap_or_default() {
        let mut found = Map::new();
        for (name, value) in rule.as_object()? {
            match name.as_str() {
                "priority" => found.insert("rulePriority".to_owned(), value.clone()),
                "description" => found.insert("description".to_owned(), value.clone()),
                "selection" => found.insert("selection".to_owned(), camel(items(value).first()?)?),
                "action" => found.insert("action".to_owned(), camel(items(value).first()?)?),
                _ => return None,
            };
        }
        found.entry("action").or_insert_with(|| json!({ "type": "expire" }));
        rules.push(Value::Object(found));
    }
    Some(json!({ "rules": rules }))
}

/// A block with its arguments in camel case.
fn camel(block: &Value) -> Option<Value> {
    let entries = block.as_object()?.iter().map(|(name, value)| {
        let mut words = name.split('_');
        let first = words.next().unwrap_or_default().to_owned();
        let rest = words.map(|word| {
            let mut letters = word.chars();
            let initial = letters.next().map(|it| it.to_ascii_uppercase());
            initial.into_iter().chain(letters).collect::<String>()
        });
        (std::iter::once(first).chain(rest).collect::<String>(), value.clone())
    });
    Some(Value::Object(entries.collect()))
}

/// Blocks: a list, or one.
fn items(value: &Value) -> Vec<&Value> {
    crate::value::list(value)
}
