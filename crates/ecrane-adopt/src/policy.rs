//! Policy documents: statements and their principals, as a config writes them.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::draft::Dialect;
use crate::value::{Env, concat, list, only, reference, text, unknown};
use ecrane_document::json_value;

/// What is needed to read a policy.
pub(crate) struct Context<'c> {
    pub(crate) env: &'c Env,
    /// The construct ID of a role, user or group, by its ARN or name.
    pub(crate) identity: &'c dyn Fn(&Value) -> Option<String>,
}

/// A statement, with the parts from which grants are recovered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Statement {
    pub(crate) principals: Vec<Value>,
    pub(crate) actions: Vec<String>,
    /// The resources as the document has them.
    pub(crate) resources: Vec<Value>,
    pub(crate) conditions: Option<Value>,
    pub(crate) is_deny: bool,
    pub(crate) sid: Option<String>,
}

/// Why a config cannot express a policy.
pub(crate) type Reason = String;

/// The statements of a policy document, which is an object or JSON text; and its version, unless it
/// is the current one.
pub(crate) fn statements(
    document: &Value,
    context: &Context<'_>,
) -> Result<(Option<String>, Vec<Statement>), Reason> {
    let parsed = parsed(document)?;
    let document = parsed.as_ref().unwrap_or(document);
    let Some(entries) = document.as_object() else {
        return Err("policy is neither an object nor JSON text".to_owned());
    };
    let mut version = None;
    let mut found = Vec::new();
    for (key, value) in entries {
        match key.as_str() {
            "Version" => {
                let known = text(value, context.env);
                version = Some(known.ok_or_else(|| unknown("policy version", value))?);
            }
            "Statement" => {
                for statement in list(value) {
                    found.push(of_document(statement, context)?);
                }
            }
            other => return Err(format!("policy has `{other}`, which a config does not support")),
        }
    }
    // Without a version, IAM takes the earlier one.
    let version = version.unwrap_or_else(|| "2008-10-17".to_owned());
    Ok(((version != "2012-10-17").then_some(version), found))
}

/// The policy document of JSON text, or `None` if it is not text.
pub(crate) fn parsed(document: &Value) -> Result<Option<Value>, Reason> {
    Ok(if let Some(text) = document.as_str() {
        Some(json_value(text).map_err(|error| format!("policy text: {error}"))?)
    } else if only(document).is_some_and(|(name, _)| name == "Fn::Join") {
        // JSON text with references in it, as Fn::Sub and Fn::Join produce it.
        let parts = parts_of_text(document);
        Some(parts.ok_or_else(|| "policy text is not JSON between its references".to_owned())?)
    } else {
        None
    })
}

// A character for private use, which no policy contains.
const OPEN: char = '\u{f8fe}';
const CLOSE: char = '\u{f8ff}';

/// JSON text whose strings contain references, as JSON with `Fn::Join` in place of these strings.
fn parts_of_text(joined: &Value) -> Option<Value> {
    let (_, argument) = only(joined)?;
    let parts = argument.as_array()?.get(1)?.as_array()?;
    let mut text = String::new();
    for (index, part) in parts.iter().enumerate() {
        match part.as_str() {
            Some(part) => text.push_str(part),
            None => text.extend([OPEN.to_string(), index.to_string(), CLOSE.to_string()]),
        }
    }
    restore(&json_value(&text).ok()?, parts)
}

