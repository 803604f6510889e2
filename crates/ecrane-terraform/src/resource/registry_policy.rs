//! `aws_ecr_registry_policy`.

use ecrane_core::{RegistryPolicyResource, Resource};
use serde::Serialize;

use super::{Body, Deployed, Pieces, Type, account_settings};
use crate::expression::Text;
use crate::import::ImportId;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
pub(crate) struct RegistryPolicy<'g> {
    policy: Text<'g>,
    #[serde(skip_serializing_if = "Option::is_none")]
    depends_on: Option<[String; 1]>,
}

impl Deployed for RegistryPolicyResource {
    fn terraform_type(&self) -> Type {
        Type::new("aws_ecr_registry_policy").named_by("id")
    }

    fn render<'g>(&'g self, _: &'g Resource, scope: &mut Scope<'g>) -> Pieces<'g> {
        let Self { document } = self;
        let policy = scope.policy(document);
        let depends_on = account_settings::scope_of_registry_policy(scope).map(|setting| [setting]);
        Pieces::of(Body::RegistryPolicy(RegistryPolicy { policy, depends_on }), ImportId::account())
    }
}
