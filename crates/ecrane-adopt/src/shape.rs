//! Whether two resources have the same parts. The order in which a policy has its statements and actions
//! is lost where grants are recovered from several policies; which statements were merged is not. An
//! account is written by its ID or by its ARN.

use serde_json::{Map, Value};

use crate::value::{Env, text};

/// A value with the sets of its policies in one order, and with accounts by their IDs.
pub(crate) fn shape(value: &Value) -> Value {
    match value {
        Value::Object(entries) => {
            let entry = |(key, value): (&String, &Value)| {
                let mut value = if key == "AWS" { accounts(value) } else { shape(value) };
                if let ("Statement" | "Action" | "Resource", Value::Array(items)) =
                    (key.as_str(), &mut value)
                {
                    items.sort_by_cached_key(ToString::to_string);
                }
                (key.clone(), value)
            };
            let mut entries: Vec<(String, Value)> = entries.iter().map(entry).collect();
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Object(entries.into_iter().collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(shape).collect(),
        // A policy in a module is JSON text.
        Value::String(text) if text.starts_with('{') => {
            serde_json::from_str(text).map_or_else(|_| value.clone(), |document| shape(&document))
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// The principals of a policy, with accounts by their IDs.
fn accounts(principals: &Value) -> Value {
    if let Value::Array(all) = principals {
        return all.iter().map(accounts).collect();
    }
    let arn = text(principals, &Env::default().marked()).unwrap_or_default();
    let id = arn.split_once(":iam::").and_then(|(_, it)| it.strip_suffix(":root"));
    id.map_or_else(|| shape(principals), Value::from)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn statements_in_another_order() {
        let one =
            json!({ "policy": { "Statement": [{ "Action": ["a", "b"] }, { "Action": "c" }] } });
        let text =
            json!({ "Statement": [{ "Action": "c" }, { "Action": ["b", "a"] }] }).to_string();
        let merged = json!({ "policy": { "Statement": [{ "Action": ["a", "b", "c"] }] } });
        assert_eq!(shape(&one), shape(&json!({ "policy": text })));
        assert_ne!(shape(&one), shape(&merged));
    }

    #[test]
    fn an_account_by_its_arn() {
        let policy = |account: Value| shape(&json!({ "Principal": { "AWS": [account, "*"] } }));
        let of = |account: Value| {
            let partition = json!({ "Ref": "AWS::Partition" });
            json!({ "Fn::Join": ["", ["arn:", partition, ":iam::", account, ":root"]] })
        };
        let id = json!("111122223333");
        assert_eq!(policy(id.clone()), policy(of(id.clone())));
        assert_ne!(policy(id), policy(of(json!({ "Ref": "AWS::AccountId" }))));
    }
}
