//! `AWS::ECR::PullTimeUpdateExclusion`

use super::Deployed;
use crate::names::Arn;

/// A principal whose pulls do not update the last pull time of images.
#[derive(Debug, Clone, PartialEq)]
pub struct PullTimeUpdateExclusionResource {
    /// The ARN of the principal.
    pub principal_arn: Arn,
}

impl Deployed for PullTimeUpdateExclusionResource {}
