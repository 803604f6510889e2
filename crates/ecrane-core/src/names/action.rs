//! IAM actions.

use std::borrow::Cow;

use thiserror::Error;

use ecrane_document::Explain;

/// An IAM action: `*`, or `service:action`, in which `*` and `?` are wildcards in the action name
/// (IAM user guide, "IAM JSON policy elements: Action").
///
/// The pattern is that of the CDK for policy statements, which has no `?`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Action(Cow<'static, str>);

impl Action {
    /// Creates an action from a literal, for constants.
    ///
    /// ```
    /// use ecrane_core::Action;
    ///
    /// const BATCH_GET_IMAGE: Action = Action::from_static("ecr:BatchGetImage");
    /// ```
    ///
    /// # Panics
    /// If the text is not a valid action. In a constant, this is a compile error.
    pub const fn from_static(text: &'static str) -> Self {
        assert!(is_well_formed(text), "not an IAM action");
        Self(Cow::Borrowed(text))
    }

    /// The action as text of a policy.
    pub fn into_text(self) -> Cow<'static, str> {
        self.0
    }

    /// The action as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for Action {
    type Error = ActionError;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        if is_well_formed(text) {
            Ok(Self(Cow::Owned(text.to_owned())))
        } else {
            Err(ActionError::Malformed { text: text.to_owned() })
        }
    }
}

/// `*`, or letters, digits and `-`, a colon, and letters, digits, `*` and `?`.
const fn is_well_formed(text: &str) -> bool {
    let mut rest = text.as_bytes();
    if let b"*" = rest {
        return true;
    }
    let (mut service, mut name, mut in_name) = (0, 0, false);
    while let [byte, after @ ..] = rest {
        rest = after;
        if in_name {
            if !(byte.is_ascii_alphanumeric() || matches!(*byte, b'*' | b'?')) {
                return false;
            }
            name += 1;
        } else if *byte == b':' {
            in_name = true;
        } else if byte.is_ascii_alphanumeric() || *byte == b'-' {
            service += 1;
        } else {
            return false;
        }
    }
    service > 0 && name > 0
}

impl std::str::FromStr for Action {
    type Err = ActionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(text)
    }
}

/// An error when parsing an [`Action`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ActionError {
    /// The text does not match the pattern.
    #[error("invalid IAM action `{text}`")]
    Malformed {
        /// The invalid text.
        text: String,
    },
}

impl Explain for ActionError {
    fn code(&self) -> &'static str {
        "policy::action_malformed"
    }

    fn help(&self) -> Option<String> {
        Some("use `service:action`, such as ecr:BatchGetImage".to_owned())
    }
}
