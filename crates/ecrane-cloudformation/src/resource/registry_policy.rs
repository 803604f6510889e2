//! `AWS::ECR::RegistryPolicy`

use ecrane_core::RegistryPolicyResource;
use serde::Serialize;

use super::{Properties, Tags};
use crate::import::Identifier;
use crate::policy::Policy;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RegistryPolicy<'g> {
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_text: Option<Policy<'g>>,
}

impl<'g> Properties<'g> for RegistryPolicy<'g> {
    type Resource = RegistryPolicyResource;

    const IDENTIFIER: Identifier = Identifier::Account("RegistryId");

    fn new(scope: Scope<'g>, policy: &'g RegistryPolicyResource, _: Option<Tags<'g>>) -> Self {
        let RegistryPolicyResource { document } = policy;
        Self { policy_text: Policy::new(scope, document) }
    }
}
