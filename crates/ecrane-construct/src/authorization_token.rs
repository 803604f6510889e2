//! Authorization tokens, used by `docker login`.

use ecrane_core::{Action, Explain, Value, ValuePlaces};
use thiserror::Error;

use crate::grant::add_to_identity;
use crate::policy::principal::Principal;
use crate::stack::Stack;

/// The token for private repositories: CDK's `AuthorizationToken`.
#[derive(Debug)]
pub struct AuthorizationToken;

impl AuthorizationToken {
    /// Grants an identity permission to get a token for the private registry of its account.
    pub fn grant_read(stack: &Stack, to: impl Into<Principal>) {
        grant(stack, &to.into(), "private", &[Action::from_static("ecr:GetAuthorizationToken")]);
    }
}

/// The token for the Amazon ECR Public Gallery: CDK's `PublicGalleryAuthorizationToken`.
#[derive(Debug)]
pub struct PublicGalleryAuthorizationToken;

impl PublicGalleryAuthorizationToken {
    /// Grants an identity permission to get a token for the public gallery.
    pub fn grant_read(stack: &Stack, to: impl Into<Principal>) {
        grant(
            stack,
            &to.into(),
            "publicGallery",
            &[
                Action::from_static("ecr-public:GetAuthorizationToken"),
                Action::from_static("sts:GetServiceBearerToken"),
            ],
        );
    }
}

/// The actions support only the resource `*`: Service Authorization Reference, Amazon ECR and AWS
/// STS.
fn grant(stack: &Stack, to: &Principal, section: &str, actions: &[Action]) {
    let place = stack.section_place(&["authorizationTokens", section]);
    let all = |_: &Stack| Ok(Value::from("*").into());
    match add_to_identity(to, actions, all, place.clone(), ValuePlaces::default) {
        Ok(true) => {
            if to.identity().is_some_and(|identity| !identity.is_mutable()) {
                stack.warn(place, TokenWarning::OtherAccount);
            }
        }
        Ok(false) => stack.warn(place, TokenWarning::NoIdentity),
        Err(error) => stack.error(place, error),
    }
}

/// A warning about an authorization token grant without effect.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TokenWarning {
    /// The principal has no identity policy.
    #[error("authorization token grant has no effect: the principal has no identity policy")]
    NoIdentity,
    /// The role is in another account.
    #[error("authorization token grant has no effect: the role is in another account")]
    OtherAccount,
}

impl Explain for TokenWarning {
    fn code(&self) -> &'static str {
        match self {
            Self::NoIdentity => "token::no_identity",
            Self::OtherAccount => "token::other_account",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::NoIdentity => "use a role, user or group",
                Self::OtherAccount => "add the statement where the role is created",
            }
            .to_owned(),
        )
    }
}
