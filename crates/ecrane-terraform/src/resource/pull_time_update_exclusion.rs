//! `aws_ecr_pull_time_update_exclusion`.

use ecrane_core::PullTimeUpdateExclusionResource;
use serde::Serialize;

use super::{Body, Pieces};
use crate::expression::Text;

#[derive(Debug, Serialize)]
pub(crate) struct Exclusion<'g> {
    principal_arn: Text<'g>,
}

pub(super) fn render(node: &PullTimeUpdateExclusionResource) -> Pieces<'_> {
    let PullTimeUpdateExclusionResource { principal_arn } = node;
    let principal_arn = Text::literal(principal_arn.as_str());
    Pieces::of(Body::PullTimeUpdateExclusion(Exclusion { principal_arn }))
}
