//! Why a text is not the tree of values that its format promises.

use std::ops::Range;

use thiserror::Error;

use crate::problem::Explain;
use crate::source::Format;

/// How deep lists and maps may stand in each other.
pub const DEPTH_LIMIT: usize = 128;

/// Why a text cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{kind}")]
pub struct SyntaxError {
    /// The bytes that are to blame.
    pub span: Range<usize>,
    /// What is wrong.
    pub kind: SyntaxErrorKind,
}

/// Why a text cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SyntaxErrorKind {
    /// There is nothing in it.
    #[error("empty config")]
    Empty,
    /// It ends too early.
    #[error("the file ends too early: {reason}")]
    Truncated {
        /// What the parser was waiting for.
        reason: String,
    },
    /// It breaks the format's grammar.
    #[error("malformed {format}: {reason}")]
    Malformed {
        /// The format.
        format: Format,
        /// What the parser says.
        reason: String,
    },
    /// A map has a key twice.
    #[error("key `{key}` is given twice")]
    DuplicateKey {
        /// The key.
        key: String,
        /// Where it stands for the first time; the TOML parser does not tell.
        first: Option<Range<usize>>,
    },
    /// Lists and maps stand too deep in each other.
    #[error("more than {limit} lists and maps in each other")]
    TooDeep {
        /// How deep they may stand.
        limit: usize,
    },
    /// A number that cannot be kept exactly.
    #[error("number `{written}` is out of range")]
    NumberOutOfRange {
        /// The number as it is written.
        written: String,
    },
    /// YAML: a second document.
    #[error("a second YAML document")]
    SeveralDocuments,
    /// YAML: the merge key `<<`.
    #[error("merge key `<<`")]
    MergeKey,
    /// YAML: a key that is no text.
    #[error("a key that is no text")]
    KeyNotText,
    /// YAML: a tag.
    #[error("YAML tag `{tag}`")]
    Tag {
        /// The tag as it is written.
        tag: String,
    },
    /// YAML: an alias of an anchor that is not there before it.
    #[error("alias of an unknown anchor")]
    UnknownAnchor,
    /// YAML: an alias within its own anchor.
    #[error("an alias within its own anchor")]
    AliasWithinItself,
    /// YAML: aliases that come to too much.
    #[error("aliases that come to more than {limit} bytes")]
    AliasBudget {
        /// How much they may come to.
        limit: usize,
    },
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
            SyntaxErrorKind::KeyNotText => "config::key_not_text",
            SyntaxErrorKind::Tag { .. } => "config::tag",
            SyntaxErrorKind::UnknownAnchor => "config::unknown_anchor",
            SyntaxErrorKind::AliasWithinItself => "config::alias_within_itself",
            SyntaxErrorKind::AliasBudget { .. } => "config::alias_budget",
        }
    }

    fn help(&self) -> Option<String> {
        let help = match &self.kind {
            SyntaxErrorKind::Empty => "the least config is `stacks: {}`",
            SyntaxErrorKind::Truncated { .. } => "close what is open, or restore the rest",
            SyntaxErrorKind::Malformed { format: Format::Json, .. } => {
                "JSON takes double quotes only, no comments and no comma after the last value; \
                 YAML is more lenient"
            }
            SyntaxErrorKind::Malformed { format: Format::Yaml, .. } => {
                "look at the indentation, and quote texts that hold `: `, ` #` or begin with \
                 `*`, `&`, `!`, `%`, `@`, `{` or `[`"
            }
            SyntaxErrorKind::Malformed { format: Format::Toml, .. } => return None,
            SyntaxErrorKind::DuplicateKey { .. } => "drop one of the two, or merge them",
            SyntaxErrorKind::TooDeep { .. } => "no config needs to be that deep",
            SyntaxErrorKind::NumberOutOfRange { written } => {
                return Some(format!("if a text is meant, quote it: \"{written}\""));
            }
            SyntaxErrorKind::SeveralDocuments => "keep one document in a file",
            SyntaxErrorKind::MergeKey => {
                "YAML 1.2 has no merge keys; repeat the keys, or use an alias for a whole value"
            }
            SyntaxErrorKind::KeyNotText => "write the key as a text",
            SyntaxErrorKind::Tag { .. } => "tags are not read; quote the value if it is a text",
            SyntaxErrorKind::UnknownAnchor => {
                "define the anchor before it is used, or quote a text that begins with `*`"
            }
            SyntaxErrorKind::AliasWithinItself => "write the inner value out",
            SyntaxErrorKind::AliasBudget { .. } => "write the values out, or use fewer aliases",
        };
        Some(help.to_owned())
    }
}
