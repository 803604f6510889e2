//! Limits of lifecycle rules: when an image expires or is archived.

use crate::days::Days;
use crate::error::LifecycleError;
use crate::vocabulary::{CountType, LifecycleAction, StorageClass};

/// The condition under which a selected image expires or is archived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    /// More than this number of images are selected, the oldest first: `imageCountMoreThan`.
    ImageCountMoreThan(u32),
    /// The image was pushed more than this time ago: `sinceImagePushed`.
    SinceImagePushed(Days),
    /// The image was last pulled more than this time ago: `sinceImagePulled`.
    SinceImagePulled(Days),
    /// The image was archived more than this time ago: `sinceImageTransitioned`.
    SinceImageTransitioned(Days),
}

impl Limit {
    /// The storage class of the images that the limit applies to.
    pub fn storage_class(self) -> StorageClass {
        self.count_type().storage_class()
    }

    pub(crate) fn count_type(self) -> CountType {
        match self {
            Self::ImageCountMoreThan(_) => CountType::ImageCountMoreThan,
            Self::SinceImagePushed(_) => CountType::SinceImagePushed,
            Self::SinceImagePulled(_) => CountType::SinceImagePulled,
            Self::SinceImageTransitioned(_) => CountType::SinceImageTransitioned,
        }
    }
}

/// The minimum storage duration of archived images, in days.
const MIN_ARCHIVED_DAYS: u64 = 90;

impl CountType {
    /// The limit with this number, which is 1 at least.
    pub(crate) fn limit(self, number: u32) -> Option<Limit> {
        let days = || Days::try_from(number).ok();
        match self {
            Self::ImageCountMoreThan => Some(Limit::ImageCountMoreThan(number)),
            Self::SinceImagePushed => days().map(Limit::SinceImagePushed),
            Self::SinceImagePulled => days().map(Limit::SinceImagePulled),
            Self::SinceImageTransitioned => days().map(Limit::SinceImageTransitioned),
        }
    }

    /// Whether ECR accepts the action with this limit.
    pub(crate) fn check_action(self, action: LifecycleAction) -> Option<LifecycleError> {
        match (self, action) {
            (Self::SinceImagePulled, LifecycleAction::Expire) => {
                Some(LifecycleError::PulledNeedsTransition)
            }
            (Self::SinceImageTransitioned, LifecycleAction::Archive) => {
                Some(LifecycleError::TransitionedNeedsExpire)
            }
            (
                Self::ImageCountMoreThan
                | Self::SinceImagePushed
                | Self::SinceImagePulled
                | Self::SinceImageTransitioned,
                LifecycleAction::Expire | LifecycleAction::Archive,
            ) => None,
        }
    }

    /// Whether ECR accepts the number with this limit. The minimum is 1.
    pub(crate) fn check_number(self, number: u64) -> Option<LifecycleError> {
        let too_few = self == Self::SinceImageTransitioned && number < MIN_ARCHIVED_DAYS;
        too_few.then_some(LifecycleError::TransitionedBelow90 { days: number })
    }
}
