//! `AWS::IAM::Role`

use ecrane_core::{RoleResource, Value};
use serde::Serialize;

use super::{Properties, Tags};
use crate::import::Identifier;
use crate::policy::Policy;
use crate::scope::{In, Scope};

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(clippy::struct_field_names, reason = "the names are CloudFormation's")]
pub(crate) struct Role<'g> {
    #[serde(skip_serializing_if = "Option::is_none")]
    assume_role_policy_document: Option<Policy<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'g str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    managed_policy_arns: Vec<In<'g, &'g Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_session_duration: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    permissions_boundary: Option<In<'g, &'g Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_name: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Tags<'g>>,
}

impl<'g> Properties<'g> for Role<'g> {
    type Resource = RoleResource;

    const IDENTIFIER: Identifier = Identifier::PhysicalId("RoleName");

    fn new(scope: Scope<'g>, role: &'g RoleResource, tags: Option<Tags<'g>>) -> Self {
        let RoleResource {
            name,
            trust_policy,
            description,
            managed_policies,
            max_session_duration,
            path,
            permissions_boundary,
        } = role;
        Self {
            assume_role_policy_document: Policy::new(scope, trust_policy),
            description: description.as_deref(),
            managed_policy_arns: scope.values(managed_policies),
            max_session_duration: *max_session_duration,
            path: path.as_deref(),
            permissions_boundary: permissions_boundary.as_ref().map(|arn| scope.value(arn)),
            role_name: name.as_deref(),
            tags,
        }
    }
}
