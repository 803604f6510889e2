//! The references behind the literal values of a state.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::policy;
use crate::value::{Env, concat, reference};
use ecrane_document::json_value;

/// The resources of a state by the values that refer to them.
#[derive(Debug, Default)]
pub(super) struct Links {
    by_arn: BTreeMap<String, String>,
    by_name: BTreeMap<(String, String), String>,
    by_uri: BTreeMap<String, String>,
    env: Env,
}

/// The attribute with the name of a resource that others refer to.
pub(super) fn name_of(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "aws_ecr_repository"
        | "aws_iam_role"
        | "aws_iam_user"
        | "aws_iam_group"
        | "aws_iam_policy"
        | "aws_cloudwatch_event_rule" => "name",
        "aws_ecrpublic_repository" => "repository_name",
        "aws_kms_key" => "key_id",
        _ => return None,
    })
}

impl Links {
    pub(super) fn new<'r>(
        resources: impl Iterator<Item = (&'r str, &'r str, &'r Map<String, Value>)>,
        env: Env,
    ) -> Self {
        let mut links = Self { env, ..Self::default() };
        for (address, kind, values) in resources {
            let Some(name) = name_of(kind) else { continue };
            let text = |key: &str| values.get(key).and_then(Value::as_str).map(str::to_owned);
            if let Some(name) = text(name) {
                let key = (kind.to_owned(), name);
                links.by_name.entry(key).or_insert_with(|| address.to_owned());
            }
            if let Some(arn) = text("arn") {
                links.by_arn.entry(arn).or_insert_with(|| address.to_owned());
            }
            if let Some(uri) = text("repository_url") {
                links.by_uri.entry(uri).or_insert_with(|| address.to_owned());
            }
        }
        links
    }

    /// The address of a resource with a name, an ARN or, for keys, an ID.
    pub(super) fn address(&self, kind: &str, name: &str) -> Option<&str> {
        let address = self.by_name.get(&(kind.to_owned(), name.to_owned()));
        address.or_else(|| self.by_arn.get(name)).map(String::as_str)
    }

    /// A reference to the name of a resource of the state, or the literal value.
    pub(super) fn name(&self, kind: &str, value: &Value) -> Value {
        if reference(value).is_some() {
            return value.clone();
        }
        let address = value.as_str().and_then(|name| self.address(kind, name));
        address.map_or_else(|| value.clone(), |address| json!({ "Ref": address }))
    }

    /// A reference to the ARN of a resource of the state, or the literal value.
    pub(super) fn arn(&self, value: &Value) -> Value {
        let address = value.as_str().and_then(|arn| self.by_arn.get(arn));
        address.map_or_else(|| value.clone(), |it| json!({ "Fn::GetAtt": [it, "Arn"] }))
    }

    /// An ARN of IAM whose partition is that of the stack, so that the short form of a config renders
    /// to it.
    pub(super) fn in_partition(&self, value: &Value) -> Value {
        let linked = self.arn(value);
        let partition = self.env.region.as_ref().and_then(|_| self.env.pseudo("AWS::Partition"));
        match (linked.as_str(), partition) {
            (Some(arn), Some(partition)) => {
                let rest = arn.strip_prefix(&format!("arn:{partition}:iam::"));
                let is_short =
                    |rest: &&str| rest.ends_with(":root") || rest.starts_with("aws:policy/");
                rest.filter(is_short).map_or(linked.clone(), |rest| {
                    concat([
                        "arn:".into(),
                        json!({ "Ref": "AWS::Partition" }),
                        format!(":iam::{rest}").into(),
                    ])
                })
            }
            _ => linked,
        }
    }

    /// A policy document with references to the principals and repositories of the state. What is not
    /// a document stays as it is.
    pub(super) fn policy(&self, value: &Value, is_of_identity: bool) -> Value {
        let parsed = value.as_str().and_then(|text| json_value(text).ok());
        let Some(mut document) = parsed.filter(Value::is_object) else { return value.clone() };
        let each = |statement: &mut Value| {
            if let Some(aws) = statement.pointer_mut("/Principal/AWS") {
                map(aws, &|it| self.in_partition(it));
            }
            if let Some(resource) = statement.get_mut("Resource").filter(|_| is_of_identity) {
                map(resource, &|it| self.arn(it));
            }
        };
        match document.get_mut("Statement") {
            Some(Value::Array(statements)) => statements.iter_mut().for_each(each),
            Some(statement) => each(statement),
            None => {}
        }
        document
    }

    /// Whether a key policy begins as ecrane's do.
    pub(super) fn is_key_policy(&self, value: &Value) -> bool {
        let parsed = policy::parsed(value).ok().flatten();
        policy::is_key_policy(parsed.as_ref().unwrap_or(value), self.env.account.as_deref())
    }

    /// An event pattern with references to the repositories of the state.
    pub(super) fn pattern(&self, value: &Value) -> Value {
        let parsed = value.as_str().and_then(|text| json_value(text).ok());
        let Some(mut pattern) = parsed else { return value.clone() };
        self.names_in(&mut pattern);
        pattern
    }

    fn names_in(&self, pattern: &mut Value) {
        for (key, value) in pattern.as_object_mut().into_iter().flatten() {
            match key.as_str() {
                "repository-name" | "repositoryName" => {
                    map(value, &|it| self.name("aws_ecr_repository", it));
                }
                "resources" => {
                    map(value, &|it| self.arn(it));
                    self.names_in(value);
                }
                _ => self.names_in(value),
            }
        }
    }

    /// The value of an output with a reference, if it is an attribute of a resource of the state.
    pub(super) fn output(&self, value: &Value) -> Value {
        let Some(text) = value.as_str() else { return value.clone() };
        let linked = self.arn(value);
        if !linked.is_string() {
            return linked;
        }
        let end =
            text.rfind('@').or_else(|| text.rfind(':').filter(|at| text.rfind('/') < Some(*at)));
        for end in [Some(text.len()), end].into_iter().flatten() {
            let Some((uri, suffix)) = text.split_at_checked(end) else { continue };
            if let Some(address) = self.by_uri.get(uri) {
                let uri = json!({ "Fn::GetAtt": [address, "RepositoryUri"] });
                return if suffix.is_empty() { uri } else { concat([uri, suffix.into()]) };
            }
        }
        let named =
            ["aws_ecr_repository", "aws_iam_role", "aws_iam_user", "aws_iam_group", "aws_kms_key"];
        let named = named.iter().find_map(|kind| self.address(kind, text));
        named.map_or(linked, |address| json!({ "Ref": address }))
    }
}

/// Replaces a value, or each item of a list.
fn map(value: &mut Value, with: &dyn Fn(&Value) -> Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|it| *it = with(it)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            *value = with(value);
        }
    }
}
