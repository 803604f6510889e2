//! Ids of AWS organizations.

use std::sync::Arc;

use thiserror::Error;

use ecrane_document::Explain;

/// The id of an AWS organization: `o-` and 10 to 32 lowercase letters or digits.
///
/// The rule is `OrganizationId` in the AWS Organizations API reference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrganizationId(Arc<str>);

super::text!(OrganizationId, OrganizationIdError);

impl OrganizationId {
    fn check(text: &str) -> Result<(), OrganizationIdError> {
        let well_formed = text.strip_prefix("o-").is_some_and(|rest| {
            (10..=32).contains(&rest.len())
                && rest.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        });
        if well_formed {
            Ok(())
        } else {
            Err(OrganizationIdError::Malformed { text: text.to_owned() })
        }
    }
}

/// An error when parsing an [`OrganizationId`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OrganizationIdError {
    /// The text does not match the pattern.
    #[error("invalid organization id `{text}`")]
    Malformed {
        /// The invalid text.
        text: String,
    },
}

impl Explain for OrganizationIdError {
    fn code(&self) -> &'static str {
        "organization::id_malformed"
    }

    fn help(&self) -> Option<String> {
        Some("use `o-` followed by 10 to 32 lowercase letters or digits".to_owned())
    }
}
