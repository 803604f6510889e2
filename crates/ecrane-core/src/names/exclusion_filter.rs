//! Exclusion filters of tag mutability.

use std::sync::Arc;

use thiserror::Error;

use ecrane_document::Explain;

/// A wildcard filter of image tags, such as `dev-*`.
///
/// 1 to 128 letters, digits, `.`, `_`, `-` and `*`, where `*` matches zero or more characters. The
/// pattern is `ImageTagMutabilityExclusionFilterValue` in the resource schema of
/// `AWS::ECR::Repository`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExclusionFilter(Arc<str>);

super::text!(ExclusionFilter, ExclusionFilterError);

impl ExclusionFilter {
    fn check(text: &str) -> Result<(), ExclusionFilterError> {
        let well_formed = (1..=128).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-*".contains(&b));
        if well_formed {
            Ok(())
        } else {
            Err(ExclusionFilterError::Malformed { text: text.to_owned() })
        }
    }
}

/// An error when parsing an [`ExclusionFilter`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ExclusionFilterError {
    /// The text does not match the pattern.
    #[error("invalid exclusion filter `{text}`")]
    Malformed {
        /// The invalid text.
        text: String,
    },
}

impl Explain for ExclusionFilterError {
    fn code(&self) -> &'static str {
        "repository::exclusion_filter_malformed"
    }

    fn help(&self) -> Option<String> {
        Some("use 1 to 128 letters, digits, `.`, `_`, `-` and `*`".to_owned())
    }
}
