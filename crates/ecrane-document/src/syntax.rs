//! Syntax errors in YAML, JSON and TOML.

use std::ops::Range;

use thiserror::Error;

use crate::problem::Explain;
use crate::source::Format;

/// The maximum nesting depth of lists and maps.
pub const DEPTH_LIMIT: usize = 128;

/// A syntax error and its position.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{kind}")]
pub struct SyntaxError {
    /// The byte range of the error.
    pub span: Range<usize>,
    /// The kind of error.
    pub kind: SyntaxErrorKind,
}

/// The kind of a syntax error.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SyntaxErrorKind {
    /// The file is empty.
    #[error("empty config")]
    Empty,
    /// The file ends unexpectedly.
    #[error("unexpected end of file: {reason}")]
    Truncated {
        /// What the parser expected.
        reason: String,
    },
    /// The text violates the grammar of the format.
    #[error("invalid {format}: {reason}")]
    Malformed {
        /// The format.
        format: Format,
        /// The parser's message.
        reason: String,
    },
    /// A map contains a key twice.
    #[error("duplicate key `{key}`")]
    DuplicateKey {
        /// The key.
        key: String,
        /// The position of the first occurrence. `None` for TOML, whose parser does not report it.
        first: Option<Range<usize>>,
    },
    /// Lists and maps are nested too deeply.
    #[error("lists and maps are nested more than {limit} levels deep")]
    TooDeep {
        /// The maximum depth.
        limit: usize,
    },
    /// A number that cannot be represented exactly.
    #[error("number `{written}` is out of range")]
    NumberOutOfRange {
        /// The number as written in the file.
        written: String,
    },
    /// YAML: the file contains more than one document.
    #[error("the file contains more than one YAML document")]
    SeveralDocuments,
    /// YAML: the merge key `<<`.
    #[error("merge key `<<` is not supported")]
    MergeKey,
    /// YAML: an indentation by tabs.
    #[error("a tab in the indentation")]
    Tab,
    /// YAML: a key that is not a string.
    #[error("the key is not a string")]
    KeyNotText,
    /// YAML: a tag.
    #[error("YAML tag `{tag}` is not supported")]
    Tag {
        /// The tag as written in the file.
        tag: String,
    },
    /// YAML: an alias without a preceding anchor.
    #[error("the alias refers to an undefined anchor")]
    UnknownAnchor,
    /// YAML: an alias inside the value of its own anchor.
    #[error("the alias refers to a value that contains it")]
    AliasWithinItself,
    /// YAML: the aliases expand to too many bytes.
    #[error("the aliases expand to more than {limit} bytes")]
    AliasBudget {
        /// The maximum size in bytes.
        limit: usize,
    },
}

impl SyntaxError {
    /// Moves the places: the text is a part of another one, which starts there.
    pub(crate) fn shift(&mut self, by: usize) {
        let shifted = |span: &Range<usize>| span.start + by..span.end + by;
        self.span = shifted(&self.span);
        if let SyntaxErrorKind::DuplicateKey { first: Some(first), .. } = &mut self.kind {
            *first = shifted(first);
        }
    }
}

impl Explain for SyntaxError {
    fn code(&self) -> &'static str {
        match self.kind {
            SyntaxErrorKind::Empty => "config::empty",
            SyntaxErrorKind::Truncated { .. } => "config::truncated",
            SyntaxErrorKind::Malformed { .. } => "config::malformed",
            SyntaxErrorKind::DuplicateKey { .. } => "config::duplicate_key",
            SyntaxErrorKind::TooDeep { .. } => "config::too_deep",
            SyntaxErrorKind::NumberOutOfRange { .. } => "config::number_out_of_range",
            SyntaxErrorKind::SeveralDocuments => "config::several_documents",
            SyntaxErrorKind::MergeKey => "config::merge_key",
            SyntaxErrorKind::Tab => "config::tab",
            SyntaxErrorKind::KeyNotText => "config::key_not_text",
            SyntaxErrorKind::Tag { .. } => "config::tag",
            SyntaxErrorKind::UnknownAnchor => "config::unknown_anchor",
            SyntaxErrorKind::AliasWithinItself => "config::alias_within_itself",
            SyntaxErrorKind::AliasBudget { .. } => "config::alias_budget",
        }
    }

    fn help(&self) -> Option<String> {
        let help = match &self.kind {
            SyntaxErrorKind::Empty => {
                "write a config to start from with `ecrane init`; the minimal config is `stacks: {}`"
            }
            SyntaxErrorKind::Truncated { .. } => {
                "close open strings, lists and maps, or restore the missing part of the file"
            }
            SyntaxErrorKind::Malformed { format: Format::Json, .. } => {
                "JSON requires double quotes and allows no comments and no trailing commas; \
                 consider YAML"
            }
            SyntaxErrorKind::Malformed { format: Format::Yaml, .. } => {
                "check the indentation, and quote strings that contain `: ` or ` #` or start with \
                 `*`, `&`, `!`, `%`, `@`, `{` or `[`"
            }
            SyntaxErrorKind::Malformed { format: Format::Toml, .. } => return None,
            SyntaxErrorKind::DuplicateKey { .. } => "remove one of the two, or merge them",
            SyntaxErrorKind::TooDeep { .. } => "reduce the nesting",
            SyntaxErrorKind::NumberOutOfRange { written } => {
                return Some(format!("to specify a string, quote it: \"{written}\""));
            }
            SyntaxErrorKind::SeveralDocuments => "keep one document per file and remove the rest",
            SyntaxErrorKind::MergeKey => {
                "write what repositories have in common as one of the `presets`, and name it with `preset` or `defaults`; elsewhere repeat the keys: YAML 1.2 has no merge keys"
            }
            SyntaxErrorKind::Tab => "YAML is indented by spaces: replace the tab",
            SyntaxErrorKind::KeyNotText => "write the key as a string, in quotes if necessary",
            SyntaxErrorKind::Tag { .. } => "remove the tag; to specify a string, quote the value",
            SyntaxErrorKind::UnknownAnchor => {
                "define the anchor before the alias; if the value is a string that starts with `*`, quote it"
            }
            SyntaxErrorKind::AliasWithinItself => "replace the alias with the value itself",
            SyntaxErrorKind::AliasBudget { .. } => {
                "replace aliases with the values themselves, or use fewer aliases"
            }
        };
        Some(help.to_owned())
    }
}
