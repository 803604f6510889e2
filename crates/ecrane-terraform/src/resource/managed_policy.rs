//! `aws_iam_policy`, and its attachment to a role.

use ecrane_core::{Attribute, ManagedPolicyResource, Resource};
use serde::Serialize;

use super::role::RolePolicyAttachment;
use super::{Body, Pieces, Tags, tags};
use crate::expression::Text;
use crate::physical_name::physical_name;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
#[expect(clippy::struct_field_names, reason = "Terraform's own argument names")]
pub(crate) struct Policy<'g> {
    name: Text<'g>,
    description: Text<'g>,
    policy: Text<'g>,
    #[serde(skip_serializing_if = "Tags::is_empty")]
    tags: Tags<'g>,
}

/// The longest name that IAM takes for a policy.
const LONGEST_NAME: usize = 128;

pub(super) fn render<'g>(
    resource: &'g Resource,
    node: &'g ManagedPolicyResource,
    scope: &mut Scope<'g>,
) -> Pieces<'g> {
    let ManagedPolicyResource { description, document, role } = node;
    let body = Policy {
        name: Text::owned(physical_name(scope.stack(), &resource.path, LONGEST_NAME)),
        description: Text::literal(description),
        policy: scope.policy(document),
        tags: tags(&resource.tags),
    };
    let mut pieces = Pieces::of(Body::ManagedPolicy(body));
    let policy_arn = scope.own(resource, Attribute::Arn);
    let body = RolePolicyAttachment { role: scope.text(role), policy_arn };
    pieces.beside("Attachment", Body::RolePolicyAttachment(body));
    pieces
}
