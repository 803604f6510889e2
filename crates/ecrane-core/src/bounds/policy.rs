//! Checks of repository policies and registry policies.

use ecrane_document::{Explain, Place, suggest};
use indexmap::IndexMap;
use thiserror::Error;

use super::{Findings, Rule};
use crate::json_text::JsonText;
use crate::policy::{Conditions, Effect, PolicyDocument, PrincipalKind, Principals};
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

pub(crate) fn resource_policy(policy: &PolicyDocument, place: &Place, findings: &mut Findings) {
    if !policy.statements.is_empty() {
        findings.length(Some(&text(policy)), (0, MOST), &SIZE, &place.clone().on_key());
    }
    statements(policy, findings);
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

/// A condition operator without prefix and suffix, in lower case.
fn plain_operator(operator: &str) -> String {
    let operator = operator.to_ascii_lowercase();
    let plain = ["foranyvalue:", "forallvalues:"]
        .iter()
        .find_map(|set| operator.strip_prefix(set))
        .unwrap_or(&operator);
    plain.strip_suffix("ifexists").unwrap_or(plain).to_owned()
}

/// Reports unknown condition operators and public statements.
pub(crate) fn statements(policy: &PolicyDocument, findings: &mut Findings) {
    for (index, statement) in policy.statements.iter().enumerate() {
        for operator in statement.conditions.keys() {
            let plain = plain_operator(operator);
            if !OPERATORS.iter().any(|known| known.eq_ignore_ascii_case(&plain)) {
                let suggestion = suggest(&plain, OPERATORS);
                let name = operator.clone();
                let operator = operator.clone();
                let error = PolicyLimitError::UnknownOperator { operator, suggestion };
                let place = statement.place.key("conditions").key(&name).on_key();
                findings.error(place, error);
            }
        }
        if statement.effect == Effect::Allow
            && is_everybody(&statement.principals)
            && !is_bounded(&statement.conditions)
        {
            let statement_name = match &statement.sid {
                Some(sid) if !sid.is_empty() => format!("statement `{sid}`"),
                _ => format!("statement {} of the policy", index + 1),
            };
            let actions = format!("`{}`", statement.actions.join("`, `"));
            let warning = PolicyWarning::Public { statement: statement_name, actions };
            findings.warning(statement.place.clone(), warning);
        }
    }
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
            && operator != "null";
        narrows
            && keys.iter().any(|(key, value)| {
                let key = key.to_ascii_lowercase();
                BOUNDING.contains(&key.as_str()) && !takes_anything(value)
            })
    })
}

fn takes_anything(value: &Json) -> bool {
    match value {
        Json::Text(value) => value.as_literal() == Some("*"),
        Json::List(items) => items.is_empty() || items.iter().any(takes_anything),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Map(_) => false,
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
        self.0.push_str(match value {
            Value::Pseudo(Pseudo::AccountId) | Value::ArnField(_, ArnField::Account) => {
                "000000000000"
            }
            Value::Pseudo(Pseudo::Region) | Value::ArnField(_, ArnField::Region) => "us-east-1",
            Value::Pseudo(Pseudo::Partition) => "aws",
            // `c2s.ic.gov` is the shortest of the suffixes.
            Value::Pseudo(Pseudo::UrlSuffix) => "c2s.ic.gov",
            Value::Attribute(_, Attribute::Arn) => "arn:aws:iam::000000000000:role/x",
            Value::Attribute(_, Attribute::Name) => "x",
            Value::Literal(text) => text,
            Value::Concat(parts) => return parts.iter().for_each(|part| self.part(part)),
        });
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
}

impl Explain for PolicyLimitError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownOperator { .. } => "policy::unknown_operator",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::UnknownOperator { .. } => {
                    "use StringEquals, StringLike, ArnLike, IpAddress, Bool, Null or another IAM operator, optionally with the suffix `IfExists` and the prefix `ForAnyValue:` or `ForAllValues:` (IAM user guide, \"Condition operators\")"
                }
            }
            .to_owned(),
        )
    }

    fn suggestion(&self) -> Option<&str> {
        match self {
            Self::UnknownOperator { suggestion, .. } => *suggestion,
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
