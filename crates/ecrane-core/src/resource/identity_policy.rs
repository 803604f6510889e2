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

impl Deployed for IdentityPolicyResource {
    fn values<'r>(&'r self, visit: &mut dyn FnMut(&'r Value)) {
        let Self { name: _, document, attached_to } = self;
        let (Identity::Role(name) | Identity::User(name) | Identity::Group(name)) = attached_to;
        document.values(visit);
        visit(name);
    }

    fn check(&self, _: &Place, env: &Environment, findings: &mut Findings) {
        bounds::statements(&self.document, PolicyOf::Identity, env, findings);
    }
}
