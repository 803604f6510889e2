//! `aws_kms_key`.

use ecrane_core::{KeyResource, Resource};
use serde::Serialize;

use super::{Body, Pieces, Tags, tags};
use crate::expression::Text;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
pub(crate) struct Key<'g> {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Text<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enable_key_rotation: Option<bool>,
    policy: Text<'g>,
    #[serde(skip_serializing_if = "Tags::is_empty")]
    tags: Tags<'g>,
}

pub(super) fn render<'g>(
    resource: &'g Resource,
    node: &'g KeyResource,
    scope: &mut Scope<'g>,
) -> Pieces<'g> {
    let KeyResource { description, enable_key_rotation, policy } = node;
    let body = Key {
        description: description.as_deref().map(Text::literal),
        enable_key_rotation: *enable_key_rotation,
        policy: scope.policy(policy),
        tags: tags(&resource.tags),
    };
    Pieces::of(Body::Key(body))
}
