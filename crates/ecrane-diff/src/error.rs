//! Errors in a document.

use ecrane_document::Explain;
use thiserror::Error;

use crate::text::TextError;

/// Why a text cannot be read as a document to compare.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// A text is neither JSON nor YAML.
    #[error("{part} is neither JSON nor YAML")]
    NotJson {
        /// The document, or a part of it that is a text.
        part: &'static str,
        /// Where it is wrong.
        source: TextError,
    },
    /// A map contains a key twice.
    #[error("{part} contains a key twice in one map")]
    DuplicateKey {
        /// The document, or a part of it that is a text.
        part: &'static str,
        /// Where.
        source: TextError,
    },
    /// The JSON is none of the known documents.
    #[error("neither a CloudFormation template, nor a Terraform module, state or plan")]
    Unknown,
    /// A part of the document has the wrong form.
    #[error("malformed {document}: `{part}` is not {expected}")]
    Malformed {
        /// The document.
        document: &'static str,
        /// The part.
        part: String,
        /// What it should be.
        expected: &'static str,
    },
    /// The version of a state file is unknown.
    #[error("a Terraform state of version {version}")]
    StateVersion {
        /// The version.
        version: u64,
    },
}

impl ReadError {
    /// Why a text is no document.
    pub(crate) fn of_text(part: &'static str, source: TextError) -> Self {
        match source {
            TextError::DuplicateKey { .. } => Self::DuplicateKey { part, source },
            TextError::Syntax { .. } => Self::NotJson { part, source },
        }
    }
}

impl Explain for ReadError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotJson { .. } => "diff::not_json",
            Self::DuplicateKey { .. } => "diff::duplicate_key",
            Self::Unknown => "diff::unknown_document",
            Self::Malformed { .. } => "diff::malformed_document",
            Self::StateVersion { .. } => "diff::state_version_unknown",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::DuplicateKey { .. } => {
                    "remove one of the two, or give it a key of its own: readers disagree on which one counts"
                }
                Self::NotJson { .. } | Self::Unknown => {
                    "pass an output of `ecrane synth`, `aws cloudformation get-template`, `terraform show -json` or `terraform state pull`"
                }
                Self::Malformed { .. } => "pass the document as the tool printed it",
                Self::StateVersion { .. } => "pass the output of `terraform show -json`",
            }
            .to_owned(),
        )
    }
}
