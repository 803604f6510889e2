//! Errors from merging files and presets.

use thiserror::Error;

use ecrane_document::{Explain, Place};

/// An error from merging files and presets.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MergeError {
    /// Presets that inherit from each other in a cycle.
    #[error("presets inherit from each other in a cycle: `{}`", chain.join("` → `"))]
    PresetCircle {
        /// The presets, with the first one repeated at the end.
        chain: Vec<String>,
    },
    /// A preset with a property that belongs to a single repository.
    #[error("`{property}` is not allowed in a preset")]
    PresetHas {
        /// The property.
        property: &'static str,
    },
    /// What presets and repositories inherit, counted for each of them, is larger than the bound.
    #[error("what is inherited from presets is larger than {limit} MiB")]
    PresetBudget {
        /// The bound, in MiB.
        limit: usize,
    },
    /// An include in a config that was not loaded from a file.
    #[error("`include` requires a config that is loaded from a file")]
    NoFolder,
    /// An invalid include pattern.
    #[error("invalid pattern `{pattern}`: {reason}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// The reason.
        reason: &'static str,
    },
    /// An include outside of the directory of the including file.
    #[error("`{pattern}` is outside of the directory of the including file")]
    Outside {
        /// The pattern, or the file that it matches.
        pattern: String,
    },
    /// An include pattern without matches.
    #[error("no file matches `{pattern}`")]
    NoMatch {
        /// The pattern.
        pattern: String,
    },
    /// A directory that cannot be read.
    #[error("cannot read directory `{folder}`: {reason}")]
    Unreadable {
        /// The directory.
        folder: String,
        /// The reason.
        reason: String,
    },
    /// A key that two files define.
    #[error("`{key}` is defined in two files")]
    DefinedTwice {
        /// The key.
        key: String,
        /// The place of the first definition.
        first: Place,
    },
}

impl Explain for MergeError {
    fn code(&self) -> &'static str {
        match self {
            Self::PresetCircle { .. } => "preset::circle",
            Self::PresetHas { .. } => "preset::property",
            Self::PresetBudget { .. } => "preset::budget",
            Self::NoFolder => "include::no_folder",
            Self::Pattern { .. } => "include::pattern",
            Self::Outside { .. } => "include::outside",
            Self::NoMatch { .. } => "include::no_match",
            Self::Unreadable { .. } => "include::unreadable",
            Self::DefinedTwice { .. } => "include::defined_twice",
        }
    }

    fn help(&self) -> Option<String> {
        let text = match self {
            Self::PresetCircle { .. } => "remove `preset` from one of them",
            Self::PresetHas { .. } => "set it on the repository instead",
            Self::PresetBudget { .. } => "make the presets smaller, or split the config",
            Self::NoFolder => "write the config to a file and load that",
            Self::Pattern { .. } => {
                "use `*`, `?` and `[abc]` in names, and `**` for any directories"
            }
            Self::Outside { .. } => {
                "use a path relative to the including file; neither `..` nor a symbolic link may leave its directory"
            }
            Self::NoMatch { .. } => "create the file, or remove the pattern",
            Self::Unreadable { .. } => return None,
            Self::DefinedTwice { .. } => {
                "remove one of them: a file can add constructs to a stack, but cannot change those of another file"
            }
        };
        Some(text.to_owned())
    }

    fn related(&self) -> Option<(&Place, &'static str)> {
        let Self::DefinedTwice { first, .. } = self else { return None };
        Some((first, "first defined here"))
    }
}
