//! `AWS::IAM::User`

use ecrane_core::UserResource;
use serde::Serialize;

use super::{Properties, Tags};
use crate::import::Identifier;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(clippy::struct_field_names, reason = "the names are CloudFormation's")]
pub(crate) struct User<'g> {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Tags<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<&'g str>,
}

impl<'g> Properties<'g> for User<'g> {
    type Resource = UserResource;

    const IDENTIFIER: Identifier = Identifier::PhysicalId("UserName");

    fn new(_: Scope<'g>, user: &'g UserResource, tags: Option<Tags<'g>>) -> Self {
        let UserResource { name, path } = user;
        Self { path: path.as_deref(), tags, user_name: name.as_deref() }
    }

    fn is_empty(&self) -> bool {
        let Self { path, tags, user_name } = self;
        path.is_none() && tags.is_none() && user_name.is_none()
    }
}
