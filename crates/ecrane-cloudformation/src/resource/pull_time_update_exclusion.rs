//! `AWS::ECR::PullTimeUpdateExclusion`

use ecrane_core::PullTimeUpdateExclusionResource;
use serde::Serialize;

use super::{Properties, Tags};
use crate::import::Identifier;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PullTimeUpdateExclusion<'g> {
    principal_arn: &'g str,
}

impl<'g> Properties<'g> for PullTimeUpdateExclusion<'g> {
    type Resource = PullTimeUpdateExclusionResource;

    const IDENTIFIER: Identifier = Identifier::PhysicalId("PrincipalArn");

    fn new(
        _: Scope<'g>,
        exclusion: &'g PullTimeUpdateExclusionResource,
        _: Option<Tags<'g>>,
    ) -> Self {
        let PullTimeUpdateExclusionResource { principal_arn } = exclusion;
        Self { principal_arn: principal_arn.as_str() }
    }
}
