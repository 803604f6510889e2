//! `aws_iam_group`.

use ecrane_core::{GroupResource, Resource};
use serde::Serialize;

use super::{Body, Deployed, Pieces, Type};
use crate::expression::Text;
use crate::import::ImportId;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
pub(crate) struct Group<'g> {
    name: Text<'g>,
}

/// The maximum length of a name that IAM accepts for a group.
const LONGEST_NAME: usize = 128;

impl Deployed for GroupResource {
    fn terraform_type(&self) -> Type {
        Type::new("aws_iam_group").with_arn()
    }

    fn given_name(&self) -> Option<(&'static str, Option<&str>)> {
        Some(("name", self.name.as_deref()))
    }

    fn render<'g>(&'g self, resource: &'g Resource, scope: &mut Scope<'g>) -> Pieces<'g> {
        let Self { name } = self;
        let name = scope.name(resource, name.as_deref(), LONGEST_NAME);
        Pieces::of(Body::Group(Group { name }), ImportId::own())
    }
}
