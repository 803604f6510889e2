//! `aws_kms_alias`.

use ecrane_core::AliasResource;
use serde::Serialize;

use super::{Body, Pieces};
use crate::expression::Text;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
pub(crate) struct Alias<'g> {
    name: Text<'g>,
    target_key_id: Text<'g>,
}

pub(super) fn render<'g>(node: &'g AliasResource, scope: &mut Scope<'g>) -> Pieces<'g> {
    let AliasResource { name, target_key } = node;
    let body = Alias { name: Text::literal(name), target_key_id: scope.text(target_key) };
    Pieces::of(Body::Alias(body))
}
