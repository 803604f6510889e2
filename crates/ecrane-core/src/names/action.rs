//! IAM actions.

use std::borrow::Cow;

use thiserror::Error;

use ecrane_document::Explain;

/// An IAM action: `*`, or a service, a colon and the name of an action, in which `*` is a wildcard.
///
/// The rule is CDK's, for every policy statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Action(Cow<'static, str>);

impl Action {
    /// An action that a program writes out, for constants.
    ///
    /// ```
    /// use ecrane_core::Action;
    ///
    /// const BATCH_GET_IMAGE: Action = Action::from_static("ecr:BatchGetImage");
    /// ```
    ///
    /// # Panics
    /// When the text is not an action; in a constant, that does not compile.
    pub const fn from_static(text: &'static str) -> Self {
        assert!(is_well_formed(text), "not an IAM action");
        Self(Cow::Borrowed(text))
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

/// `*`, or letters, digits and `-`, a colon, and letters, digits and `*`.
const fn is_well_formed(text: &str) -> bool {
    let mut rest = text.as_bytes();
    if let b"*" = rest {
        return true;
    }
    let (mut service, mut name, mut in_name) = (0, 0, false);
    while let [byte, after @ ..] = rest {
        rest = after;
        if in_name {
            if !(byte.is_ascii_alphanumeric() || *byte == b'*') {
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

/// Why a text is not an [`Action`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ActionError {
    /// It breaks the pattern.
    #[error("`{text}` is not an action")]
    Malformed {
        /// The text as given.
        text: String,
    },
}

impl Explain for ActionError {
    fn code(&self) -> &'static str {
        "policy::action_malformed"
    }

    fn help(&self) -> Option<String> {
        Some("an action is a service, a colon and a name, such as ecr:BatchGetImage".to_owned())
    }
}
