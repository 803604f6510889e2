//! Names of stacks.

use thiserror::Error;

use ecrane_document::Explain;

/// The name a stack is deployed under: a letter, then letters, digits and `-`, 128 at most.
///
/// The rule is `StackName` in the CloudFormation API reference, "`CreateStack`".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StackName(String);

super::text!(StackName, StackNameError);

impl StackName {
    fn check(text: &str) -> Result<(), StackNameError> {
        let well_formed = text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.len() <= 128
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if well_formed { Ok(()) } else { Err(StackNameError::Malformed { text: text.to_owned() }) }
    }
}

/// Why a text is not a [`StackName`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StackNameError {
    /// It breaks the pattern.
    #[error("malformed stack name `{text}`")]
    Malformed {
        /// The text as given.
        text: String,
    },
}

impl Explain for StackNameError {
    fn code(&self) -> &'static str {
        "stack::name_malformed"
    }

    fn help(&self) -> Option<String> {
        Some("a stack name is a letter, then letters, digits and `-`, 128 at most; give `stackName` where the id is none".to_owned())
    }
}
