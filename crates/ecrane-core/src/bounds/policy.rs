//! Checks of repository policies and registry policies.

use std::borrow::Cow;

use ecrane_document::{Explain, Place, suggest};
use indexmap::IndexMap;
use thiserror::Error;

use super::{Findings, Rule, actions, condition_keys, principals};
use crate::json_text::JsonText;
use crate::names::Environment;
use crate::policy::{
    Conditions, Effect, PolicyDocument, PrincipalKind, Principals, Statement, StatementPart,
};
use crate::value::{ArnField, Attribute, Json, Pseudo, Value};

const SIZE: Rule = Rule {
    code: "policy::too_large",
    what: "policy",
    help: "grant to an account, an `organization` or an `organizationalUnit` instead of many principals; values unknown until deployment are counted at their minimum length (ECR API reference, SetRepositoryPolicy, policyText)",
};
const MOST: usize = 10_240;

/// Condition keys that restrict the caller or its network. A statement for everybody without any of
/// them is public: IAM user guide, "AWS global condition context keys".
const BOUNDING: [&str; 15] = [
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceip",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourcevpc",
    "aws:sourcevpcarn",
    "aws:sourcevpce",
    "aws:userid",
    "aws:vpceaccount",
    "aws:vpceorgid",
];

/// What a policy belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PolicyOf {
    /// A repository.
    Repository,
    /// A public repository.
    PublicRepository,
    /// The repositories of a creation template.
    Template,
    /// The registry.
    Registry,
    /// A role, user or group.
    Identity,
    /// A role, as the policy of who may assume it.
    Trust,
    /// A KMS key.
    Key,
}

/// Checks the policy of a repository or registry.
pub(crate) fn resource_policy(
    policy: &PolicyDocument,
    of: PolicyOf,
    place: &Place,
    env: &Environment,
    findings: &mut Findings,
) {
    if !policy.statements.is_empty() {
        findings.characters(characters(policy), (0, MOST), &SIZE, || place.clone().on_key());
    }
    statements(policy, of, env, findings);
}

const KEY_POLICY_SIZE: Rule = Rule {
    code: "key::policy_length",
    what: "key policy",
    help: "grant to an account or an `organization` instead of many principals; values unknown until deployment are counted at their minimum length (KMS developer guide, \"Resource quotas\")",
};

/// Checks the policy of a KMS key.
pub(crate) fn key_policy(
    policy: &PolicyDocument,
    place: &Place,
    env: &Environment,
    findings: &mut Findings,
) {
    let place = || place.clone().on_key();
    findings.characters(characters(policy), (0, 32_768), &KEY_POLICY_SIZE, place);
    statements(policy, PolicyOf::Key, env, findings);
}

/// The operators of conditions: IAM user guide, "IAM JSON policy elements: Condition operators".
const OPERATORS: [&str; 27] = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
];

/// Whether IAM has a condition operator, and otherwise the likely intended one. `Null` takes no
/// `IfExists`.
fn operator(operator: &str) -> Result<(), Option<&'static str>> {
    let operator = operator.to_ascii_lowercase();
    let single = ["foranyvalue:", "forallvalues:"]
        .iter()
        .find_map(|set| operator.strip_prefix(set))
        .unwrap_or(&operator);
    let plain = single.strip_suffix("ifexists").unwrap_or(single);
    let is_known = OPERATORS.iter().any(|known| known.eq_ignore_ascii_case(plain));
    match (is_known, plain == "null" && single != plain) {
        (true, false) => Ok(()),
        (true, true) => Err(Some("Null")),
        (false, _) => Err(suggest(plain, OPERATORS)),
    }
}

/// Checks the statements of a policy.
pub(crate) fn statements(
    policy: &PolicyDocument,
    of: PolicyOf,
    env: &Environment,
    findings: &mut Findings,
) {
    for (index, statement) in policy.statements.iter().enumerate() {
        actions::actions(statement, of, findings);
        principals::principals(statement, env, findings);
        check_conditions(statement, findings);
        if statement.effect == Effect::Allow
            && is_everybody(&statement.principals)
            && !is_bounded(&statement.conditions)
            && !(of == PolicyOf::PublicRepository && only_reads(&statement.actions))
        {
            let statement_name = match &statement.sid {
                Some(sid) if !sid.is_empty() => format!("statement `{sid}`"),
                _ => format!("statement {} of the policy", index + 1),
            };
            let actions = format!("`{}`", statement.actions.join("`, `"));
            let warning = PolicyWarning::Public { statement: statement_name, actions };
            let place = statement.place_of(StatementPart::Principal, "*").on_key();
            findings.warning(place, warning);
        }
    }
}

