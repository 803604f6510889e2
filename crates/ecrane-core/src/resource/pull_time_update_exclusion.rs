//! `AWS::ECR::PullTimeUpdateExclusion`

use super::Deployed;
use crate::names::Arn;

/// A principal whose pulls do not count as use of an image.
#[derive(Debug, Clone, PartialEq)]
pub struct PullTimeUpdateExclusionResource {
    /// The principal.
    pub principal_arn: Arn,
}

impl Deployed for PullTimeUpdateExclusionResource {}
