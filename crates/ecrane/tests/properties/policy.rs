//! Policy documents, as the grants that they are.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::json;

/// Who may do what with what, and when: one of each.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Grant {
    /// Whose policy says it.
    pub(crate) holder: String,
    /// Which of the holder's policies says it.
    pub(crate) policy: String,
    version: String,
    sid: Option<String>,
    effect: String,
    principal: String,
    action: String,
    resource: String,
    condition: String,
}

impl Grant {
    /// The grant, no matter which of the holder's policies makes it.
    pub(crate) fn of_holder(self) -> Self {
        Self { policy: String::new(), ..self }
    }
}

/// The grants of a policy document. Its form is held to the grammar of IAM.
pub(crate) fn grants(
    holder: &str,
    policy: &str,
    document: &Value,
    into: &mut BTreeSet<Grant>,
) -> Result<(), String> {
    let mut read = || -> Result<(), String> {
        only_keys(document, &["Version", "Statement"])?;
        let version = json::text(&document["Version"])?;
        if !["2008-10-17", "2012-10-17"].contains(&version) {
            return Err("another version".to_owned());
        }
        let statements = document["Statement"].as_array().ok_or("no statements")?;
        for statement in statements {
            for grant in of_statement(statement)? {
                into.insert(Grant {
                    holder: holder.to_owned(),
                    policy: policy.to_owned(),
                    version: version.to_owned(),
                    ..grant
                });
            }
        }
        Ok(())
    };
    read().map_err(|fault| format!("policy of {holder}: {fault} in {document}"))
}

fn of_statement(statement: &Value) -> Result<Vec<Grant>, String> {
    only_keys(statement, &["Sid", "Effect", "Principal", "Action", "Resource", "Condition"])?;
    let effect = json::text(&statement["Effect"])?;
    if !["Allow", "Deny"].contains(&effect) {
        return Err(format!("effect {effect}"));
    }
    let sid = match &statement["Sid"] {
        Value::Null => None,
        sid => Some(json::text(sid)?.to_owned()),
    };
    let principals = match &statement["Principal"] {
        Value::Null => vec!["-".to_owned()],
        Value::String(all) if all == "*" => vec!["*".to_owned()],
        Value::Object(kinds) if !kinds.is_empty() => {
            let mut principals = Vec::new();
            for (kind, values) in kinds {
                principals
                    .extend(texts(values)?.into_iter().map(|value| format!("{kind}:{value}")));
            }
            principals
        }
        other => return Err(format!("principal {other}")),
    };
    let resources = match &statement["Resource"] {
        Value::Null => vec!["-".to_owned()],
        resources => texts(resources)?,
    };
    let condition = match &statement["Condition"] {
        Value::Null => String::new(),
        Value::Object(operators) if operators.values().all(Value::is_object) => {
            json::sorted(&statement["Condition"]).to_string()
        }
        other => return Err(format!("condition {other}")),
    };
    let mut grants = Vec::new();
    for action in texts(&statement["Action"])? {
        for principal in &principals {
            for resource in &resources {
                grants.push(Grant {
                    holder: String::new(),
                    policy: String::new(),
                    version: String::new(),
                    sid: sid.clone(),
                    effect: effect.to_owned(),
                    principal: principal.clone(),
                    action: action.clone(),
                    resource: resource.clone(),
                    condition: condition.clone(),
                });
            }
        }
    }
    Ok(grants)
}

/// One text, or several in a list.
fn texts(value: &Value) -> Result<Vec<String>, String> {
    match value {
        Value::Array(items) if !items.is_empty() => {
            items.iter().map(|item| Ok(json::text(item)?.to_owned())).collect()
        }
        one => Ok(vec![json::text(one)?.to_owned()]),
    }
}

fn only_keys(object: &Value, keys: &[&str]) -> Result<(), String> {
    let object = object.as_object().ok_or_else(|| format!("no object: {object}"))?;
    match object.keys().find(|key| !keys.contains(&key.as_str())) {
        Some(key) => Err(format!("unknown element `{key}`")),
        None => Ok(()),
    }
}
