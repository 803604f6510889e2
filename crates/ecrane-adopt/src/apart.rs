//! Principals that one policy writes alike and that are not the same.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::policy::Statement;
use crate::value::Env;

/// With `minimizePolicies`, statements for the same principals are one. Where a source has two, their
/// principals are others that a policy does not show: the AWS CDK takes each account, and each composite
/// principal, for another one.
pub(crate) fn set_apart(statements: &mut [Statement], env: &Env) {
    for at in 1..statements.len() {
        let (before, rest) = statements.split_at_mut(at);
        let Some(statement) = rest.first_mut() else { continue };
        if before.iter().any(|it| merges(it, statement))
            && let Some((at, other)) =
                statement.principals.iter().enumerate().find_map(|(at, it)| {
                    Some((at, other(it, env, statement.conditions.is_some())?))
                })
            && let Some(principal) = statement.principals.get_mut(at)
        {
            *principal = other;
        }
    }
}

/// Whether two statements differ in nothing but their actions.
fn merges(one: &Statement, other: &Statement) -> bool {
    let texts = |all: &[Value]| all.iter().map(ToString::to_string).collect::<BTreeSet<String>>();
    let has = |kind: &str| one.principals.iter().any(|it| it.get(kind).is_some());
    one.is_deny == other.is_deny
        && one.sid.is_none()
        && other.sid.is_none()
        && one.conditions == other.conditions
        && texts(&one.resources) == texts(&other.resources)
        && texts(&one.principals) == texts(&other.principals)
        && !["account", "composite", "star"].into_iter().any(has)
}

/// A principal that is written like another one.
fn other(principal: &Value, env: &Env, has_conditions: bool) -> Option<Value> {
    if let Some(partition) = env.region.as_ref().and_then(|_| env.pseudo("AWS::Partition"))
        && let Some(arn) = principal.get("arn").and_then(Value::as_str)
        && let Some(account) = arn.strip_prefix(&format!("arn:{partition}:iam::"))
        && let Some(account) = account.strip_suffix(":root")
    {
        return Some(json!({ "account": account }));
    }
    (principal.is_object() && !has_conditions).then(|| json!({ "composite": [principal] }))
}
