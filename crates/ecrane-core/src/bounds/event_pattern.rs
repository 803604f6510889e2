//! The form of event patterns.
//!
//! Source: EventBridge user guide, "Comparison operators for use in event patterns in Amazon
//! EventBridge"
//! (<https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>), and
//! Event Ruler, the open source library with which EventBridge compiles patterns
//! (<https://github.com/aws/event-ruler>).

use std::net::IpAddr;

use ecrane_document::{Explain, Place, suggest};
use indexmap::IndexMap;
use thiserror::Error;

use super::Findings;
use super::policy::is_intrinsic;
use crate::resource::PatternPlaces;
use crate::value::Json;

/// The comparison operators.
const OPERATORS: [&str; 8] = [
    "anything-but",
    "cidr",
    "equals-ignore-case",
    "exists",
    "numeric",
    "prefix",
    "suffix",
    "wildcard",
];
/// An operator that the documentation does not mention, and that Event Ruler has.
const EXACTLY: &str = "exactly";
/// The operators in `anything-but`.
const IN_ANYTHING_BUT: [&str; 4] = ["equals-ignore-case", "prefix", "suffix", "wildcard"];
/// The greatest absolute value of a number.
const MOST: f64 = 5e9;

const NUMBERS: &str = "numbers from -5000000000 to 5000000000";

/// Reports what EventBridge rejects in the pattern of a rule.
pub(crate) fn event_pattern(
    pattern: &IndexMap<String, Json>,
    places: &PatternPlaces,
    place: &Place,
    findings: &mut Findings,
) {
    let mut check = Check { places, place: place.clone(), path: Vec::new(), findings };
    check.fields(pattern, false);
}

struct Check<'c> {
    places: &'c PatternPlaces,
    /// The place of the pattern.
    place: Place,
    path: Vec<PatternStep>,
    findings: &'c mut Findings,
}

/// A step in an event pattern.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PatternStep {
    Key(String),
    Index(usize),
}

