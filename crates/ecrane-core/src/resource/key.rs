//! `AWS::KMS::Key`

use ecrane_document::Place;

use super::Deployed;
use crate::bounds::{self, Findings, Rule};
use crate::names::Environment;
use crate::policy::PolicyDocument;
use crate::value::Value;

/// A KMS key.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyResource {
    /// The description.
    pub description: Option<String>,
    /// Whether automatic key rotation, every year, is enabled; omitted from the output if `None`.
    pub enable_key_rotation: Option<bool>,
    /// The key policy.
    pub policy: PolicyDocument,
}

const KEY_DESCRIPTION: Rule = Rule {
    code: "key::description_length",
    what: "description of the key",
    help: "AWS::KMS::Key, Description",
};

impl Deployed for KeyResource {
    fn values<'r>(&'r self, visit: &mut dyn FnMut(&'r Value)) {
        let Self { description: _, enable_key_rotation: _, policy } = self;
        policy.values(visit);
    }

    fn check(&self, place: &Place, env: &Environment, findings: &mut Findings) {
        let description = self.description.as_deref();
        findings.length(description, (0, 8192), &KEY_DESCRIPTION, &place.key("description"));
        let at_policy = place.key("resourcePolicy");
        bounds::key_policy(&self.policy, &at_policy, env, findings);
    }
}
