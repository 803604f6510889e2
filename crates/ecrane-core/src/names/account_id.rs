//! AWS account ids.

use std::sync::Arc;

use thiserror::Error;

use ecrane_document::Explain;

/// The id of an AWS account: twelve digits.
///
/// ```
/// use ecrane_core::AccountId;
///
/// assert_eq!("012345678901".parse::<AccountId>()?.as_str(), "012345678901");
/// assert!("1234".parse::<AccountId>().is_err());
/// # Ok::<(), ecrane_core::AccountIdError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(Arc<str>);

super::text!(AccountId, AccountIdError);

impl AccountId {
    fn check(text: &str) -> Result<(), AccountIdError> {
        if text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(())
        } else {
            Err(AccountIdError::Malformed { text: text.to_owned() })
        }
    }
}

/// An error when parsing an [`AccountId`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AccountIdError {
    /// The text is not twelve digits.
    #[error("invalid AWS account id `{text}`")]
    Malformed {
        /// The invalid text.
        text: String,
    },
}

impl Explain for AccountIdError {
    fn code(&self) -> &'static str {
        "account::id_malformed"
    }

    fn help(&self) -> Option<String> {
        Some("use 12 digits in quotes, such as \"111122223333\"".to_owned())
    }
}
