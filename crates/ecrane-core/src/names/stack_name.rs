//! Stack names.

use std::sync::Arc;

use thiserror::Error;

use ecrane_document::Explain;

/// A stack name: a letter followed by letters, digits and `-`, up to 128 characters.
///
/// The rule is `StackName` in the CloudFormation API reference, "`CreateStack`".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StackName(Arc<str>);

super::text!(StackName, StackNameError);

impl StackName {
    fn check(text: &str) -> Result<(), StackNameError> {
        let well_formed = text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.len() <= 128
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if well_formed { Ok(()) } else { Err(StackNameError::Malformed { text: text.to_owned() }) }
    }
}

/// An error when parsing a [`StackName`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StackNameError {
    /// The text does not match the pattern.
    #[error("invalid stack name `{text}`")]
    Malformed {
        /// The invalid text.
        text: String,
    },
}

impl Explain for StackNameError {
    fn code(&self) -> &'static str {
        "stack::name_malformed"
    }

    fn help(&self) -> Option<String> {
        Some("use a letter followed by letters, digits and `-`, up to 128 characters; if the stack id is not a valid name, set `stackName`".to_owned())
    }
}
