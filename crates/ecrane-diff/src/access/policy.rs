//! Policies in JSON as documents that the access engine evaluates.

use std::borrow::Cow;

use ecrane_access::is_condition_operator;
use ecrane_core::{
    Conditions, Effect, Json, PolicyDocument, PolicyVersion, PrincipalKind, Principals, Statement,
    Value as Text,
};
use indexmap::IndexMap;
use serde_json::Value;

/// A policy document. All of its texts are literals. What the engine cannot evaluate is left out,
/// and its name is added to `unknown`.
pub(crate) fn document(value: &Value, unknown: &mut Vec<String>) -> PolicyDocument {
    let Value::Object(entries) = value else {
        if !value.is_null() {
            unknown.push("a policy that is no JSON object".to_owned());
        }
        return PolicyDocument::default();
    };
    // Without a version, IAM takes the earlier one.
    let version = match entries.get("Version").and_then(Value::as_str) {
        Some("2012-10-17") => PolicyVersion::V2012,
        _ => PolicyVersion::V2008,
    };
    let statements = entries.get("Statement").map(list).unwrap_or_default();
    let statements = statements.into_iter().filter_map(|it| match statement(it) {
        Ok(statement) => Some(statement),
        // What stands for a statement and is not known is noted already.
        Err(_) if it.is_string() && !unknown.is_empty() => None,
        Err(part) => {
            unknown.push(part);
            None
        }
    });
    PolicyDocument { version, statements: statements.collect() }
}

/// A statement, or the part of it that cannot be evaluated.
fn statement(value: &Value) -> Result<Statement, String> {
    let entries = value.as_object().ok_or("a statement that is no object")?;
    let mut found = Statement {
        sid: None,
        effect: Effect::Allow,
        actions: Vec::new(),
        principals: Principals::default(),
        resources: Vec::new(),
        conditions: Conditions::new(),
        place: ecrane_core::Place::default(),
        places: ecrane_core::ValuePlaces::default(),
    };
    for (key, value) in entries {
        match (key.as_str(), value) {
            ("Sid", _) => found.sid = value.as_str().map(str::to_owned),
            ("Effect", _) => match value.as_str() {
                Some("Allow") => found.effect = Effect::Allow,
                Some("Deny") => found.effect = Effect::Deny,
                _ => return Err("`Effect`".to_owned()),
            },
            ("Action", _) => {
                found.actions = texts(value, "Action")?.into_iter().map(Cow::from).collect();
            }
            ("Resource", _) => {
                let texts = texts(value, "Resource")?;
                found.resources = texts.into_iter().map(Text::from).collect();
            }
            ("Principal", Value::String(star)) if star == "*" => {
                found.principals = Principals::Star;
            }
            ("Principal", Value::Object(kinds)) => {
                let mut principals = IndexMap::new();
                for (kind, value) in kinds {
                    let kind = kind_of(kind).ok_or_else(|| format!("`Principal.{kind}`"))?;
                    let texts = texts(value, "Principal")?;
                    principals.insert(kind, texts.into_iter().map(Text::from).collect());
                }
                found.principals = Principals::ByKind(principals);
            }
            ("Condition", Value::Object(operators)) => {
                for (operator, keys) in operators {
                    if !is_condition_operator(operator) {
                        return Err(format!("`Condition.{operator}`"));
                    }
                    let keys = keys.as_object().ok_or_else(|| format!("`Condition.{operator}`"))?;
                    let keys = keys.iter().map(|(key, it)| (key.clone(), Json::from(it.clone())));
                    found.conditions.insert(operator.clone(), keys.collect());
                }
            }
            (part, _) => return Err(format!("`{part}`")),
        }
    }
    Ok(found)
}

fn kind_of(name: &str) -> Option<PrincipalKind> {
    let kinds = [
        PrincipalKind::Aws,
        PrincipalKind::CanonicalUser,
        PrincipalKind::Federated,
        PrincipalKind::Service,
    ];
    kinds.into_iter().find(|kind| kind.as_str() == name)
}

fn texts(value: &Value, part: &str) -> Result<Vec<String>, String> {
    let text = |it: &Value| it.as_str().map(str::to_owned).ok_or_else(|| format!("`{part}`"));
    list(value).into_iter().map(text).collect()
}

/// A list, or a value that stands for a list of one.
pub(crate) fn list(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |items| items.iter().collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_statements_and_names_what_it_cannot_read() {
        let mut unknown = Vec::new();
        let policy = json!({
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Deny", "Principal": { "AWS": ["*"], "Service": "a.amazonaws.com" },
                    "Action": "ecr:*", "Condition": { "Bool": { "aws:SecureTransport": false } }
                },
                { "Effect": "Allow", "Principal": "*", "NotAction": "ecr:PutImage" },
                { "Effect": "Allow", "Principal": { "AWS": [1] }, "Action": "ecr:*" },
            ]
        });
        let document = document(&policy, &mut unknown);
        assert_eq!(unknown, ["`NotAction`", "`Principal`"]);
        let [deny] = document.statements.as_slice() else { unreachable!("{document:?}") };
        assert_eq!((deny.effect, deny.actions.as_slice()), (Effect::Deny, &["ecr:*".into()][..]));
        let Principals::ByKind(kinds) = &deny.principals else { unreachable!("{deny:?}") };
        assert_eq!(kinds.len(), 2);
        assert_eq!(deny.conditions.len(), 1);
    }

    #[test]
    fn a_policy_without_a_version_is_of_the_earlier_one() {
        let mut unknown = Vec::new();
        assert_eq!(document(&json!({}), &mut unknown).version, PolicyVersion::V2008);
        assert_eq!(document(&Value::Null, &mut unknown), PolicyDocument::default());
        assert!(unknown.is_empty());
        document(&json!("text"), &mut unknown);
        assert_eq!(unknown.len(), 1);
    }
}
