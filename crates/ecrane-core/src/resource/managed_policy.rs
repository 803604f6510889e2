//! `AWS::IAM::ManagedPolicy`

use super::Deployed;
use crate::policy::PolicyDocument;
use crate::value::Value;

/// A managed policy that carries on where a role's inline policy is full.
#[derive(Debug, Clone, PartialEq)]
pub struct ManagedPolicyResource {
    /// The description.
    pub description: String,
    /// The content.
    pub document: PolicyDocument,
    /// The role it is attached to, by its name.
    pub role: Value,
}

impl Deployed for ManagedPolicyResource {
    fn values<'r>(&'r self, visit: &mut dyn FnMut(&'r Value)) {
        let Self { description: _, document, role } = self;
        document.values(visit);
        visit(role);
    }
}
