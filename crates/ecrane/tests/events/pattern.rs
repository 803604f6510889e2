//! Event patterns, evaluated as EventBridge evaluates them.
//!
//! Written from "Comparison operators for use in event patterns in Amazon EventBridge"
//! (<https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>),
//! independently of the code that renders patterns.

use std::net::IpAddr;

use serde_json::{Map, Value};

/// Whether an event matches a pattern.
pub(crate) fn matches(pattern: &Value, event: &Value) -> bool {
    object(pattern.as_object().expect("a pattern is an object"), Some(event))
}

/// Every field of a pattern must match. An event's list of objects matches if one of them does.
fn object(pattern: &Map<String, Value>, event: Option<&Value>) -> bool {
    if let Some(Value::Array(items)) = event {
        return items.iter().any(|item| object(pattern, Some(item)));
    }
    pattern.iter().all(|(field, expected)| match expected {
        Value::Array(alternatives) if field == "$or" => alternatives
            .iter()
            .any(|alternative| object(alternative.as_object().expect("of `$or`"), event)),
        Value::Object(fields) => object(fields, event.and_then(|event| event.get(field))),
        Value::Array(matchers) => {
            assert!(!matchers.is_empty(), "an empty list");
            let value = event.and_then(|event| event.get(field));
            matchers.iter().any(|matcher| field_matches(matcher, value))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            panic!("neither a list nor a map: {expected}")
        }
    })
}

/// Whether one matcher matches a field: a list matches if one of its items does.
fn field_matches(matcher: &Value, value: Option<&Value>) -> bool {
    if let Some(exists) = matcher.get("exists") {
        // A map is no value: only leaves exist.
        let there = value.is_some_and(|value| !value.is_object());
        return exists.as_bool().expect("`exists` takes a bool") == there;
    }
    match value {
        None | Some(Value::Object(_)) => false,
        Some(Value::Array(items)) => items.iter().any(|item| leaf(matcher, item)),
        Some(value) => leaf(matcher, value),
    }
}

fn leaf(matcher: &Value, value: &Value) -> bool {
    let Value::Object(operator) = matcher else { return matcher == value };
    assert_eq!(operator.len(), 1, "one operator each: {matcher}");
    let (operator, operand) = operator.iter().next().expect("counted");
    match operator.as_str() {
        "prefix" => text(operand, value, |text, start| text.starts_with(start)),
        "suffix" => text(operand, value, |text, end| text.ends_with(end)),
        "equals-ignore-case" => {
            value.as_str().is_some_and(|value| lower(value) == lower(string(operand)))
        }
        "wildcard" => value.as_str().is_some_and(|value| wildcard(string(operand), value)),
        "numeric" => value.as_f64().is_some_and(|value| numeric(operand, value)),
        "cidr" => value.as_str().is_some_and(|value| cidr(string(operand), value)),
        "anything-but" => anything_but(operand, value),
        other => panic!("unknown operator {other}"),
    }
}

/// A text operator, whose operand may be `{ "equals-ignore-case": … }`.
fn text(operand: &Value, value: &Value, compare: fn(&str, &str) -> bool) -> bool {
    value.as_str().is_some_and(|value| match operand.get("equals-ignore-case") {
        Some(operand) => compare(&lower(value), &lower(string(operand))),
        None => compare(value, string(operand)),
    })
}

fn anything_but(operand: &Value, value: &Value) -> bool {
    let none = |operands: &Value, matches: &dyn Fn(&Value) -> bool| match operands.as_array() {
        Some(operands) => !operands.iter().any(matches),
        None => !matches(operands),
    };
    let Some(operator) = operand.as_object() else {
        return none(operand, &|operand| operand == value);
    };
    let (operator, operands) = operator.iter().next().expect("an operator");
    none(operands, &|operand| {
        leaf(&Value::from(Map::from_iter([(operator.clone(), operand.clone())])), value)
    })
}

fn numeric(operand: &Value, value: f64) -> bool {
    let pairs = operand.as_array().expect("`numeric` takes a list");
    assert!(matches!(pairs.len(), 2 | 4), "pairs of operator and number: {operand}");
    pairs.chunks(2).all(|pair| {
        let bound = pair[1].as_f64().expect("a number");
        match string(&pair[0]) {
            "=" => (value - bound).abs() < f64::EPSILON,
            "<" => value < bound,
            "<=" => value <= bound,
            ">" => value > bound,
            ">=" => value >= bound,
            other => panic!("unknown comparison {other}"),
        }
    })
}

fn cidr(range: &str, address: &str) -> bool {
    let (network, length) = range.split_once('/').expect("an address and a length");
    let length: u32 = length.parse().expect("a length");
    match (network.parse().expect("an address"), address.parse()) {
        (IpAddr::V4(network), Ok(IpAddr::V4(address))) => {
            let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
            u32::from(network) & mask == u32::from(address) & mask
        }
        (IpAddr::V6(network), Ok(IpAddr::V6(address))) => {
            let mask = u128::MAX.checked_shl(128 - length).unwrap_or(0);
            u128::from(network) & mask == u128::from(address) & mask
        }
        _ => false,
    }
}