fn check_conditions(statement: &Statement, findings: &mut Findings) {
    for (name, keys) in &statement.conditions {
        let place = statement.place_of(StatementPart::Condition, name);
        if let Err(suggestion) = operator(name) {
            let error = PolicyLimitError::UnknownOperator { operator: name.clone(), suggestion };
            findings.error(place.clone().on_key(), error);
        }
        for (key, value) in keys {
            if is_intrinsic(key) {
                let error = PolicyLimitError::Intrinsic { name: key.clone() };
                findings.refused_by_aws(place.key(key).on_key(), error);
            } else {
                let place = place.key(key);
                check_condition(key, value, &place, findings);
                condition_keys::check(name, key, &place, findings);
            }
        }
    }
}

/// IAM user guide, "IAM JSON policy elements: Condition"
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html>):
/// the value of a condition key is one value or a list of values.
fn check_condition(key: &str, value: &Json, place: &Place, findings: &mut Findings) {
    let single = |value: &Json| matches!(value, Json::Text(_) | Json::Bool(_) | Json::Number(_));
    let mut check = |value: &Json, place: Place| {
        if single(value) {
            return;
        }
        if let Json::Map(entries) = value
            && let Some(name) = entries.keys().find(|key| is_intrinsic(key))
        {
            let error = PolicyLimitError::Intrinsic { name: name.clone() };
            findings.refused_by_aws(place.key(name).on_key(), error);
        } else {
            let error = PolicyLimitError::ConditionValue { key: key.to_owned() };
            findings.refused_by_aws(place, error);
        }
    };
    if let Json::List(items) = value {
        for (index, item) in items.iter().enumerate() {
            check(item, place.index(index));
        }
    } else {
        check(value, place.clone());
    }
}

/// Whether a key is that of an intrinsic function of CloudFormation.
pub(crate) fn is_intrinsic(key: &str) -> bool {
    key == "Ref" || key.starts_with("Fn::")
}

