//! IAM actions.

use std::borrow::Cow;

use thiserror::Error;

use crate::diagnostic::Explain;

/// An IAM action: `*`, or a service, a colon and the name of an action, in which `*` is a wildcard.
///
/// The rule is CDK's, for every policy statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Action(Cow<'static, str>);

impl Action {
    /// An action that this crate writes out itself.
    pub(crate) const fn known(action: &'static str) -> Self {
        Self(Cow::Borrowed(action))
    }

    /// The action as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for Action {
    type Error = ActionError;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        let well_formed = text == "*"
            || text.split_once(':').is_some_and(|(service, name)| {
                let in_service = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
                let in_name = |b: u8| b.is_ascii_alphanumeric() || b == b'*';
                !service.is_empty()
                    && !name.is_empty()
                    && service.bytes().all(in_service)
                    && name.bytes().all(in_name)
            });
        if well_formed {
            Ok(Self(Cow::Owned(text.to_owned())))
        } else {
            Err(ActionError::Malformed { text: text.to_owned() })
        }
    }
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
