//! Conditions of statements.
//!
//! Source: IAM user guide, "IAM JSON policy elements: Condition operators", and "Set operators for
//! multivalued context keys".

mod compare;
mod operator;
mod words;

pub(crate) use words::{negated_words, words};

use std::net::IpAddr;

use ecrane_core::{Conditions, Json, Value, documented_condition_key, is_list_key};

use crate::context::{Known, Lookup};
use crate::truth::Truth;
use compare::{boolean, compare};
use operator::{Operator, SetOperator, Test};

/// Whether IAM has a condition operator.
///
/// ```
/// use ecrane_access::is_condition_operator;
///
/// assert!(is_condition_operator("ForAnyValue:StringLikeIfExists"));
/// assert!(!is_condition_operator("StringLikes"));
/// ```
pub fn is_condition_operator(name: &str) -> bool {
    Operator::parse(name).is_some()
}

/// One condition: an operator, a key and the values for it. A statement applies if all hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition {
    operator: Operator,
    pub(crate) key: String,
    pub(crate) values: Vec<String>,
}

/// The conditions of a statement, whose values are these texts.
pub(crate) fn conditions(
    conditions: &Conditions,
    text: &dyn Fn(&Value) -> String,
) -> Vec<Condition> {
    let mut found = Vec::new();
    for (name, keys) in conditions {
        // `Graph::new` refuses other operators.
        let Some(operator) = Operator::parse(name) else { continue };
        for (key, value) in keys {
            let mut values = Vec::new();
            collect(value, text, &mut values);
            found.push(normalize(operator, key, values));
        }
    }
    found
}

/// A condition in the one spelling that equal conditions have: values in one order, each once, and
/// keys in the case of AWS's documentation. No part of it changes what the condition means.
fn normalize(mut operator: Operator, key: &str, mut values: Vec<String>) -> Condition {
    match operator.test {
        // Without wildcards and variables, the two operators do the same.
        Test::StringLike if values.iter().all(|it| !it.contains(['*', '?', '$'])) => {
            operator.test = Test::StringEquals;
        }
        // `TRUE` is `true`; a policy variable keeps its case.
        Test::Bool | Test::Null => {
            values
                .iter_mut()
                .filter(|it| boolean(it).is_some())
                .for_each(|it| it.make_ascii_lowercase());
        }
        Test::IpAddress => values.iter_mut().for_each(|it| *it = without_full_length(it)),
        Test::StringEquals
        | Test::StringEqualsIgnoreCase
        | Test::StringLike
        | Test::Numeric(_)
        | Test::Date(_)
        | Test::Binary
        | Test::Arn => {}
    }
    values.sort();
    values.dedup();
    Condition { operator, key: documented_condition_key(key), values }
}

/// A network of one address as this address: `203.0.113.9/32` is `203.0.113.9`.
fn without_full_length(network: &str) -> String {
    let address = network.split_once('/').and_then(|(address, length)| {
        let all = if address.parse::<IpAddr>().ok()?.is_ipv4() { "32" } else { "128" };
        (length == all).then_some(address)
    });
    address.unwrap_or(network).to_owned()
}

fn collect(json: &Json, text: &dyn Fn(&Value) -> String, values: &mut Vec<String>) {
    match json {
        Json::Text(value) => values.push(text(value)),
        Json::Bool(value) => values.push(value.to_string()),
        Json::Number(number) => values.push(number.to_string()),
        Json::List(items) => items.iter().for_each(|item| collect(item, text, values)),
        // IAM has no such values.
        Json::Null | Json::Map(_) => {}
    }
}

/// Whether all conditions hold.
pub(crate) fn all_hold(conditions: &[Condition], known: &Known) -> Truth {
    conditions.iter().map(|condition| condition.holds(known)).fold(Truth::Yes, Truth::and)
}

impl Condition {
    /// Whether the condition holds for a request.
    pub(crate) fn holds(&self, known: &Known) -> Truth {
        let Operator { set, test, is_negated, if_exists } = self.operator;
        let lookup = known.lookup(&self.key);
        if test == Test::Null {
            let is_absent = match lookup {
                Lookup::Values(_) => false,
                Lookup::Absent => true,
                Lookup::Unknown => return Truth::Unknown,
            };
            return self.values.iter().any(|value| boolean(value) == Some(is_absent)).into();
        }
        let takes_one = set == SetOperator::None;
        let found = match lookup {
            // A key with several values never meets an operator for one, negated or not.
            Lookup::Values(found) if takes_one && (found.len() > 1 || is_list_key(&self.key)) => {
                return Truth::No;
            }
            Lookup::Unknown if takes_one && is_list_key(&self.key) && !is_negated && !if_exists => {
                return Truth::No;
            }
            Lookup::Values(found) => found,
            Lookup::Unknown => return Truth::Unknown,
            Lookup::Absent if if_exists => return Truth::Yes,
            Lookup::Absent => {
                return match set {
                    SetOperator::None => is_negated.into(),
                    SetOperator::ForAll => Truth::Yes,
                    SetOperator::ForAny => Truth::No,
                };
            }
        };
        let each = found.iter().map(|value| self.fits(value, known));
        match (set, is_negated) {
            (SetOperator::ForAll, _) | (SetOperator::None, true) => each.min(),
            (SetOperator::ForAny, _) | (SetOperator::None, false) => each.max(),
        }
        .unwrap_or(Truth::No)
    }

    /// The values of which the key must have one, if the condition is about this key and does not
    /// hold without it.
    pub(crate) fn demands(&self, key: &str) -> Option<&[String]> {
        let Operator { set, test, is_negated, if_exists } = self.operator;
        let is_demand = matches!(test, Test::StringEquals | Test::StringLike)
            && set != SetOperator::ForAll
            && (set == SetOperator::ForAny || !is_list_key(&self.key))
            && !is_negated
            && !if_exists;
        (is_demand && self.key.eq_ignore_ascii_case(key)).then_some(self.values.as_slice())
    }

    /// Whether one value of the key passes the test of the operator.
    fn fits(&self, found: &str, known: &Known) -> Truth {
        let Operator { test, is_negated, .. } = self.operator;
        let compared = self.values.iter().map(|wanted| compare(test, wanted, found, known));
        if !is_negated {
            return compared.flatten().max().unwrap_or(Truth::No);
        }
        // A value of another type is never one that is asked for, also by a negated operator.
        compared
            .map(|truth| match truth {
                Some(Truth::No) => Truth::Yes,
                Some(Truth::Unknown) => Truth::Unknown,
                Some(Truth::Yes) | None => Truth::No,
            })
            .min()
            .unwrap_or(Truth::Yes)
    }
}
