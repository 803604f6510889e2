//! `AWS::KMS::Key`

use ecrane_core::KeyResource;
use serde::Serialize;

use super::{Properties, Tags};
use crate::import::Identifier;
use crate::policy::Policy;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(clippy::struct_field_names, reason = "the names are CloudFormation's")]
pub(crate) struct Key<'g> {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enable_key_rotation: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_policy: Option<Policy<'g>>,
}

impl<'g> Properties<'g> for Key<'g> {
    type Resource = KeyResource;

    const IDENTIFIER: Identifier = Identifier::PhysicalId("KeyId");

    fn new(scope: Scope<'g>, key: &'g KeyResource, _: Option<Tags<'g>>) -> Self {
        let KeyResource { description, enable_key_rotation, policy } = key;
        Self {
            description: description.as_deref(),
            enable_key_rotation: *enable_key_rotation,
            key_policy: Policy::new(scope, policy),
        }
    }
}
