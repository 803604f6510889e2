//! `aws_iam_policy`, and its attachment to a role.

use ecrane_core::{Attribute, ManagedPolicyResource, Resource};
use serde::Serialize;

use super::role::RolePolicyAttachment;
use super::{Body, Tags, tags};
use crate::expression::Text;
use crate::physical_name::physical_name;
use crate::stack::StackRenderer;

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
    stack: &mut StackRenderer<'g>,
) {
    let ManagedPolicyResource { description, document, role } = node;
    let body = Policy {
        name: Text::owned(physical_name(stack.stack(), &resource.path, LONGEST_NAME)),
        description: Text::literal(description),
        policy: stack.policy(document),
        tags: tags(&resource.tags),
    };
    stack.add(resource, Body::ManagedPolicy(body));
    let policy_arn = stack.own(resource, Attribute::Arn);
    let body = RolePolicyAttachment { role: stack.text(role), policy_arn };
    stack.add_beside(resource, "Attachment", Body::RolePolicyAttachment(body));
}
