//! `AWS::ECR::RegistryPolicy`

use ecrane_document::Place;

use super::Deployed;
use crate::bounds::{self, Findings};
use crate::names::Environment;
use crate::policy::PolicyDocument;
use crate::value::Value;

/// A registry policy: permissions for replication and repository creation.
#[derive(Debug, Clone, PartialEq)]
pub struct RegistryPolicyResource {
    /// The policy document.
    pub document: PolicyDocument,
}

impl Deployed for RegistryPolicyResource {
    const ONCE: Option<&'static str> = Some("registry policy");

    fn values<'r>(&'r self, visit: &mut dyn FnMut(&'r Value)) {
        let Self { document } = self;
        document.values(visit);
    }

    fn check(&self, place: &Place, _: &Environment, findings: &mut Findings) {
        bounds::resource_policy(&self.document, place, findings);
    }
}
