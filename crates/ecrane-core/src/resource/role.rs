//! `AWS::IAM::Role`

use ecrane_document::Place;

use super::Deployed;
use crate::bounds::{self, Findings, Rule};
use crate::names::Environment;
use crate::policy::PolicyDocument;
use crate::value::Value;

/// An IAM role.
#[derive(Debug, Clone, PartialEq)]
pub struct RoleResource {
    /// The physical name. If omitted, one is generated at deployment.
    pub name: Option<String>,
    /// The trust policy: the principals that can assume the role.
    pub trust_policy: PolicyDocument,
    /// The description.
    pub description: Option<String>,
    /// The ARNs of the attached managed policies.
    pub managed_policies: Vec<Value>,
    /// The maximum session duration, in seconds.
    pub max_session_duration: Option<u32>,
    /// The path, such as `/ci/`.
    pub path: Option<String>,
    /// The ARN of the permissions boundary.
    pub permissions_boundary: Option<Value>,
}

const ROLE_DESCRIPTION: Rule = Rule {
    code: "role::description_malformed",
    what: "description of the role",
    help: "use Latin-1 characters, line breaks and tabs (IAM API Reference, Role, Description)",
};

impl Deployed for RoleResource {
    fn values<'r>(&'r self, visit: &mut dyn FnMut(&'r Value)) {
        let Self {
            trust_policy,
            managed_policies,
            permissions_boundary,
            name: _,
            description: _,
            max_session_duration: _,
            path: _,
        } = self;
        trust_policy.values(visit);
        managed_policies.iter().chain(permissions_boundary).for_each(visit);
    }

    fn check(&self, place: &Place, _: &Environment, findings: &mut Findings) {
        let place = place.key("role");
        bounds::iam_name(self.name.as_deref(), 64, &place.key("roleName"), findings);
        let is_latin = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{a1}'..='\u{ff}');
        findings.form(
            self.description.as_deref(),
            |text| text.chars().all(is_latin),
            &ROLE_DESCRIPTION,
            &place.key("description"),
        );
        bounds::statements(&self.trust_policy, findings);
    }
}
