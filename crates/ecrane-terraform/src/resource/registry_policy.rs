//! `aws_ecr_registry_policy`.

use ecrane_core::{RegistryPolicyResource, Resource};
use serde::Serialize;

use super::{Body, Deployed, Pieces, Type};
use crate::expression::Text;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
pub(crate) struct RegistryPolicy<'g> {
    policy: Text<'g>,
}

impl Deployed for RegistryPolicyResource {
    fn terraform_type(&self) -> Type {
        Type::new("aws_ecr_registry_policy").named_by("id")
    }

    fn render<'g>(&'g self, _: &'g Resource, scope: &mut Scope<'g>) -> Pieces<'g> {
        let Self { document } = self;
        let policy = scope.policy(document);
        Pieces::of(Body::RegistryPolicy(RegistryPolicy { policy }))
    }
}
