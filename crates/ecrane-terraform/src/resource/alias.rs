//! `aws_kms_alias`.

use ecrane_core::{AliasResource, Resource};
use serde::Serialize;

use super::Body;
use crate::expression::Text;
use crate::stack::StackRenderer;

#[derive(Debug, Serialize)]
pub(crate) struct Alias<'g> {
    name: Text<'g>,
    target_key_id: Text<'g>,
}

pub(super) fn render<'g>(
    resource: &'g Resource,
    node: &'g AliasResource,
    stack: &mut StackRenderer<'g>,
) {
    let AliasResource { name, target_key } = node;
    let body = Alias { name: Text::literal(name), target_key_id: stack.text(target_key) };
    stack.add(resource, Body::Alias(body));
}