/// Whether all actions only read: everybody can pull from the Amazon ECR Public Gallery anyway.
fn only_reads(actions: &[Cow<'_, str>]) -> bool {
    actions.iter().all(|action| {
        let action = action.to_ascii_lowercase();
        let name = action.strip_prefix("ecr-public:").unwrap_or_default();
        ["batchcheck", "batchget", "describe", "get", "list"]
            .iter()
            .any(|verb| name.starts_with(verb))
    })
}

fn is_everybody(principals: &Principals) -> bool {
    match principals {
        Principals::Star => true,
        Principals::ByKind(kinds) => kinds
            .get(&PrincipalKind::Aws)
            .is_some_and(|values| values.iter().any(|value| value.as_literal() == Some("*"))),
    }
}

/// Whether a condition restricts the callers. Conditions that only exclude callers, that also hold
/// if the key is absent, or that match any value do not.
fn is_bounded(conditions: &Conditions) -> bool {
    conditions.iter().any(|(operator, keys)| {
        let operator = operator.to_ascii_lowercase();
        let narrows = !operator.contains("not")
            && !operator.ends_with("ifexists")
            && !operator.starts_with("forallvalues:")
            && !operator.ends_with("null");
        narrows
            && keys.iter().any(|(key, value)| {
                let key = key.to_ascii_lowercase();
                BOUNDING.contains(&key.as_str()) && !takes_anything(value)
            })
    })
}

fn takes_anything(value: &Json) -> bool {
    match value {
        Json::Text(value) => value.as_literal().is_some_and(is_anything),
        Json::List(items) => items.is_empty() || items.iter().any(takes_anything),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Map(_) => false,
    }
}

/// Whether a value of a bounding key stands for everybody: every organization, account, network or
/// ARN, such as `o-*`, `0.0.0.0/0` and `arn:aws:iam::*:role/ci`, which is a role of any account.
fn is_anything(value: &str) -> bool {
    let is_open = |text: &str| !text.is_empty() && text.chars().all(|c| c == '*' || c == '?');
    let id = value.split('/').next().unwrap_or_default();
    let id = ["o-", "vpc-", "vpce-"].iter().find_map(|kind| id.strip_prefix(kind)).unwrap_or(id);
    let account = value.strip_prefix("arn:").and_then(|fields| fields.split(':').nth(3));
    let is_network = |it: &str| it.parse::<std::net::IpAddr>().is_ok();
    is_open(id)
        || value.starts_with('*')
        || value.strip_suffix("/0").is_some_and(is_network)
        || account.is_some_and(is_open)
        // The pattern ends before the account.
        || (value.starts_with("arn:") && value.ends_with('*') && account.is_none())
}

/// The number of characters of the [shortest text](text) of a policy document.
fn characters(policy: &PolicyDocument) -> usize {
    let mut count = Characters(0);
    count.elements(&policy.elements());
    count.0
}

/// Counts the characters of JSON text with the shortest possible values.
struct Characters(usize);

impl JsonText for Characters {
    fn raw(&mut self, text: &str) {
        self.0 += text.chars().count();
    }

    fn reference(&mut self, value: &Value) {
        if let Value::Concat(parts) = value {
            for part in parts {
                self.part(part);
            }
        } else {
            self.raw(least(value));
        }
    }
}

/// The shortest possible text of a policy document without white space: a value that is unknown
/// until deployment has its minimum length, so that ecrane rejects only policies that ECR would
/// also reject.
pub(crate) fn text(policy: &PolicyDocument) -> String {
    let mut text = Shortest::default();
    text.elements(&policy.elements());
    text.0
}

/// The shortest text of an event pattern.
pub(crate) fn pattern_text(pattern: &IndexMap<String, Json>) -> String {
    let mut text = Shortest::default();
    text.object(pattern, Shortest::json);
    text.0
}

/// JSON text with the shortest possible values.
#[derive(Debug, Default)]
struct Shortest(String);

impl JsonText for Shortest {
    fn raw(&mut self, text: &str) {
        self.0.push_str(text);
    }

    fn reference(&mut self, value: &Value) {
        if let Value::Concat(parts) = value {
            for part in parts {
                self.part(part);
            }
        } else {
            self.0.push_str(least(value));
        }
    }
}

/// The shortest text that a part of a string can be.
pub(crate) fn least(value: &Value) -> &str {
    match value {
        Value::Pseudo(Pseudo::AccountId) | Value::ArnField(_, ArnField::Account) => "000000000000",
        Value::Pseudo(Pseudo::Region) | Value::ArnField(_, ArnField::Region) => "us-east-1",
        Value::Pseudo(Pseudo::Partition) => "aws",
        // `c2s.ic.gov` is the shortest of the suffixes.
        Value::Pseudo(Pseudo::UrlSuffix) => "c2s.ic.gov",
        Value::Attribute(_, Attribute::Arn) => "arn:aws:iam::000000000000:role/x",
        Value::Attribute(_, Attribute::Name) => "x",
        Value::Literal(text) => text,
        Value::Concat(_) => "",
    }
}

/// A policy that IAM rejects.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PolicyLimitError {
    /// An unknown condition operator.
    #[error("unknown condition operator `{operator}`")]
    UnknownOperator {
        /// The unknown operator.
        operator: String,
        /// The likely intended operator.
        suggestion: Option<&'static str>,
    },
    /// A condition value that is neither a value nor a list of values.
    #[error(
        "the value of condition key `{key}` is neither a string, a number or a boolean, nor a list of them"
    )]
    ConditionValue {
        /// The condition key.
        key: String,
    },
    /// An intrinsic function of CloudFormation.
    #[error("`{name}` is not evaluated in a condition")]
    Intrinsic {
        /// The function.
        name: String,
    },
}

impl Explain for PolicyLimitError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownOperator { .. } => "policy::unknown_operator",
            Self::ConditionValue { .. } => "policy::condition_value",
            Self::Intrinsic { .. } => "policy::intrinsic",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::UnknownOperator { .. } => {
                    "use StringEquals, StringLike, ArnLike, IpAddress, Bool, Null or another IAM operator, optionally with the suffix `IfExists` and the prefix `ForAnyValue:` or `ForAllValues:` (IAM user guide, \"Condition operators\")"
                }
                Self::ConditionValue { .. } => {
                    "write one value or a list, as in `aws:SourceIp: [192.0.2.0/24]` (IAM user guide, \"IAM JSON policy elements: Condition\")"
                }
                Self::Intrinsic { .. } => {
                    "write the value itself, such as the account id or ARN: a config has no intrinsic functions, and both backends would write it as it stands"
                }
            }
            .to_owned(),
        )
    }

    fn suggestion(&self) -> Option<&str> {
        match self {
            Self::UnknownOperator { suggestion, .. } => *suggestion,
            Self::ConditionValue { .. } | Self::Intrinsic { .. } => None,
        }
    }
}

/// A warning about a policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PolicyWarning {
    /// A public statement.
    #[error("{statement} grants {actions} to everybody in every AWS account")]
    Public {
        /// The name of the statement in the message.
        statement: String,
        /// The actions.
        actions: String,
    },
}

impl Explain for PolicyWarning {
    fn code(&self) -> &'static str {
        match self {
            Self::Public { .. } => "policy::public",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::Public { .. } => {
                    "add a condition on the caller, such as aws:PrincipalOrgID, or grant to accounts, an `organization` or an `organizationalUnit`"
                }
            }
            .to_owned(),
        )
    }
}
