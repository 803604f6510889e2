//! `aws_ecr_registry_policy`.

use ecrane_core::Resource;
use serde::Serialize;

use super::Body;
use crate::expression::Text;
use crate::stack::StackRenderer;

#[derive(Debug, Serialize)]
pub(crate) struct RegistryPolicy<'g> {
    policy: Text<'g>,
}

pub(super) fn render<'g>(
    resource: &'g Resource,
    node: &'g ecrane_core::RegistryPolicyResource,
    stack: &mut StackRenderer<'g>,
) {
    let ecrane_core::RegistryPolicyResource { document } = node;
    let policy = stack.policy(document);
    stack.add(resource, Body::RegistryPolicy(RegistryPolicy { policy }));
}
