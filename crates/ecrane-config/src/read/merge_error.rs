//! Why files or presets cannot be put together.

use thiserror::Error;

use ecrane_document::{Explain, Place};

/// Why files or presets cannot be put together.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MergeError {
    /// Presets that are merged under each other.
    #[error("presets name each other in a circle: `{}`", chain.join("` → `"))]
    PresetCircle {
        /// The presets, the first one repeated at the end.
        chain: Vec<String>,
    },
    /// A property of one repository in a preset of many.
    #[error("a preset takes no `{property}`")]
    PresetHas {
        /// The property.
        property: &'static str,
    },
    /// An include in a text that is no file.
    #[error("`include` in a text that stands in no folder")]
    NoFolder,
    /// An include that is no pattern.
    #[error("`{pattern}` is no pattern: {reason}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// An include that leads out of the folder.
    #[error("`{pattern}` leads out of the folder of the including file")]
    Outside {
        /// The pattern, or the file that it found.
        pattern: String,
    },
    /// An include that finds nothing.
    #[error("no file matches `{pattern}`")]
    NoMatch {
        /// The pattern.
        pattern: String,
    },
    /// A folder that cannot be read.
    #[error("cannot look into `{folder}`: {reason}")]
    Unreadable {
        /// The folder.
        folder: String,
        /// Why.
        reason: String,
    },
    /// What stands in two files, and cannot be both.
    #[error("`{key}` stands in two files")]
    DefinedTwice {
        /// The key.
        key: String,
        /// Where it stands for the first time.
        first: Place,
    },
}

impl Explain for MergeError {
    fn code(&self) -> &'static str {
        match self {
            Self::PresetCircle { .. } => "preset::circle",
            Self::PresetHas { .. } => "preset::property",
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
            Self::PresetCircle { .. } => "take `preset` out of one of them",
            Self::PresetHas { .. } => "give it to the repository",
            Self::NoFolder => "load the config from a file",
            Self::Pattern { .. } => "use names with `*`, `?`, `[abc]`, and `**` for any folders",
            Self::Outside { .. } => {
                "patterns are relative to the including file, and neither `..` nor a link leads out of its folder"
            }
            Self::NoMatch { .. } => "create the file, or drop the pattern",
            Self::Unreadable { .. } => return None,
            Self::DefinedTwice { .. } => {
                "keep one of them: files add constructs to a stack, and do not change what another says"
            }
        };
        Some(text.to_owned())
    }

    fn related(&self) -> Option<(&Place, &'static str)> {
        let Self::DefinedTwice { first, .. } = self else { return None };
        Some((first, "first given here"))
    }
}