impl Check<'_> {
    fn at(&mut self, step: PatternStep, check: impl FnOnce(&mut Self)) {
        self.path.push(step);
        check(self);
        self.path.pop();
    }

    fn below(&mut self, key: &str, check: impl FnOnce(&mut Self)) {
        self.at(PatternStep::Key(key.to_owned()), check);
    }

    fn items<'j>(&mut self, items: &'j [Json], mut check: impl FnMut(&mut Self, &'j Json)) {
        for (index, item) in items.iter().enumerate() {
            self.at(PatternStep::Index(index), |this| check(this, item));
        }
    }

    fn place(&self) -> Place {
        self.places.of(&self.path, &self.place)
    }

    fn wrong(&mut self, error: EventPatternError) {
        self.refuse(self.place(), error);
    }

    fn wrong_key(&mut self, error: EventPatternError) {
        self.refuse(self.place().on_key(), error);
    }

    /// The CDK's rule E9014 refuses the same, but takes intrinsic functions and any number.
    fn refuse(&mut self, place: Place, error: EventPatternError) {
        let is_ours = matches!(
            error,
            EventPatternError::Intrinsic { .. } | EventPatternError::Value { takes: NUMBERS, .. }
        );
        if is_ours {
            self.findings.refused_by_aws(place, error);
        } else {
            self.findings.refused_by_default_rules(place, error);
        }
    }

    fn value(&mut self, operator: &str, takes: &'static str) {
        self.wrong(EventPatternError::Value { operator: operator.to_owned(), takes });
    }

    /// The fields of an object of the event.
    fn fields(&mut self, fields: &IndexMap<String, Json>, in_or: bool) {
        for (key, value) in fields {
            self.below(key, |this| this.field(key, value, in_or));
        }
    }

    fn field(&mut self, key: &str, value: &Json, in_or: bool) {
        if is_intrinsic(key) {
            return self.wrong_key(EventPatternError::Intrinsic { name: key.to_owned() });
        }
        if key == "$or" {
            return self.or(value);
        }
        let is_operator = OPERATORS.contains(&key);
        match value {
            Json::Map(fields) if fields.is_empty() => self.wrong(EventPatternError::Empty),
            Json::List(items) if items.is_empty() => self.wrong(EventPatternError::Empty),
            // Event Ruler reserves the names of operators within `$or`. Elsewhere they can be fields
            // of events.
            Json::Map(_) | Json::List(_) if is_operator && in_or => {
                self.wrong_key(EventPatternError::NotInList { operator: key.to_owned() });
            }
            Json::Map(fields) => self.fields(fields, in_or),
            Json::List(items) => self.items(items, Self::matcher),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) if is_operator => {
                self.wrong_key(EventPatternError::NotInList { operator: key.to_owned() });
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => {
                self.wrong(EventPatternError::Scalar { field: key.to_owned() });
            }
        }
    }

    fn or(&mut self, value: &Json) {
        let Json::List(items) = value else { return self.wrong(EventPatternError::Or) };
        if items.len() < 2 {
            return self.wrong(EventPatternError::Or);
        }
        self.items(items, |this, item| {
            if let Json::Map(fields) = item
                && !fields.is_empty()
            {
                this.fields(fields, true);
            } else {
                this.wrong(EventPatternError::Or);
            }
        });
    }

    /// An item of a list: a value, or an object with an operator.
    fn matcher(&mut self, item: &Json) {
        match item {
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => {}
            Json::List(_) => self.wrong(EventPatternError::NestedList),
            Json::Map(entries) => {
                let mut entries = entries.iter();
                match (entries.next(), entries.next()) {
                    (None, _) => self.wrong(EventPatternError::Empty),
                    (Some((operator, value)), None) => {
                        self.below(operator, |this| this.operator(operator, value));
                    }
                    (Some(_), Some((second, _))) => {
                        let operator = second.clone();
                        self.below(second, |this| {
                            this.wrong_key(EventPatternError::SeveralOperators { operator });
                        });
                    }
                }
            }
        }
    }

    fn operator(&mut self, operator: &str, value: &Json) {
        match (operator, value) {
            ("exists", Json::Bool(_)) | ("equals-ignore-case" | EXACTLY, Json::Text(_)) => {}
            ("exists", _) => self.value(operator, "`true` or `false`, without quotes"),
            ("equals-ignore-case" | EXACTLY, _) => self.value(operator, "a string"),
            ("prefix" | "suffix", Json::Text(_)) => {}
            ("prefix" | "suffix", Json::Map(inner)) => {
                let is_right = inner.len() == 1
                    && matches!(inner.get("equals-ignore-case"), Some(Json::Text(_)));
                if !is_right {
                    self.value(operator, "a string, or `{ equals-ignore-case: … }`");
                }
            }
            ("prefix" | "suffix", _) => {
                self.value(operator, "a string, or `{ equals-ignore-case: … }`");
            }
            ("numeric", Json::List(terms)) => self.numeric(terms),
            ("numeric", _) => self.value(operator, "a list, such as `[\">\", 0, \"<=\", 5]`"),
            ("cidr", Json::Text(text)) => {
                if text.as_literal().is_some_and(|text| !is_cidr(text)) {
                    self.value(operator, "a range of IP addresses, such as `10.0.0.0/24`");
                }
            }
            ("cidr", _) => self.value(operator, "a range of IP addresses, such as `10.0.0.0/24`"),
            ("wildcard", Json::Text(text)) => self.wildcard(text.as_literal().unwrap_or_default()),
            ("wildcard", _) => self.value(operator, "a string with `*`"),
            ("anything-but", value) => self.anything_but(value),
            (name, _) if is_intrinsic(name) => {
                self.wrong_key(EventPatternError::Intrinsic { name: name.to_owned() });
            }
            (name, _) => self.wrong_key(EventPatternError::UnknownOperator {
                operator: name.to_owned(),
                suggestion: suggestion(name),
            }),
        }
    }

    fn wildcard(&mut self, text: &str) {
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            let next = rest.peek().copied();
            match (c, next) {
                ('*', Some('*')) => return self.wrong(EventPatternError::TwoWildcards),
                ('\\', Some('*' | '\\')) => {
                    rest.next();
                }
                ('\\', _) => return self.value("wildcard", "`\\` only before `*` or `\\`"),
                _ => {}
            }
        }
    }

    /// One comparison, or a lower and an upper limit.
    fn numeric(&mut self, terms: &[Json]) {
        const LIMITS: &str = "one of `<`, `<=`, `=`, `>`, `>=` and a number, or a lower and an upper limit, as in `[\">\", 0, \"<=\", 5]`";
        let operator = |index: usize| match terms.get(index) {
            Some(Json::Text(text)) => text.as_literal(),
            _ => None,
        };
        let mut numbers = Vec::new();
        for index in (1..terms.len()).step_by(2) {
            let number = match terms.get(index) {
                Some(Json::Number(number)) => number.as_f64(),
                _ => None,
            };
            let takes = match number {
                None => "numbers, without quotes",
                Some(number) if number.abs() > MOST => NUMBERS,
                Some(number) => {
                    numbers.push(number);
                    continue;
                }
            };
            return self.at(PatternStep::Index(index), |this| this.value("numeric", takes));
        }
        let is_right = match (terms.len(), operator(0), operator(2)) {
            (2, Some("<" | "<=" | "=" | ">" | ">="), _) => true,
            (4, Some(">" | ">="), Some("<" | "<=")) => {
                matches!(numbers.as_slice(), [low, high] if low < high)
            }
            _ => false,
        };
        if !is_right {
            self.value("numeric", LIMITS);
        }
    }

    fn anything_but(&mut self, value: &Json) {
        const VALUES: &str = "a string, a number, or a list of either, or one of `prefix`, `suffix`, `equals-ignore-case` and `wildcard` with a string or a list of strings";
        match value {
            Json::Text(_) | Json::Number(_) => {}
            Json::List(items)
                if !items.is_empty()
                    && (items.iter().all(|item| matches!(item, Json::Text(_)))
                        || items.iter().all(|item| matches!(item, Json::Number(_)))) => {}
            Json::Map(inner) => match (inner.len(), inner.iter().next()) {
                (1, Some((operator, value))) if IN_ANYTHING_BUT.contains(&operator.as_str()) => {
                    self.below(operator, |this| this.strings(operator, value));
                }
                (1, Some((name, _))) if is_intrinsic(name) => {
                    let error = EventPatternError::Intrinsic { name: name.clone() };
                    self.below(name, |this| this.wrong_key(error));
                }
                _ => self.value("anything-but", VALUES),
            },
            Json::Null | Json::Bool(_) | Json::List(_) => self.value("anything-but", VALUES),
        }
    }

    /// The strings of an operator in `anything-but`.
    fn strings(&mut self, operator: &str, value: &Json) {
        let check = |this: &mut Self, value: &Json| {
            if let Json::Text(text) = value {
                let text = text.as_literal();
                let is_empty = matches!(operator, "prefix" | "suffix") && text == Some("");
                if is_empty {
                    this.value(operator, "a string that is not empty, within `anything-but`");
                } else if operator == "wildcard" {
                    this.wildcard(text.unwrap_or_default());
                }
            } else {
                this.value(operator, "a string or a list of strings, within `anything-but`");
            }
        };
        if let Json::List(items) = value
            && !items.is_empty()
        {
            self.items(items, check);
        } else {
            check(self, value);
        }
    }
}

