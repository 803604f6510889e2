//! `aws_iam_user`.

use ecrane_core::{Resource, UserResource};
use serde::Serialize;

use super::{Body, Deployed, Pieces, Tags, Type, tags};
use crate::expression::Text;
use crate::import::ImportId;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
pub(crate) struct User<'g> {
    name: Text<'g>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<Text<'g>>,
    #[serde(skip_serializing_if = "Tags::is_empty")]
    tags: Tags<'g>,
}

/// The maximum length of a name that IAM accepts for a user.
const LONGEST_NAME: usize = 64;

impl Deployed for UserResource {
    fn terraform_type(&self) -> Type {
        Type::new("aws_iam_user").with_arn()
    }

    fn given_name(&self) -> Option<(&'static str, Option<&str>)> {
        Some(("name", self.name.as_deref()))
    }

    fn render<'g>(&'g self, resource: &'g Resource, scope: &mut Scope<'g>) -> Pieces<'g> {
        let Self { name, path } = self;
        let body = User {
            name: scope.name(resource, name.as_deref(), LONGEST_NAME),
            path: path.as_deref().map(Text::literal),
            tags: tags(&resource.tags),
        };
        Pieces::of(Body::User(body), ImportId::own())
    }
}
