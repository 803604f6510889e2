//! What is wrong with a config that is well-formed.

use thiserror::Error;

use ecrane_document::Explain;
use ecrane_document::suggest;

/// Why a well-formed config stands for no program.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// An id that nothing has.
    #[error("no {what} `{id}`")]
    UnknownId {
        /// What is looked for.
        what: &'static str,
        /// The id as given.
        id: String,
        /// The id that was probably meant.
        suggestion: Option<String>,
    },
    /// A principal that is needed before it is made.
    #[error("principal `{id}` is made later than the role it should assume")]
    PrincipalLater {
        /// The id.
        id: String,
    },
    /// A property of something that exists elsewhere.
    #[error("an imported {what} takes no `{property}`")]
    ImportedHas {
        /// What is imported.
        what: &'static str,
        /// The property.
        property: &'static str,
    },
    /// A property that goes with another one.
    #[error("`{property}` goes with `{with}` only")]
    OnlyWith {
        /// The property.
        property: &'static str,
        /// What it goes with.
        with: &'static str,
    },
    /// Two properties that exclude each other.
    #[error("`{one}` and `{other}` stand together")]
    Both {
        /// One of them.
        one: &'static str,
        /// The other one.
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
            Self::ImportedHas { .. } => "config::imported_has",
            Self::OnlyWith { .. } => "config::only_with",
            Self::Both { .. } => "config::both",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::UnknownId { what: "principal", .. } => {
                "name one of this stack's `principals`, or `Stack/Id` of another stack".to_owned()
            }
            Self::UnknownId { what: "preset", .. } => "name one of the `presets`".to_owned(),
            Self::UnknownId { what, .. } => format!("name a {what} of this stack"),
            Self::PrincipalLater { .. } => "write it above the role".to_owned(),
            Self::ImportedHas { .. } => "change it where it is made".to_owned(),
            Self::OnlyWith { with, .. } => format!("leave it out, or use `{with}`"),
            Self::Both { .. } => "use one of them".to_owned(),
        })
    }

    fn suggestion(&self) -> Option<&str> {
        match self {
            Self::UnknownId { suggestion, .. } => suggestion.as_deref(),
            Self::PrincipalLater { .. }
            | Self::ImportedHas { .. }
            | Self::OnlyWith { .. }
            | Self::Both { .. } => None,
        }
    }
}
