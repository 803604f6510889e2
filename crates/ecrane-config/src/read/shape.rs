//! Why a value has not the shape that the config format gives it.

use std::fmt;

use thiserror::Error;

use ecrane_document::Explain;
use ecrane_document::NodeKind;

/// What a value is, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shape {
    /// `null`, or nothing at all after a key.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number without a fraction.
    WholeNumber,
    /// Any number.
    Number,
    /// A text.
    Text,
    /// A list.
    List,
    /// A map.
    Map,
}

impl From<&NodeKind> for Shape {
    fn from(kind: &NodeKind) -> Self {
        match kind {
            NodeKind::Null => Self::Null,
            NodeKind::Bool(_) => Self::Bool,
            NodeKind::Number(_) => Self::Number,
            NodeKind::Text(_) => Self::Text,
            NodeKind::List(_) => Self::List,
            NodeKind::Map(_) => Self::Map,
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "nothing",
            Self::Bool => "true or false",
            Self::WholeNumber => "a whole number",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::List => "a list",
            Self::Map => "a map",
        })
    }
}

/// Why a value has not the shape that the config format gives it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ShapeError {
    /// A key that the map does not take.
    #[error("unknown key `{key}`")]
    UnknownKey {
        /// The key.
        key: String,
        /// The keys that it takes.
        known: Vec<String>,
        /// The one that is likely meant.
        suggestion: Option<String>,
    },
    /// A key that the map needs.
    #[error("key `{key}` is missing")]
    MissingKey {
        /// The key.
        key: String,
    },
    /// Another kind of value than is wanted.
    #[error("expected {}, found {found}", any_of(expected))]
    WrongType {
        /// What is wanted: one of these.
        expected: Vec<Shape>,
        /// What there is.
        found: Shape,
        /// How it is written.
        written: Option<String>,
    },
    /// A word that is none of those that can stand there.
    #[error("`{word}` is not one of {}", listed(words, "and"))]
    NotOneOf {
        /// The word.
        word: String,
        /// Those that can stand there.
        words: Vec<String>,
        /// The one that is likely meant.
        suggestion: Option<String>,
    },
    /// None of the keys of which one is needed.
    #[error("none of the keys {} is given", listed(keys, "and"))]
    NoneOfKeys {
        /// The keys.
        keys: Vec<String>,
    },
    /// Several of the keys of which one may be given.
    #[error("{} cannot be given together", listed(given, "and"))]
    SeveralOfKeys {
        /// Those that are given.
        given: Vec<String>,
    },
    /// A number that is too small or too large.
    #[error("{number} is not a number from {minimum} to {maximum}")]
    OutOfRange {
        /// The number.
        number: String,
        /// The least that can stand there.
        minimum: String,
        /// The largest that can stand there.
        maximum: String,
    },
    /// What only a foreign type or rule could say.
    #[error("{reason}")]
    Other {
        /// Its own words.
        reason: String,
    },
}

impl Explain for ShapeError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownKey { .. } => "config::unknown_key",
            Self::MissingKey { .. } => "config::missing_key",
            Self::WrongType { .. } => "config::wrong_type",
            Self::NotOneOf { .. } => "config::not_one_of",
            Self::NoneOfKeys { .. } => "config::none_of_keys",
            Self::SeveralOfKeys { .. } => "config::several_of_keys",
            Self::OutOfRange { .. } => "config::out_of_range",
            Self::Other { .. } => "config::invalid",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::UnknownKey { known, suggestion: None, .. } if !known.is_empty() => {
                Some(format!("the keys here are {}", listed(known, "and")))
            }
            Self::WrongType { expected, found, written } => wrong_type_help(
                expected,
                *found,
                written.as_deref().filter(|written| !written.contains('\n')),
            ),
            Self::NoneOfKeys { keys } => Some(format!("give one of {}", listed(keys, "or"))),
            Self::SeveralOfKeys { .. } => Some("keep one of them".to_owned()),
            Self::UnknownKey { .. }
            | Self::MissingKey { .. }
            | Self::NotOneOf { .. }
            | Self::OutOfRange { .. }
            | Self::Other { .. } => None,
        }
    }

    fn suggestion(&self) -> Option<&str> {
        match self {
            Self::UnknownKey { suggestion, .. } | Self::NotOneOf { suggestion, .. } => {
                suggestion.as_deref()
            }
            Self::MissingKey { .. }
            | Self::WrongType { .. }
            | Self::NoneOfKeys { .. }
            | Self::SeveralOfKeys { .. }
            | Self::OutOfRange { .. }
            | Self::Other { .. } => None,
        }
    }
}

fn wrong_type_help(expected: &[Shape], found: Shape, written: Option<&str>) -> Option<String> {
    let wants = |shape| expected.contains(&shape);
    match found {
        Shape::Number | Shape::WholeNumber | Shape::Bool if wants(Shape::Text) => {
            written.map(|written| format!("quote it, so that it stays as written: \"{written}\""))
        }
        Shape::Text if wants(Shape::Bool) => match written?.trim_matches(['"', '\'']) {
            "yes" | "Yes" | "on" | "On" | "y" | "true" => Some("write `true`".to_owned()),
            "no" | "No" | "off" | "Off" | "n" | "false" => Some("write `false`".to_owned()),
            _ => None,
        },
        Shape::Text if wants(Shape::WholeNumber) || wants(Shape::Number) => written
            .map(|written| written.trim_matches(['"', '\'']))
            .filter(|bare| bare.parse::<f64>().is_ok())
            .map(|bare| format!("write it without quotes: {bare}")),
        Shape::Null if wants(Shape::Map) => {
            Some("write `{}` for an empty map, or drop the key".to_owned())
        }
        Shape::Null if wants(Shape::List) => {
            Some("write `[]` for an empty list, or drop the key".to_owned())
        }
        Shape::Null => Some("give a value, or drop the key".to_owned()),
        Shape::Text | Shape::Number | Shape::Map if wants(Shape::List) && !wants(Shape::Map) => {
            Some("put it in a list, even if it is the only one".to_owned())
        }
        Shape::Bool
        | Shape::WholeNumber
        | Shape::Number
        | Shape::Text
        | Shape::List
        | Shape::Map => None,
    }
}

fn any_of(shapes: &[Shape]) -> String {
    join(shapes.iter().map(Shape::to_string), "or")
}

fn listed(words: &[String], conjunction: &str) -> String {
    join(words.iter().map(|word| format!("`{word}`")), conjunction)
}

fn join(parts: impl Iterator<Item = String>, conjunction: &str) -> String {
    let mut parts: Vec<String> = parts.collect();
    match (parts.pop(), parts.is_empty()) {
        (None, _) => String::new(),
        (Some(only), true) => only,
        (Some(last), false) => format!("{} {conjunction} {last}", parts.join(", ")),
    }
}
