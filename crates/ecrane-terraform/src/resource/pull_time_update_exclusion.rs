//! `aws_ecr_pull_time_update_exclusion`.

use ecrane_core::{PullTimeUpdateExclusionResource, Resource};
use serde::Serialize;

use super::Body;
use crate::expression::Text;
use crate::stack::StackRenderer;

#[derive(Debug, Serialize)]
pub(crate) struct Exclusion<'g> {
    principal_arn: Text<'g>,
}

pub(super) fn render<'g>(
    resource: &'g Resource,
    node: &'g PullTimeUpdateExclusionResource,
    stack: &mut StackRenderer<'g>,
) {
    let PullTimeUpdateExclusionResource { principal_arn } = node;
    let principal_arn = Text::literal(principal_arn.as_str());
    stack.add(resource, Body::PullTimeUpdateExclusion(Exclusion { principal_arn }));
}