/// `*` stands for any characters; `\*` and `\\` for themselves.
fn wildcard(pattern: &str, text: &str) -> bool {
    let mut rest = pattern.chars();
    match rest.next() {
        None => text.is_empty(),
        Some('*') => {
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            ends.into_iter().any(|at| wildcard(rest.as_str(), &text[at..]))
        }
        Some(first) => {
            let first = if first == '\\' { rest.next().expect("an escaped one") } else { first };
            text.strip_prefix(first).is_some_and(|text| wildcard(rest.as_str(), text))
        }
    }
}

fn string(value: &Value) -> &str {
    value.as_str().expect("a string")
}

fn lower(text: &str) -> String {
    text.to_lowercase()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The examples of the user guide, each with an event that matches and one that does not.
    #[test]
    fn operators() {
        for (matcher, yes, no) in [
            (json!("us-east-1"), json!("us-east-1"), json!("us-east-2")),
            (json!(""), json!(""), json!("x")),
            (json!(null), json!(null), json!("")),
            (json!(15), json!(15), json!("15")),
            (json!({ "prefix": "us-" }), json!("us-east-1"), json!("eu-us-1")),
            (
                json!({ "prefix": { "equals-ignore-case": "EventB" } }),
                json!("eventbridge"),
                json!("bridge"),
            ),
            (json!({ "suffix": ".png" }), json!("a.png"), json!("png.a")),
            (json!({ "suffix": { "equals-ignore-case": ".PNG" } }), json!("a.png"), json!("a.jpg")),
            (json!({ "equals-ignore-case": "Alice" }), json!("aLICE"), json!("alic")),
            (json!({ "anything-but": "initializing" }), json!("running"), json!("initializing")),
            (json!({ "anything-but": [100, 200] }), json!(300), json!(200)),
            (json!({ "anything-but": ["a", "b"] }), json!("c"), json!("b")),
            (json!({ "anything-but": { "prefix": "init" } }), json!("a"), json!("initial")),
            (
                json!({ "anything-but": { "suffix": [".txt", ".md"] } }),
                json!("a.png"),
                json!("a.md"),
            ),
            (
                json!({ "anything-but": { "equals-ignore-case": ["A", "b"] } }),
                json!("c"),
                json!("B"),
            ),
            (json!({ "anything-but": { "wildcard": "*/dir/*" } }), json!("a/b"), json!("a/dir/b")),
            (json!({ "numeric": [">", 0, "<=", 5] }), json!(5), json!(0)),
            (json!({ "numeric": ["=", 3.5] }), json!(3.5), json!(3)),
            (json!({ "numeric": ["<", 10] }), json!(-1), json!(10)),
            (json!({ "numeric": [">=", 10] }), json!(10), json!(9)),
            (json!({ "cidr": "10.0.0.0/24" }), json!("10.0.0.255"), json!("10.0.1.0")),
            (json!({ "cidr": "0.0.0.0/0" }), json!("10.0.1.0"), json!("x")),
            (json!({ "cidr": "2001:db8::/32" }), json!("2001:db8::1"), json!("2001:db9::1")),
            (json!({ "wildcard": "*.png" }), json!("b.png"), json!("b.pngx")),
            (json!({ "wildcard": "a*b*c" }), json!("axxbyc"), json!("acb")),
            (json!({ "wildcard": "a\\*b" }), json!("a*b"), json!("axb")),
        ] {
            let pattern = json!({ "detail": { "x": [matcher] } });
            assert!(matches(&pattern, &json!({ "detail": { "x": yes } })), "{matcher} {yes}");
            assert!(!matches(&pattern, &json!({ "detail": { "x": no } })), "{matcher} {no}");
            assert!(!matches(&pattern, &json!({ "detail": {} })), "{matcher}");
            // One item of a list is enough.
            assert!(matches(&pattern, &json!({ "detail": { "x": [no, yes] } })), "{matcher}");
            assert!(!matches(&pattern, &json!({ "detail": { "x": [no] } })), "{matcher}");
        }
    }

    #[test]
    fn presence_alternatives_and_lists_of_objects() {
        let exists = |there: bool| json!({ "detail": { "a": { "b": [{ "exists": there }] } } });
        let with = json!({ "detail": { "a": { "b": "" } } });
        let without = json!({ "detail": { "a": { "c": "" } } });
        assert!(matches(&exists(true), &with) && !matches(&exists(true), &without));
        assert!(matches(&exists(false), &without) && !matches(&exists(false), &with));
        assert!(matches(&exists(false), &json!({})));

        let either = json!({ "detail": {
            "$or": [{ "a": [1] }, { "b": [2], "c": [3] }], "d": [4],
        } });
        assert!(matches(&either, &json!({ "detail": { "a": 1, "d": 4 } })));
        assert!(matches(&either, &json!({ "detail": { "b": 2, "c": 3, "d": 4 } })));
        assert!(!matches(&either, &json!({ "detail": { "b": 2, "d": 4 } })));
        assert!(!matches(&either, &json!({ "detail": { "a": 1 } })));

        // The fields of one object must match together.
        let both = json!({ "detail": { "list": { "a": [1], "b": [2] } } });
        assert!(matches(&both, &json!({ "detail": { "list": [{ "a": 1, "b": 2 }] } })));
        assert!(!matches(&both, &json!({ "detail": { "list": [{ "a": 1 }, { "b": 2 }] } })));
    }
}
