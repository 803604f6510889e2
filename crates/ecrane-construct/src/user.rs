//! IAM users.

use ecrane_core::{Addresses, Arn, Attribute, IdentityKind, ResourceKind, UserResource, Value};

use crate::iam_path::check_path;
use crate::identity::{Identity, Origin};
use crate::policy::principal::{Kind, Principal};
use crate::stack::Stack;

/// An IAM user: CDK's `User`.
#[derive(Debug, Clone)]
pub struct User(Identity);

/// Properties of a [`User`].
#[derive(Debug, Clone, Default)]
pub struct UserProps {
    /// The physical name. If omitted, one is generated at deployment.
    pub user_name: Option<String>,
    /// The path, such as `/people/`.
    pub path: Option<String>,
    /// Pinned addresses and property overrides, by target.
    pub addresses: Addresses,
}

impl User {
    /// Creates a user in this stack.
    pub fn new(stack: &Stack, id: &str, props: UserProps) -> Self {
        let place = stack.place(&["principals"], id);
        let path = stack.claim(id, &place);
        let at = place.key("user");
        check_path(props.path.as_deref(), stack, &at);
        let resource = UserResource { name: props.user_name.clone(), path: props.path.clone() };
        let kind = ResourceKind::User(resource);
        let id = stack.add_done(path.child("Resource"), None, place.clone(), kind);
        stack.address(id, props.addresses);
        let origin = Origin::Owned { id, name: props.user_name, iam_path: props.path };
        let kind = IdentityKind::User;
        Self(Identity { kind, stack: stack.clone(), path, place, origin })
    }

    /// The ARN.
    pub fn user_arn(&self) -> Value {
        self.0.attribute(Attribute::Arn)
    }

    /// The physical name.
    pub fn user_name(&self) -> Value {
        self.0.attribute(Attribute::Name)
    }

    /// Imports an existing user by its ARN.
    pub fn from_user_arn(stack: &Stack, id: &str, arn: Arn) -> Self {
        Self(Identity::import(IdentityKind::User, stack, id, arn))
    }
}

impl From<&User> for Principal {
    fn from(user: &User) -> Self {
        Self(Kind::Identity(user.0.clone()))
    }
}
