//! `AWS::IAM::ManagedPolicy`

use ecrane_document::Place;

use super::Deployed;
use crate::bounds::{self, Findings, PolicyOf};
use crate::names::Environment;
use crate::policy::PolicyDocument;
use crate::value::Value;

/// A managed policy with the statements that exceed the size of a role's inline policy.
#[derive(Debug, Clone, PartialEq)]
pub struct ManagedPolicyResource {
    /// The description.
    pub description: String,
    /// The policy document.
    pub document: PolicyDocument,
    /// The name of the role that the policy is attached to.
    pub role: Value,
}

impl Deployed for ManagedPolicyResource {
    fn values<'r>(&'r self, visit: &mut dyn FnMut(&'r Value)) {
        let Self { description: _, document, role } = self;
        document.values(visit);
        visit(role);
    }

    fn check(&self, _: &Place, env: &Environment, findings: &mut Findings) {
        bounds::statements(&self.document, PolicyOf::Identity, env, findings);
    }
}
