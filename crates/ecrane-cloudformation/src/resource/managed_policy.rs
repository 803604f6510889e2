//! `AWS::IAM::ManagedPolicy`

use ecrane_core::{ManagedPolicyResource, Value};
use serde::Serialize;

use super::{Properties, Tags};
use crate::import::Identifier;
use crate::policy::Policy;
use crate::scope::{In, Scope};

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ManagedPolicy<'g> {
    description: &'g str,
    /// What the CDK writes for a path that is not given.
    path: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_document: Option<Policy<'g>>,
    roles: [In<'g, &'g Value>; 1],
}

impl<'g> Properties<'g> for ManagedPolicy<'g> {
    type Resource = ManagedPolicyResource;

    const IDENTIFIER: Identifier = Identifier::PhysicalId("PolicyArn");

    fn new(scope: Scope<'g>, policy: &'g ManagedPolicyResource, _: Option<Tags<'g>>) -> Self {
        let ManagedPolicyResource { description, document, role } = policy;
        Self {
            description,
            path: "/",
            policy_document: Policy::new(scope, document),
            roles: [scope.value(role)],
        }
    }
}
