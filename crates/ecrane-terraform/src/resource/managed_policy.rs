//! `aws_iam_policy`, and its attachment to a role.

use ecrane_core::{Attribute, ManagedPolicyResource, Resource};
use serde::Serialize;

use super::role::RolePolicyAttachment;
use super::{Body, Deployed, Pieces, Tags, Type, tags};
use crate::expression::Text;
use crate::import::ImportId;
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

/// The maximum length of a name that IAM accepts for a policy.
const LONGEST_NAME: usize = 128;

impl Deployed for ManagedPolicyResource {
    fn terraform_type(&self) -> Type {
        Type::new("aws_iam_policy").with_arn()
    }

    fn render<'g>(&'g self, resource: &'g Resource, scope: &mut Scope<'g>) -> Pieces<'g> {
        let Self { description, document, role } = self;
        let body = Policy {
            name: scope.name(resource, None, LONGEST_NAME),
            description: Text::literal(description),
            policy: scope.policy(document),
            tags: tags(&resource.tags),
        };
        let mut pieces = Pieces::of(Body::ManagedPolicy(body), ImportId::none());
        let policy_arn = scope.own(resource, Attribute::Arn);
        let body = RolePolicyAttachment { role: scope.text(role), policy_arn };
        pieces.beside("Attachment", Body::RolePolicyAttachment(body), ImportId::none());
        pieces
    }
}
