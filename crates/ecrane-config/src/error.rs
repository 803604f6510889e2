//! Errors in a well-formed config.

use thiserror::Error;

use ecrane_document::Explain;
use ecrane_document::suggest;

/// An error in a well-formed config.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// An unknown id.
    #[error("unknown {what} `{id}`")]
    UnknownId {
        /// The kind of element.
        what: &'static str,
        /// The id.
        id: String,
        /// The most similar known id.
        suggestion: Option<String>,
    },
    /// A principal that is declared after the role that refers to it.
    #[error("principal `{id}` is declared after the role that it should assume")]
    PrincipalLater {
        /// The id.
        id: String,
    },
    /// An account in place of an ARN.
    #[error("`{id}` is an account, not an ARN")]
    BareAccount {
        /// The account id.
        id: String,
    },
    /// A property that is not allowed on an imported resource.
    #[error("`{property}` is not allowed on an imported {what}")]
    ImportedHas {
        /// The kind of resource.
        what: &'static str,
        /// The property.
        property: &'static str,
    },
    /// A property that requires another property.
    #[error("`{property}` requires `{with}`")]
    OnlyWith {
        /// The property.
        property: &'static str,
        /// The required property.
        with: &'static str,
    },
    /// An attribute of another kind of construct.
    #[error("a {what} has no attribute `{attribute}`")]
    NoAttribute {
        /// The kind of construct.
        what: &'static str,
        /// The attribute.
        attribute: &'static str,
        /// The attributes that it has.
        known: &'static [&'static str],
    },
    /// Two properties that exclude each other.
    #[error("`{one}` and `{other}` cannot be set together")]
    Both {
        /// The first property.
        one: &'static str,
        /// The second property.
        other: &'static str,
    },
}

impl ConfigError {
    pub(crate) fn unknown_id<'a>(
        what: &'static str,
        id: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let suggestion = suggest(id, candidates).map(str::to_owned);
        Self::UnknownId { what, id: id.to_owned(), suggestion }
    }
}

impl Explain for ConfigError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownId { .. } => "config::unknown_id",
            Self::PrincipalLater { .. } => "config::principal_later",
            Self::BareAccount { .. } => "principal::bare_account",
            Self::ImportedHas { .. } => "config::imported_has",
            Self::OnlyWith { .. } => "config::only_with",
            Self::NoAttribute { .. } => "config::no_attribute",
            Self::Both { .. } => "config::both",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::UnknownId { what: "principal", id, .. } if inline(id).is_some() => {
                format!("write it as {}", inline(id).unwrap_or_default())
            }
            Self::UnknownId { what: "principal", .. } => {
                "use the ID of one of this stack's `principals`, or `Stack/Id` for one in another stack".to_owned()
            }
            Self::UnknownId { what: "key", .. } => {
                "use the ID of one of this stack's `keys`, or `Stack/Id` for one in another stack".to_owned()
            }
            Self::UnknownId { what: "preset", .. } => "use the name of one of the `presets`".to_owned(),
            Self::UnknownId { what, .. } => format!("use the ID of a {what} in this stack"),
            Self::PrincipalLater { .. } => "move it above the role".to_owned(),
            Self::BareAccount { id } => format!("write it as `{{ account: \"{id}\" }}`"),
            Self::ImportedHas { .. } => "set it where the resource is created".to_owned(),
            Self::OnlyWith { with, .. } => format!("set `{with}`, or remove it"),
            Self::NoAttribute { known, .. } => format!("use `{}`", known.join("` or `")),
            Self::Both { .. } => "remove one of them".to_owned(),
        })
    }

    fn suggestion(&self) -> Option<&str> {
        match self {
            Self::UnknownId { suggestion, .. } => suggestion.as_deref(),
            Self::PrincipalLater { .. }
            | Self::BareAccount { .. }
            | Self::ImportedHas { .. }
            | Self::OnlyWith { .. }
            | Self::NoAttribute { .. }
            | Self::Both { .. } => None,
        }
    }

    fn depends_on_defaults(&self) -> bool {
        matches!(self, Self::OnlyWith { .. })
    }
}

/// The inline principal that was likely meant by a text in place of an id.
fn inline(id: &str) -> Option<String> {
    let is_account = |id: &str| id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit());
    let root = id.strip_prefix("arn:").and_then(|rest| rest.split_once(":iam::"));
    let root = root.and_then(|(_, rest)| rest.strip_suffix(":root"));
    Some(match id {
        "*" => "`{ any: true }`".to_owned(),
        _ if is_account(id) => format!("`{{ account: \"{id}\" }}`"),
        _ if root.is_some_and(is_account) => {
            format!("`{{ account: \"{}\" }}`", root.unwrap_or_default())
        }
        _ if id.len() > 2_048 => return None,
        _ if id.starts_with("arn:") => format!("`{{ arn: \"{id}\" }}`"),
        _ if id.starts_with("o-") => format!("`{{ organization: {id} }}`"),
        _ if id.ends_with(".amazonaws.com") => format!("`{{ service: {id} }}`"),
        _ => return None,
    })
}
