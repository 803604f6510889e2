//! Errors for values without the expected shape.

use std::fmt;

use thiserror::Error;

use ecrane_document::Explain;
use ecrane_document::NodeKind;

/// The shape of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shape {
    /// `null`, or a key without a value.
    Null,
    /// `true` or `false`.
    Bool,
    /// An integer.
    WholeNumber,
    /// Any number.
    Number,
    /// A string.
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
            Self::Text => "a string",
            Self::List => "a list",
            Self::Map => "a map",
        })
    }
}

/// An error for a value without the expected shape.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ShapeError {
    /// An unknown key of a map.
    #[error("unknown key `{key}`")]
    UnknownKey {
        /// The key.
        key: String,
        /// The keys that the map allows.
        known: Vec<String>,
        /// The most similar known key.
        suggestion: Option<String>,
    },
    /// A missing required key.
    #[error("missing key `{key}`")]
    MissingKey {
        /// The key.
        key: String,
    },
    /// A value of an unexpected type.
    #[error("expected {}, found {found}", any_of(expected))]
    WrongType {
        /// The expected shapes.
        expected: Vec<Shape>,
        /// The shape of the value.
        found: Shape,
        /// The source text of the value.
        written: Option<String>,
    },
    /// A number where a duration is expected.
    #[error("duration `{number}` has no unit")]
    DurationWithoutUnit {
        /// The number.
        number: String,
    },
    /// A word that is not one of the allowed words.
    #[error("`{word}` is not one of {}", listed(words, "or"))]
    NotOneOf {
        /// The word.
        word: String,
        /// The allowed words.
        words: Vec<String>,
        /// The most similar allowed word.
        suggestion: Option<String>,
    },
    /// None of several keys is set, and one of them is required.
    #[error("one of the keys {} is required", listed(keys, "or"))]
    NoneOfKeys {
        /// The keys.
        keys: Vec<String>,
    },
    /// Several keys are set that exclude each other.
    #[error("{} cannot be set together", listed(given, "and"))]
    SeveralOfKeys {
        /// The keys that are set.
        given: Vec<String>,
    },
    /// A value in the form of the AWS APIs.
    #[error("{form} in the form of the AWS API")]
    AwsForm {
        /// The kind of value.
        form: &'static str,
        /// The value in the form of the config: TOML in a TOML file, otherwise JSON, which is also
        /// YAML.
        translation: String,
    },
    /// A number that is out of range.
    #[error("`{number}` is not a number from {minimum} to {maximum}")]
    OutOfRange {
        /// The number.
        number: String,
        /// The minimum.
        minimum: String,
        /// The maximum.
        maximum: String,
    },
    /// An error that only a foreign type or rule can describe.
    #[error("{reason}")]
    Other {
        /// The message.
        reason: String,
    },
}

impl Explain for ShapeError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownKey { .. } => "config::unknown_key",
            Self::MissingKey { .. } => "config::missing_key",
            Self::WrongType { .. } => "config::wrong_type",
            Self::DurationWithoutUnit { .. } => "duration::no_unit",
            Self::NotOneOf { .. } => "config::not_one_of",
            Self::NoneOfKeys { .. } => "config::none_of_keys",
            Self::SeveralOfKeys { .. } => "config::several_of_keys",
            Self::AwsForm { .. } => "config::aws_form",
            Self::OutOfRange { .. } => "config::out_of_range",
            Self::Other { .. } => "config::invalid",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::UnknownKey { key, .. }
                if key.eq_ignore_ascii_case("notPrincipals")
                    || key.eq_ignore_ascii_case("notPrincipal") =>
            {
                Some(
                    "`principals` would mean the opposite; list the principals to allow, or deny \
                     `{ any: true }` with `conditions: { ArnNotEquals: { aws:PrincipalArn: … } }`"
                        .to_owned(),
                )
            }
            Self::UnknownKey { known, suggestion: None, .. } if !known.is_empty() => {
                Some(format!("use one of {}", listed(known, "or")))
            }
            Self::WrongType { expected, found, written } => wrong_type_help(
                expected,
                *found,
                written.as_deref().filter(|written| !written.contains('\n')),
            ),
            Self::AwsForm { translation, .. } => Some(format!("write: {translation}")),
            Self::DurationWithoutUnit { number } => {
                Some(format!("write the unit: `{number}d` for days, `{number}w` for weeks"))
            }
            Self::NoneOfKeys { keys } => Some(format!("set one of {}", listed(keys, "or"))),
            Self::SeveralOfKeys { .. } => Some("remove all but one of them".to_owned()),
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
            | Self::DurationWithoutUnit { .. }
            | Self::NoneOfKeys { .. }
            | Self::SeveralOfKeys { .. }
            | Self::AwsForm { .. }
            | Self::OutOfRange { .. }
            | Self::Other { .. } => None,
        }
    }

    fn depends_on_defaults(&self) -> bool {
        matches!(self, Self::MissingKey { .. } | Self::NoneOfKeys { .. })
    }
}

fn wrong_type_help(expected: &[Shape], found: Shape, written: Option<&str>) -> Option<String> {
    let wants = |shape| expected.contains(&shape);
    match found {
        Shape::Number | Shape::WholeNumber | Shape::Bool if wants(Shape::Text) => {
            written.map(|written| format!("quote it: `\"{written}\"`"))
        }
        Shape::Text if wants(Shape::Bool) => match written?.trim_matches(['"', '\'']) {
            "yes" | "Yes" | "on" | "On" | "y" | "true" => Some("write `true`".to_owned()),
            "no" | "No" | "off" | "Off" | "n" | "false" => Some("write `false`".to_owned()),
            _ => None,
        },
        Shape::Text if wants(Shape::WholeNumber) || wants(Shape::Number) => written
            .map(|written| written.trim_matches(['"', '\'']))
            .filter(|bare| bare.parse::<f64>().is_ok())
            .map(|bare| format!("remove the quotes: `{bare}`")),
        Shape::Null if wants(Shape::Map) => {
            Some("write `{}` for an empty map, or remove the key".to_owned())
        }
        Shape::Null if wants(Shape::List) => {
            Some("write `[]` for an empty list, or remove the key".to_owned())
        }
        Shape::Null => Some("set a value, or remove the key".to_owned()),
        Shape::Text | Shape::Number | Shape::Map if wants(Shape::List) && !wants(Shape::Map) => {
            Some("write a list, even for a single value".to_owned())
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
