//! `AWS::IAM::Policy`: an inline policy of roles, users or groups.

use ecrane_document::Place;

use super::Deployed;
use crate::bounds::{self, Findings, PolicyOf};
use crate::names::Environment;
use crate::policy::PolicyDocument;
use crate::value::Value;

/// An inline policy of IAM roles, users or groups, referenced by their physical names.
#[derive(Debug, Clone, PartialEq)]
pub struct IdentityPolicyResource {
    /// The policy's name.
    pub name: String,
    /// The policy document.
    pub document: PolicyDocument,
    /// The identities that the policy is attached to.
    pub attached_to: Identity,
}

/// An identity that a policy is attached to.
#[derive(Debug, Clone, PartialEq)]
pub enum Identity {
    /// A role, by its name.
    Role(Value),
    /// A user, by its name.
    User(Value),
    /// A group, by its name.
    Group(Value),
}

/// The type of an identity in IAM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentityKind {
    /// An IAM role.
    Role,
    /// An IAM user.
    User,
    /// An IAM user group.
    Group,
}

impl IdentityKind {
    /// The resource type in ARNs: `role`, `user` or `group`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::User => "user",
            Self::Group => "group",
        }
    }
}

impl Identity {
    /// The type of the identity.
    pub fn kind(&self) -> IdentityKind {
        match self {
            Self::Role(_) => IdentityKind::Role,
            Self::User(_) => IdentityKind::User,
            Self::Group(_) => IdentityKind::Group,
        }
    }

    /// The physical name.
    pub fn name(&self) -> &Value {
        let (Self::Role(name) | Self::User(name) | Self::Group(name)) = self;
        name
    }
}

impl Deployed for IdentityPolicyResource {
    fn values<'r>(&'r self, visit: &mut dyn FnMut(&'r Value)) {
        let Self { name: _, document, attached_to } = self;
        document.values(visit);
        visit(attached_to.name());
    }

    fn check(&self, _: &Place, env: &Environment, findings: &mut Findings) {
        bounds::statements(&self.document, PolicyOf::Identity, env, findings);
    }
}
