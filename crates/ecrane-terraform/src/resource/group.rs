//! `aws_iam_group`.

use ecrane_core::{GroupResource, Resource};
use serde::Serialize;

use super::{Body, Pieces};
use crate::expression::Text;
use crate::physical_name::physical_name;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
pub(crate) struct Group<'g> {
    name: Text<'g>,
}

/// The longest name that IAM takes for a group.
const LONGEST_NAME: usize = 128;

pub(super) fn render<'g>(
    resource: &'g Resource,
    node: &'g GroupResource,
    scope: &mut Scope<'g>,
) -> Pieces<'g> {
    let GroupResource { name } = node;
    let name = match name {
        Some(name) => Text::literal(name),
        None => Text::owned(physical_name(scope.stack(), &resource.path, LONGEST_NAME)),
    };
    Pieces::of(Body::Group(Group { name }))
}
