//! `aws_iam_role`, and an `aws_iam_role_policy_attachment` for each of its managed policies.

use std::collections::BTreeSet;

use ecrane_core::{Attribute, Resource, RoleResource, Value};
use serde::Serialize;

use super::{Body, Deployed, Pieces, Tags, Type, tags};
use crate::expression::Text;
use crate::import::{IdPart, ImportId};
use crate::names;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
pub(crate) struct Role<'g> {
    name: Text<'g>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<Text<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Text<'g>>,
    assume_role_policy: Text<'g>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_session_duration: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    permissions_boundary: Option<Text<'g>>,
    #[serde(skip_serializing_if = "Tags::is_empty")]
    tags: Tags<'g>,
}

#[derive(Debug, Serialize)]
pub(crate) struct RolePolicyAttachment<'g> {
    pub(super) role: Text<'g>,
    pub(super) policy_arn: Text<'g>,
}

/// The maximum length of a name that IAM accepts for a role.
const LONGEST_NAME: usize = 64;

impl Deployed for RoleResource {
    fn terraform_type(&self) -> Type {
        Type::new("aws_iam_role").with_arn()
    }

    fn given_name(&self) -> Option<(&'static str, Option<&str>)> {
        Some(("name", self.name.as_deref()))
    }

    fn render<'g>(&'g self, resource: &'g Resource, scope: &mut Scope<'g>) -> Pieces<'g> {
        let Self {
            name,
            trust_policy,
            description,
            managed_policies,
            max_session_duration,
            path,
            permissions_boundary,
        } = self;
        let body = Role {
            name: scope.name(resource, name.as_deref(), LONGEST_NAME),
            path: path.as_deref().map(Text::literal),
            description: description.as_deref().map(Text::literal),
            assume_role_policy: scope.policy(trust_policy),
            max_session_duration: *max_session_duration,
            permissions_boundary: permissions_boundary.as_ref().map(|arn| scope.text(arn)),
            tags: tags(&resource.tags),
        };
        let mut pieces = Pieces::of(Body::Role(body), ImportId::own());
        let mut attached = BTreeSet::new();
        let mut parts = BTreeSet::new();
        for (index, policy) in managed_policies.iter().enumerate() {
            let policy_arn = scope.text(policy);
            if !attached.insert(policy_arn.clone()) {
                continue;
            }
            let mut part = attachment(policy, index);
            while !parts.insert(names::words(&part, '_')) {
                part.push_str("-again");
            }
            let role = scope.own(resource, Attribute::Name);
            let body = Body::RolePolicyAttachment(RolePolicyAttachment { role, policy_arn });
            let id = ImportId::new([IdPart::Own, IdPart::Text("/"), IdPart::Value(policy)]);
            pieces.below(&part, body, id);
        }
        pieces
    }
}

/// The name of an attachment: that of its policy, so that its address does not change if another
/// policy is inserted before it.
fn attachment(policy: &Value, index: usize) -> String {
    let end = match policy {
        Value::Literal(text) => Some(text),
        Value::Concat(parts) => match parts.last() {
            Some(Value::Literal(text)) => Some(text),
            _ => None,
        },
        Value::Pseudo(_) | Value::Attribute(..) | Value::ArnField(..) => None,
    };
    end.and_then(|text| text.rsplit('/').next())
        .filter(|name| name.contains(|c: char| c.is_ascii_alphanumeric()))
        .map_or_else(|| format!("Policy{index}"), str::to_owned)
}
