//! Conditions in words.

use super::operator::{Operator, Order, SetOperator, Test};
use super::{Condition, boolean};

/// A condition in words, to follow "if".
pub(crate) fn words(condition: &Condition) -> String {
    let Condition { operator, key, values } = condition;
    let Operator { set, test, is_negated, if_exists } = *operator;
    let list = listed(values);
    let is_plain = set != SetOperator::ForAll && !if_exists;
    let verb = if is_negated { "is not" } else { "is" };
    let lower = key.to_ascii_lowercase();
    if is_plain {
        let of_string = matches!(test, Test::StringEquals | Test::StringLike | Test::Arn);
        match lower.as_str() {
            "aws:principalorgid" if of_string => {
                return format!("the caller {verb} in organization {list}");
            }
            "aws:principalorgpaths" if of_string && !is_negated => {
                return format!("the caller is in {list}");
            }
            "aws:principalaccount" if of_string => {
                return format!("the caller's account {verb} {list}");
            }
            "aws:principalarn" if of_string => return format!("the caller {verb} {list}"),
            "aws:sourceip" if test == Test::IpAddress => {
                let does = if is_negated { "does not come" } else { "comes" };
                return format!("the request {does} from {list}");
            }
            "aws:securetransport" if test == Test::Bool => {
                if let [value] = values.as_slice()
                    && let Some(is_secure) = boolean(value)
                {
                    let uses = if is_secure { "uses" } else { "does not use" };
                    return format!("the request {uses} TLS");
                }
            }
            _ => {}
        }
    }
    let text = match test {
        Test::Null => {
            let is_absent = values.iter().any(|value| boolean(value) == Some(true));
            let state = if is_absent { "absent" } else { "present" };
            return format!("{key} is {state}");
        }
        Test::StringEquals | Test::Binary | Test::Bool => format!("{verb} {list}"),
        Test::StringEqualsIgnoreCase => format!("{verb} {list} (in any case)"),
        Test::StringLike | Test::Arn => format!("{verb} like {list}"),
        Test::IpAddress => format!("{verb} in {list}"),
        Test::Numeric(order) => format!("{} {list}", comparison(order, verb, ["less", "greater"])),
        Test::Date(order) => format!("{} {list}", comparison(order, verb, ["earlier", "later"])),
    };
    let subject = match set {
        SetOperator::None => key.clone(),
        SetOperator::ForAll => format!("every value of {key}"),
        SetOperator::ForAny => format!("a value of {key}"),
    };
    let absent = if if_exists { " or absent" } else { "" };
    format!("{subject} {text}{absent}")
}

/// That a condition does not hold, in words, if this has words of its own.
pub(crate) fn negated_words(condition: &Condition) -> Option<String> {
    let Operator { set, test, is_negated, if_exists } = condition.operator;
    if set != SetOperator::None || if_exists {
        return None;
    }
    let mut negated = condition.clone();
    match test {
        // A request without the key meets the operator that is negated.
        Test::StringEquals
        | Test::StringEqualsIgnoreCase
        | Test::StringLike
        | Test::Arn
        | Test::IpAddress => negated.operator.is_negated = !is_negated,
        // Every request has it.
        Test::Bool if condition.key.eq_ignore_ascii_case("aws:SecureTransport") => {
            let [value] = condition.values.as_slice() else { return None };
            negated.values = vec![(!boolean(value)?).to_string()];
        }
        Test::Bool | Test::Binary | Test::Null | Test::Numeric(_) | Test::Date(_) => return None,
    }
    Some(words(&negated))
}

fn comparison(order: Order, verb: &str, [less, more]: [&str; 2]) -> String {
    match order {
        Order::Equal => verb.to_owned(),
        Order::Less => format!("is {less} than"),
        Order::LessOrEqual => format!("is not {more} than"),
        Order::Greater => format!("is {more} than"),
        Order::GreaterOrEqual => format!("is not {less} than"),
    }
}

/// `a, b or c`
fn listed(values: &[String]) -> String {
    match values {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
