//! Errors in a document.

use ecrane_document::Explain;
use thiserror::Error;

/// Why a text cannot be read as a document to compare.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The text is neither JSON nor YAML.
    #[error("neither a JSON nor a YAML document")]
    NotJson(#[source] serde_json::Error),
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

impl Explain for ReadError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotJson(_) => "diff::not_json",
            Self::Unknown => "diff::unknown_document",
            Self::Malformed { .. } => "diff::malformed_document",
            Self::StateVersion { .. } => "diff::state_version_unknown",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::NotJson(_) | Self::Unknown => {
                    "pass an output of `ecrane synth`, `aws cloudformation get-template`, `terraform show -json` or `terraform state pull`"
                }
                Self::Malformed { .. } => "pass the document as the tool printed it",
                Self::StateVersion { .. } => "pass the output of `terraform show -json`",
            }
            .to_owned(),
        )
    }
}
