//! `AWS::KMS::Key` and `Alias`

#![expect(clippy::struct_field_names, reason = "the names are CloudFormation's")]

use ecrane_core::{AliasResource, KeyResource, Value};
use serde::Serialize;

use crate::policy::Policy;
use crate::scope::{In, Scope};

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Key<'g> {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enable_key_rotation: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_policy: Option<Policy<'g>>,
}

impl<'g> Key<'g> {
    pub(super) fn new(scope: Scope<'g>, key: &'g KeyResource) -> Self {
        let KeyResource { description, enable_key_rotation, policy } = key;
        Self {
            description: description.as_deref(),
            enable_key_rotation: *enable_key_rotation,
            key_policy: Policy::new(scope, policy),
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Alias<'g> {
    alias_name: &'g str,
    target_key_id: In<'g, &'g Value>,
}

impl<'g> Alias<'g> {
    pub(super) fn new(scope: Scope<'g>, alias: &'g AliasResource) -> Self {
        let AliasResource { name, target_key } = alias;
        Self { alias_name: name, target_key_id: scope.value(target_key) }
    }
}
