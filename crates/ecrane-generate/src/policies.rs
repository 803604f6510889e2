//! Statements and grants.

use serde_json::{Value, json};

use super::mentions::{self, Mention};
use super::{Draft, Object, principals, words};

/// The `resourcePolicy` of a repository. Several statements share principals or actions, which the
/// CDK's `minimizePolicies` merges.
pub(super) fn resource_policy(draft: &mut Draft, at: usize) -> Value {
    let shared = principals::anyone(draft);
    let mut statements = Vec::new();
    for _ in 0..draft.random.between(1, 4) {
        let mut statement = Object::new();
        if draft.random.chance(30) {
            let sid = draft.unique("Sid");
            statement.insert("sid".into(), sid.into());
        }
        if draft.random.chance(25) {
            statement.insert("effect".into(), draft.random.pick(&["Allow", "Deny"]).into());
        }
        let principals =
            if draft.random.chance(60) {
                vec![if draft.random.chance(40) {
                    shared.clone()
                } else {
                    statement_principal(draft, at)
                }]
            } else {
                let count = draft.random.between(2, 3);
                // The AWS CDK rejects some of these.
                let mixed = !draft.ecrane() && draft.random.chance(4);
                (0..count)
                    .map(|_| {
                        if mixed { principals::anyone(draft) } else { principals::neighbour(draft) }
                    })
                    .collect()
            };
        statement.insert("principals".into(), principals.into());
        statement.insert("actions".into(), actions(draft));
        if draft.random.chance(20) {
            statement.insert("conditions".into(), principals::conditions(draft));
        }
        statements.push(Value::from(statement));
    }
    if draft.random.chance(15)
        && let Some(first) = statements.first().cloned()
    {
        statements.push(first);
    }
    document(draft, statements)
}

/// A policy: its statements, or a document with them.
pub(super) fn document(draft: &mut Draft, statements: Vec<Value>) -> Value {
    if draft.random.chance(40) {
        return statements.into();
    }
    let mut document = Object::new();
    if draft.random.chance(80) {
        let version = draft.random.pick(&["2008-10-17", "2012-10-17"]);
        document.insert("version".into(), version.into());
    }
    document.insert("statements".into(), statements.into());
    document.into()
}

fn statement_principal(draft: &mut Draft, at: usize) -> Value {
    if draft.random.chance(15)
        && let Some(id) = mentions::principal(draft, at, Mention::Statement)
    {
        return id.into();
    }
    principals::anyone(draft)
}

fn actions(draft: &mut Draft) -> Value {
    let count = draft.random.between(1, 3);
    draft.random.sample(&words::ACTIONS, count).into()
}

/// The `grants` of a repository, which may have a physical name.
pub(super) fn grants(draft: &mut Draft, at: usize, is_named: bool) -> Vec<Value> {
    let mut grants = Vec::new();
    if draft.ecrane() && draft.cdk2 && draft.random.chance(10) {
        let account = draft.random.pick(&words::ACCOUNTS);
        grants.push(json!({ "to": { "lambda": { "account": account } }, "allow": "pull" }));
    }
    for _ in 0..draft.random.between(1, 4) {
        let to = if draft.random.chance(70) {
            principals::grantee(draft, at, is_named)
        } else {
            let count = draft.random.between(1, 3);
            (0..count).map(|_| principals::grantee(draft, at, is_named)).collect::<Vec<_>>().into()
        };
        grants.push(grant(draft, to));
    }
    if draft.random.chance(20)
        && let Some(first) = grants.first().cloned()
    {
        grants.push(first);
    }
    grants
}

/// A grant for which the CDK version has a method.
pub(super) fn grant(draft: &mut Draft, to: impl Into<Value>) -> Value {
    let to = to.into();
    if draft.random.chance(20) {
        return json!({ "to": to, "actions": actions(draft) });
    }
    let methods: &[&str] =
        if draft.cdk2 { &["read", "pull", "push", "pullPush"] } else { &["pull", "pullPush"] };
    json!({ "to": to, "allow": draft.random.pick(methods) })
}
