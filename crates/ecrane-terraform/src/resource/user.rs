//! `aws_iam_user`.

use ecrane_core::{Resource, UserResource};
use serde::Serialize;

use super::{Body, Pieces, Tags, tags};
use crate::expression::Text;
use crate::physical_name::physical_name;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
pub(crate) struct User<'g> {
    name: Text<'g>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<Text<'g>>,
    #[serde(skip_serializing_if = "Tags::is_empty")]
    tags: Tags<'g>,
}

/// The longest name that IAM takes for a user.
const LONGEST_NAME: usize = 64;

pub(super) fn render<'g>(
    resource: &'g Resource,
    node: &'g UserResource,
    scope: &mut Scope<'g>,
) -> Pieces<'g> {
    let UserResource { name, path } = node;
    let body = User {
        name: match name {
            Some(name) => Text::literal(name),
            None => Text::owned(physical_name(scope.stack(), &resource.path, LONGEST_NAME)),
        },
        path: path.as_deref().map(Text::literal),
        tags: tags(&resource.tags),
    };
    Pieces::of(Body::User(body))
}
