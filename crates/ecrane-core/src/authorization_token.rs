//! Authorization tokens: what `docker login` needs.

use crate::diagnostic::{Explain, Place, Problem};
use crate::grant::add_to_identity;
use crate::names::Action;
use crate::policy::{Kind, Principal};
use crate::stack::Stack;
use crate::value::Value;
use thiserror::Error;

/// The token for private repositories: CDK's `AuthorizationToken`.
#[derive(Debug)]
pub struct AuthorizationToken;

impl AuthorizationToken {
    /// Lets an identity get a token for the registry of its account.
    pub fn grant_read(stack: &Stack, to: impl Into<Principal>) {
        grant(stack, &to.into(), "private", &[Action::known("ecr:GetAuthorizationToken")]);
    }
}

/// The token for the Amazon ECR Public Gallery: CDK's `PublicGalleryAuthorizationToken`.
#[derive(Debug)]
pub struct PublicGalleryAuthorizationToken;

impl PublicGalleryAuthorizationToken {
    /// Lets an identity get a token for the public gallery.
    pub fn grant_read(stack: &Stack, to: impl Into<Principal>) {
        grant(
            stack,
            &to.into(),
            "publicGallery",
            &[
                Action::known("ecr-public:GetAuthorizationToken"),
                Action::known("sts:GetServiceBearerToken"),
            ],
        );
    }
}

/// The actions take no resource but `*`: Service Authorization Reference, Amazon ECR and AWS STS.
fn grant(stack: &Stack, to: &Principal, section: &str, actions: &[Action]) {
    let app = stack.app();
    let place = || {
        app.place_or(|| {
            let stack = Place::default().key("stacks").key(&stack.id());
            stack.key("authorizationTokens").key(section)
        })
    };
    match add_to_identity(to, actions, |_| Ok(Value::from("*").into())) {
        Ok(true) => {
            if let Kind::Role(role) = &to.0
                && !role.is_mutable()
            {
                app.note(Problem::warning(place(), TokenWarning::OtherAccount));
            }
        }
        Ok(false) => app.note(Problem::warning(place(), TokenWarning::NoIdentity)),
        Err(error) => app.note(Problem::error(place(), error)),
    }
}

/// What to know of a token that nobody can get.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TokenWarning {
    /// The principal has no policy of its own.
    #[error("this authorization token is for nobody: the principal has no policy to add to")]
    NoIdentity,
    /// The role cannot be changed from here.
    #[error("this authorization token is for nobody: the role is of another account")]
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
                Self::NoIdentity => "name a role, user or group",
                Self::OtherAccount => "add the statement where the role is made",
            }
            .to_owned(),
        )
    }
}