/// The likely intended operator.
fn suggestion(name: &str) -> Option<&'static str> {
    let plain: String = name.to_ascii_lowercase().split(['-', '_', ' ']).collect();
    match plain.as_str() {
        "startswith" | "beginswith" | "begins" | "starts" => Some("prefix"),
        "endswith" | "ends" => Some("suffix"),
        "contains" | "like" | "matches" | "glob" | "regex" => Some("wildcard"),
        "not" | "notequals" | "notin" | "except" => Some("anything-but"),
        "gt" | "lt" | "gte" | "lte" | "number" | "between" | "range" => Some("numeric"),
        "ip" | "ipaddress" => Some("cidr"),
        "equals" | "ignorecase" => Some("equals-ignore-case"),
        _ => suggest(name, OPERATORS),
    }
}

/// Whether a text is a range of more than one address: a mask of all bits is rejected, as by the
/// rule E9014 of the AWS CDK.
fn is_cidr(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else { return false };
    let (Ok(address), Ok(bits)) = (address.parse::<IpAddr>(), bits.parse::<u8>()) else {
        return false;
    };
    bits < if address.is_ipv4() { 32 } else { 128 }
}

/// An event pattern that EventBridge rejects: EventBridge user guide, "Comparison operators for use
/// in event patterns in Amazon EventBridge"
/// (<https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EventPatternError {
    /// A list or an object is empty.
    #[error("a list or an object in an event pattern is empty")]
    Empty,
    /// A value of a field is neither a list nor an object.
    #[error("event pattern field `{field}` is neither a list nor a map")]
    Scalar {
        /// The field.
        field: String,
    },
    /// A list in a list.
    #[error("a list in a list in an event pattern")]
    NestedList,
    /// An operator in place of a field.
    #[error("operator `{operator}` is not in a list")]
    NotInList {
        /// The operator.
        operator: String,
    },
    /// An unknown operator.
    #[error("an event pattern has no operator `{operator}`")]
    UnknownOperator {
        /// The operator.
        operator: String,
        /// The likely intended operator.
        suggestion: Option<&'static str>,
    },
    /// An object with more than one operator.
    #[error("`{operator}` is the second operator in this object")]
    SeveralOperators {
        /// The second operator.
        operator: String,
    },
    /// A value that the operator does not take.
    #[error("invalid value of operator `{operator}`")]
    Value {
        /// The operator.
        operator: String,
        /// What it takes.
        takes: &'static str,
    },
    /// Two wildcards in a row.
    #[error("two `*` in a row in operator `wildcard`")]
    TwoWildcards,
    /// A `$or` that is not a list of at least two objects.
    #[error("`$or` is not a list of two or more objects")]
    Or,
    /// An intrinsic function of CloudFormation.
    #[error("`{name}` is not evaluated in an event pattern")]
    Intrinsic {
        /// The function.
        name: String,
    },
}

