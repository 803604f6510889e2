//! `aws_kms_key`.

use ecrane_core::{KeyResource, Resource};
use serde::Serialize;

use super::{Body, Deployed, Pieces, Tags, Type, tags};
use crate::expression::Text;
use crate::import::ImportId;
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

impl Deployed for KeyResource {
    fn terraform_type(&self) -> Type {
        Type::new("aws_kms_key").named_by("key_id").with_arn()
    }

    fn render<'g>(&'g self, resource: &'g Resource, scope: &mut Scope<'g>) -> Pieces<'g> {
        let Self { description, enable_key_rotation, policy } = self;
        let body = Key {
            description: description.as_deref().map(Text::literal),
            enable_key_rotation: *enable_key_rotation,
            policy: scope.policy(policy),
            tags: tags(&resource.tags),
        };
        Pieces::of(Body::Key(body), ImportId::own())
    }
}
