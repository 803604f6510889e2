//! `aws_kms_alias`.

use ecrane_core::{AliasResource, Resource};
use serde::Serialize;

use super::{Body, Deployed, Pieces, Type};
use crate::expression::Text;
use crate::import::ImportId;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
pub(crate) struct Alias<'g> {
    name: Text<'g>,
    target_key_id: Text<'g>,
}

impl Deployed for AliasResource {
    fn terraform_type(&self) -> Type {
        Type::new("aws_kms_alias").with_arn()
    }

    fn given_name(&self) -> Option<(&'static str, Option<&str>)> {
        Some(("name", Some(&self.name)))
    }

    fn render<'g>(&'g self, _: &'g Resource, scope: &mut Scope<'g>) -> Pieces<'g> {
        let Self { name, target_key } = self;
        let body = Alias { name: Text::literal(name), target_key_id: scope.text(target_key) };
        Pieces::of(Body::Alias(body), ImportId::own())
    }
}