fn restore(value: &Value, parts: &[Value]) -> Option<Value> {
    Some(match value {
        Value::String(text) if text.contains(OPEN) => {
            let mut found: Vec<Value> = Vec::new();
            let mut rest = text.as_str();
            while let Some((before, from)) = rest.split_once(OPEN) {
                let (index, after) = from.split_once(CLOSE)?;
                found.push(before.into());
                found.push(parts.get(index.parse::<usize>().ok()?)?.clone());
                rest = after;
            }
            found.push(rest.into());
            found.retain(|it| it != "");
            match found.as_slice() {
                [one] => one.clone(),
                _ => concat(found),
            }
        }
        Value::Array(items) => {
            items.iter().map(|it| restore(it, parts)).collect::<Option<Vec<_>>>()?.into()
        }
        Value::Object(entries) => {
            let entries = entries.iter().map(|(key, it)| Some((key.clone(), restore(it, parts)?)));
            Value::Object(entries.collect::<Option<Map<_, _>>>()?)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    })
}

fn of_document(statement: &Value, context: &Context<'_>) -> Result<Statement, Reason> {
    let Some(entries) = statement.as_object() else {
        return Err("statement is not an object".to_owned());
    };
    let mut found = Statement {
        principals: Vec::new(),
        actions: Vec::new(),
        resources: Vec::new(),
        conditions: None,
        is_deny: false,
        sid: None,
    };
    let known =
        |value: &Value, what: &str| text(value, context.env).ok_or_else(|| unknown(what, value));
    for (key, value) in entries {
        match key.as_str() {
            "Sid" => found.sid = Some(known(value, "Sid")?),
            "Effect" => {
                found.is_deny = match known(value, "effect")?.as_str() {
                    "Allow" => false,
                    "Deny" => true,
                    other => return Err(format!("effect `{other}` is neither Allow nor Deny")),
                }
            }
            "Action" => {
                found.actions = list(value)
                    .into_iter()
                    .map(|it| known(it, "action"))
                    .collect::<Result<_, _>>()?;
            }
            "Resource" => found.resources = list(value).into_iter().cloned().collect(),
            "Principal" => found.principals = principals(value, context)?,
            "Condition" => found.conditions = Some(conditions(value, context)?),
            other => {
                return Err(format!("statement has `{other}`, which a config does not support"));
            }
        }
    }
    Ok(found)
}

fn conditions(value: &Value, context: &Context<'_>) -> Result<Value, Reason> {
    Ok(match value {
        Value::Object(entries) => {
            if let Some(text) = text(value, context.env) {
                return Ok(text.into());
            }
            if reference(value).is_some()
                || only(value).is_some_and(|(it, _)| it.starts_with("Fn::"))
            {
                return Err(unknown("condition", value));
            }
            let entries =
                entries.iter().map(|(key, it)| Ok((key.clone(), conditions(it, context)?)));
            Value::Object(entries.collect::<Result<Map<_, _>, Reason>>()?)
        }
        Value::Array(items) => {
            items.iter().map(|it| conditions(it, context)).collect::<Result<Vec<_>, _>>()?.into()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    })
}

/// The principals of a statement, in the order of the document.
fn principals(value: &Value, context: &Context<'_>) -> Result<Vec<Value>, Reason> {
    if value == "*" {
        return Ok(vec![json!({ "star": true })]);
    }
    let Some(entries) = value.as_object() else {
        return Err(format!("principal is none that AWS documents: {value}"));
    };
    let mut found = Vec::new();
    for (kind, values) in entries {
        for value in list(values) {
            let known = || text(value, context.env).ok_or_else(|| unknown("principal", value));
            found.push(match kind.as_str() {
                "AWS" => aws_principal(value, context)?,
                "Service" => {
                    json!({ "service": known().or_else(|reason| service(value).ok_or(reason))? })
                }
                "Federated" => json!({ "federated": known()? }),
                "CanonicalUser" => json!({ "canonicalUser": known()? }),
                other => return Err(format!("principal is of the unknown kind `{other}`")),
            });
        }
    }
    Ok(found)
}

/// The name of a service principal that version 1 of the AWS CDK writes with the region of the stack,
/// such as `codedeploy.${AWS::Region}.${AWS::URLSuffix}`.
fn service(value: &Value) -> Option<String> {
    let parts = only(value)?.1.get(1)?.as_array()?;
    let [Value::String(short), region, ..] = parts.as_slice() else { return None };
    let is_region = only(region) == Some(("Ref", &"AWS::Region".into()));
    is_region.then(|| format!("{short}amazonaws.com"))
}

fn aws_principal(value: &Value, context: &Context<'_>) -> Result<Value, Reason> {
    if value == "*" {
        return Ok(json!({ "any": true }));
    }
    if let Some(id) = (context.identity)(value) {
        return Ok(id.into());
    }
    let Some(text) = text(value, context.env) else {
        // `arn:${AWS::Partition}:iam::${AWS::AccountId}:root`, in a stack without an account.
        return Err(unknown("principal", value));
    };
    let is_account = |it: &str| it.len() == 12 && it.bytes().all(|b| b.is_ascii_digit());
    if is_account(&text) {
        return Ok(json!({ "account": text }));
    }
    let account = text
        .strip_prefix("arn:")
        .and_then(|it| it.split_once(":iam::"))
        .and_then(|(_, it)| it.strip_suffix(":root"))
        .filter(|it| is_account(it));
    // A literal ARN stays literal: in the template of an account principal, the partition is a reference.
    Ok(match account {
        Some(account) if value.is_object() => json!({ "account": account }),
        _ => json!({ "arn": text }),
    })
}

impl Statement {
    /// The one principal to which the statement applies, with its conditions, if there is one.
    pub(crate) fn principal(&self) -> Option<Value> {
        let [principal] = self.principals.as_slice() else { return None };
        let Some(conditions) = &self.conditions else { return Some(principal.clone()) };
        // A role, user or group takes no conditions.
        let mut with = principal.as_object()?.clone();
        if with.contains_key("any")
            && let Some(("StringEquals", keys)) = only(conditions)
            && let Some(("aws:PrincipalOrgID", Value::String(organization))) = only(keys)
        {
            return Some(json!({ "organization": organization }));
        }
        with.insert("conditions".to_owned(), conditions.clone());
        Some(with.into())
    }

    /// The statement as an element of a config.
    pub(crate) fn element(&self, env: &Env) -> Result<Value, Reason> {
        let mut element = Map::new();
        if let Some(sid) = &self.sid {
            element.insert("sid".to_owned(), sid.as_str().into());
        }
        if self.is_deny {
            element.insert("effect".to_owned(), "Deny".into());
        }
        match self.principal().filter(|it| it.get("organization").is_some()) {
            Some(organization) => {
                element.insert("principals".to_owned(), json!([organization]));
            }
            None if self.principals.is_empty() => {}
            None => {
                element.insert("principals".to_owned(), self.principals.clone().into());
            }
        }
        if !self.actions.is_empty() {
            element.insert("actions".to_owned(), self.actions.clone().into());
        }
        if !self.resources.is_empty() {
            let resources = self
                .resources
                .iter()
                .map(|it| text(it, env).ok_or_else(|| unknown("resource", it)));
            let resources: Vec<String> = resources.collect::<Result<_, _>>()?;
            element.insert("resources".to_owned(), resources.into());
        }
        let is_organization = element
            .get("principals")
            .and_then(|it| it.get(0))
            .is_some_and(|it| it.get("organization").is_some());
        if let Some(conditions) = self.conditions.as_ref().filter(|_| !is_organization) {
            element.insert("conditions".to_owned(), conditions.clone());
        }
        Ok(element.into())
    }
}

/// Whether the first statement of a key policy is one that ecrane writes: it lets the policies of the
/// account control access.
pub(crate) fn is_key_policy(document: &Value, account: Option<&str>) -> bool {
    let first = document.get("Statement").and_then(|it| list(it).first().copied());
    let Some(first) = first.and_then(Value::as_object) else { return false };
    let to = first.get("Principal").map(ToString::to_string).unwrap_or_default();
    document.get("Id").is_none()
        && first.len() == 4
        && first.get("Effect").is_some_and(|it| it == "Allow")
        && first.get("Resource").is_some_and(|it| it == "*")
        && to.contains(":root")
        && (account.is_some_and(|it| to.contains(it)) || to.contains("AWS::AccountId"))
        && first.get("Action").is_some_and(|it| *it == "kms:*" || it.is_array())
}

const PULL: [&str; 3] =
    ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"];
const PUSH: [&str; 5] = [
    "ecr:CompleteLayerUpload",
    "ecr:UploadLayerPart",
    "ecr:InitiateLayerUpload",
    "ecr:BatchCheckLayerAvailability",
    "ecr:PutImage",
];
const READ: [&str; 2] = ["ecr:DescribeRepositories", "ecr:DescribeImages"];

/// What `pullPush` adds to the statement of `pull` in version 1 of the AWS CDK.
pub(crate) const PUSH_OF_V1: [&str; 4] =
    ["ecr:PutImage", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload"];

/// Whether a policy has a statement as version 1 of the AWS CDK writes it.
pub(crate) fn has_push_of_v1(policy: &Value) -> bool {
    let statements = policy.get("Statement").and_then(Value::as_array);
    statements.into_iter().flatten().any(|statement| {
        let actions = statement.get("Action").and_then(Value::as_array);
        actions.is_some_and(|it| it.iter().eq(PUSH_OF_V1.iter()))
    })
}

/// The permissions of a dialect, with their actions in its order.
fn permissions(dialect: Dialect) -> Vec<(&'static str, Vec<&'static str>)> {
    let both = PULL.iter().chain(PUSH.iter().filter(|it| !PULL.contains(it)));
    let all = [
        ("pullPush", both.copied().collect()),
        ("pull", PULL.to_vec()),
        ("push", PUSH.to_vec()),
        ("read", READ.to_vec()),
    ];
    match dialect {
        Dialect::V1 => all.into_iter().filter(|(name, _)| *name == "pull").collect(),
        Dialect::V2 => all.into(),
        Dialect::Minimized => {
            let sorted = all.into_iter().map(|(name, mut actions)| {
                actions.sort_unstable();
                (name, actions)
            });
            sorted.collect()
        }
    }
}

/// The permission of a grant: `allow` if the actions are exactly those of a permission, otherwise
/// `actions`. Where a program wrote the actions, another order is not that of `allow`.
pub(crate) fn permission(
    actions: &[String],
    dialect: Dialect,
    in_order: bool,
) -> (&'static str, Value) {
    let given: BTreeSet<&str> = actions.iter().map(String::as_str).collect();
    let is = |permission: &[&str]| {
        if in_order {
            permission == actions
        } else {
            given.len() == actions.len() && given == permission.iter().copied().collect()
        }
    };
    match permissions(dialect).into_iter().find(|(_, permission)| is(permission)) {
        Some((name, _)) => ("allow", name.into()),
        None => ("actions", actions.to_vec().into()),
    }
}
