//! `aws_ecr_registry_policy`.

use serde::Serialize;

use super::{Body, Pieces};
use crate::expression::Text;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
pub(crate) struct RegistryPolicy<'g> {
    policy: Text<'g>,
}

pub(super) fn render<'g>(
    node: &'g ecrane_core::RegistryPolicyResource,
    scope: &mut Scope<'g>,
) -> Pieces<'g> {
    let ecrane_core::RegistryPolicyResource { document } = node;
    let policy = scope.policy(document);
    Pieces::of(Body::RegistryPolicy(RegistryPolicy { policy }))
}
