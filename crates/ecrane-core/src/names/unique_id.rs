//! Unique ids of IAM roles and users.

use std::sync::Arc;

use thiserror::Error;

use ecrane_document::Explain;

/// The unique id of an IAM role (`AROA…`) or user (`AIDA…`), which a principal can have in place of
/// the ARN.
///
/// Source: IAM user guide, "IAM identifiers", "Unique identifiers"
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids>);
/// the length is that of `idType` in the IAM API.
///
/// ```
/// use ecrane_core::UniqueId;
///
/// let id: UniqueId = "AROAEXAMPLE1234567890".parse()?;
/// # Ok::<(), ecrane_core::UniqueIdError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UniqueId(Arc<str>);

super::text!(UniqueId, UniqueIdError);

impl UniqueId {
    fn check(text: &str) -> Result<(), UniqueIdError> {
        let is_letter = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
        if Self::has_prefix(text) && (16..=128).contains(&text.len()) && text.bytes().all(is_letter)
        {
            Ok(())
        } else {
            Err(UniqueIdError::Malformed { text: text.to_owned() })
        }
    }

    /// Whether a text begins as a unique id of a role or user does.
    pub fn has_prefix(text: &str) -> bool {
        text.starts_with("AROA") || text.starts_with("AIDA")
    }
}

/// An error when parsing a [`UniqueId`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum UniqueIdError {
    /// The text does not have the format of a unique id.
    #[error("invalid unique id `{text}` of a role or user")]
    Malformed {
        /// The invalid text.
        text: String,
    },
}

impl Explain for UniqueIdError {
    fn code(&self) -> &'static str {
        "principal::unique_id_malformed"
    }

    fn help(&self) -> Option<String> {
        Some(
            "use `AROA` or `AIDA` and at least 12 capital letters and digits, or the ARN of the role or user (IAM user guide, \"IAM identifiers\")"
                .to_owned(),
        )
    }
}