impl Explain for EventPatternError {
    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "event::pattern_empty",
            Self::Scalar { .. } => "event::pattern_scalar",
            Self::NestedList => "event::pattern_nested_list",
            Self::NotInList { .. } => "event::operator_not_in_list",
            Self::UnknownOperator { .. } => "event::unknown_operator",
            Self::SeveralOperators { .. } => "event::several_operators",
            Self::Value { .. } => "event::operator_value",
            Self::TwoWildcards => "event::two_wildcards",
            Self::Or => "event::or",
            Self::Intrinsic { .. } => "event::intrinsic",
        }
    }

    fn help(&self) -> Option<String> {
        const SOURCE: &str = "(EventBridge user guide, \"Comparison operators for use in event patterns in Amazon EventBridge\")";
        let text = match self {
            Self::Empty => {
                "list the values to match, or remove the field; `[{ exists: true }]` matches any value"
            }
            Self::Scalar { .. } => "write the value as a list, [value]",
            Self::NestedList => "write the values in one list",
            Self::NotInList { operator } => {
                return Some(format!(
                    "write it in a list, as in `field: [{{ {operator}: … }}]` {SOURCE}"
                ));
            }
            Self::UnknownOperator { .. } => {
                return Some(format!("use {} {SOURCE}", OPERATORS.join(", ")));
            }
            Self::SeveralOperators { .. } => {
                "write each operator as an item of its own, which match one or the other; `numeric` takes two limits"
            }
            Self::Value { takes, .. } => return Some(format!("use {takes} {SOURCE}")),
            Self::TwoWildcards => "write one `*`, which matches any text",
            Self::Or => "write two or more alternatives, as in `$or: [{ a: [1] }, { b: [2] }]`",
            Self::Intrinsic { .. } => {
                "write the value itself, such as the account id or ARN: a config has no intrinsic functions"
            }
        };
        Some(format!("{text} {SOURCE}"))
    }

    fn suggestion(&self) -> Option<&str> {
        match self {
            Self::UnknownOperator { suggestion, .. } => *suggestion,
            Self::Empty
            | Self::Scalar { .. }
            | Self::NestedList
            | Self::NotInList { .. }
            | Self::SeveralOperators { .. }
            | Self::Value { .. }
            | Self::TwoWildcards
            | Self::Or
            | Self::Intrinsic { .. } => None,
        }
    }
}
