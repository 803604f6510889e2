//! `AWS::IAM::Group`

use ecrane_core::GroupResource;
use serde::Serialize;

use super::{Properties, Tags};
use crate::import::Identifier;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Group<'g> {
    #[serde(skip_serializing_if = "Option::is_none")]
    group_name: Option<&'g str>,
}

impl<'g> Properties<'g> for Group<'g> {
    type Resource = GroupResource;

    const IDENTIFIER: Identifier = Identifier::PhysicalId("GroupName");

    fn new(_: Scope<'g>, group: &'g GroupResource, _: Option<Tags<'g>>) -> Self {
        let GroupResource { name } = group;
        Self { group_name: name.as_deref() }
    }

    fn is_empty(&self) -> bool {
        self.group_name.is_none()
    }
}
