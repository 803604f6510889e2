//! `AWS::KMS::Alias`

use ecrane_core::{AliasResource, Value};
use serde::Serialize;

use super::{Properties, Tags};
use crate::import::Identifier;
use crate::scope::{In, Scope};

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Alias<'g> {
    alias_name: &'g str,
    target_key_id: In<'g, &'g Value>,
}

impl<'g> Properties<'g> for Alias<'g> {
    type Resource = AliasResource;

    const IDENTIFIER: Identifier = Identifier::PhysicalId("AliasName");

    fn new(scope: Scope<'g>, alias: &'g AliasResource, _: Option<Tags<'g>>) -> Self {
        let AliasResource { name, target_key } = alias;
        Self { alias_name: name, target_key_id: scope.value(target_key) }
    }
}
