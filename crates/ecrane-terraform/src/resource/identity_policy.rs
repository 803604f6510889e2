//! `aws_iam_role_policy`, `aws_iam_user_policy` and `aws_iam_group_policy`.

use ecrane_core::{Identity, IdentityPolicyResource, Resource};
use serde::Serialize;

use super::{Body, Deployed, Pieces, Type};
use crate::expression::Text;
use crate::import::{IdPart, ImportId};
use crate::scope::Scope;

#[derive(Debug, Serialize)]
pub(crate) struct RolePolicy<'g> {
    name: Text<'g>,
    role: Text<'g>,
    policy: Text<'g>,
}

#[derive(Debug, Serialize)]
pub(crate) struct UserPolicy<'g> {
    name: Text<'g>,
    user: Text<'g>,
    policy: Text<'g>,
}

#[derive(Debug, Serialize)]
pub(crate) struct GroupPolicy<'g> {
    name: Text<'g>,
    group: Text<'g>,
    policy: Text<'g>,
}

impl Deployed for IdentityPolicyResource {
    fn terraform_type(&self) -> Type {
        Type::new(match self.attached_to {
            Identity::Role(_) => "aws_iam_role_policy",
            Identity::User(_) => "aws_iam_user_policy",
            Identity::Group(_) => "aws_iam_group_policy",
        })
    }

    fn given_name(&self) -> Option<(&'static str, Option<&str>)> {
        Some(("name", Some(&self.name)))
    }

    fn render<'g>(&'g self, _: &'g Resource, scope: &mut Scope<'g>) -> Pieces<'g> {
        let Self { name, document, attached_to } = self;
        let (Identity::Role(principal) | Identity::User(principal) | Identity::Group(principal)) =
            attached_to;
        let id = [IdPart::Value(principal), IdPart::Text(":"), IdPart::Text(name)];
        let id = ImportId::new(id);
        let name = Text::literal(name);
        let policy = scope.policy(document);
        let body = match attached_to {
            Identity::Role(role) => {
                Body::RolePolicy(RolePolicy { name, role: scope.text(role), policy })
            }
            Identity::User(user) => {
                Body::UserPolicy(UserPolicy { name, user: scope.text(user), policy })
            }
            Identity::Group(group) => {
                Body::GroupPolicy(GroupPolicy { name, group: scope.text(group), policy })
            }
        };
        Pieces::of(body, id)
    }
}
