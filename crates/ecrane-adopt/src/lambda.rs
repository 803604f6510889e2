//! Grants to the Lambda functions of an account, recovered from their two statements.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::draft::Dialect;
use crate::policy::Statement;
use crate::value::only;

const PULL: [&str; 2] = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

/// The statements of grants to the Lambda functions of an account, by index: one for the account and one
/// for the Lambda service, in the place of which are the accounts of the grants. Grants come after the
/// statements before `from`.
///
/// With `minimizePolicies`, the accounts of several grants are in one statement, each as often as it was
/// granted, and with others: they are taken out of it.
///
/// The ARN of an account can be written out with this partition.
pub(crate) fn of_lambda(
    statements: &mut [Statement],
    from: usize,
    dialect: Dialect,
    partition: Option<&str>,
) -> BTreeMap<usize, Vec<String>> {
    let all: Vec<usize> = statements
        .iter()
        .enumerate()
        .filter(|(_, it)| {
            it.actions == PULL && it.sid.is_none() && !it.is_deny && it.resources.is_empty()
        })
        .map(|(index, _)| index)
        .collect();
    let mut found = BTreeMap::new();
    for &of_service in &all {
        let Some(account) = statements.get(of_service).and_then(account).map(str::to_owned) else {
            continue;
        };
        let written = partition.map(|it| json!({ "arn": format!("arn:{it}:iam::{account}:root") }));
        let is_account =
            |it: &Value| *it == json!({ "account": account }) || Some(it) == written.as_ref();
        let of_account = all.iter().find(|at| {
            let statement = statements.get(**at).filter(|it| it.conditions.is_none());
            !found.contains_key(*at)
                && statement.is_some_and(|it| it.principals.iter().any(is_account))
        });
        let Some(&of_account) = of_account else { continue };
        let Some(other) = statements.get_mut(of_account) else { continue };
        let is_merged = dialect == Dialect::Minimized;
        let mut grants = 1;
        if is_merged {
            let before = other.principals.len();
            other.principals.retain(|it| !is_account(it));
            grants = before - other.principals.len();
        }
        found.insert(of_service, vec![account; grants]);
        // One that others share stays.
        if is_merged && other.principals.is_empty()
            || !is_merged && other.principals.len() == 1 && of_account >= from
        {
            found.insert(of_account, Vec::new());
        }
    }
    found
}

/// The account whose functions a statement for the Lambda service is about.
fn account(statement: &Statement) -> Option<&str> {
    let [principal] = statement.principals.as_slice() else { return None };
    let ("StringLike", keys) = only(statement.conditions.as_ref()?)? else { return None };
    let ("aws:sourceArn", Value::String(source)) = only(keys)? else { return None };
    let account = source.strip_prefix("arn:")?.split_once(":lambda:*:")?.1;
    let account = account.strip_suffix(":function:*")?;
    (*principal == json!({ "service": "lambda.amazonaws.com" })).then_some(account)
}
