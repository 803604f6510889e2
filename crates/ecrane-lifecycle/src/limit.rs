//! When an image goes, and where to.

use crate::days::Days;
use crate::error::LifecycleError;
use crate::vocabulary::{CountType, LifecycleAction, StorageClass};

/// When a selected image goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    /// When so many younger ones are selected: `imageCountMoreThan`.
    ImageCountMoreThan(u32),
    /// When it was pushed longer ago: `sinceImagePushed`.
    SinceImagePushed(Days),
    /// When it was last pulled longer ago: `sinceImagePulled`.
    SinceImagePulled(Days),
    /// When it was archived longer ago: `sinceImageTransitioned`.
    SinceImageTransitioned(Days),
}

impl Limit {
    /// The class of the images that the limit is about.
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

/// The shortest time that an image is kept in the archive.
const MIN_ARCHIVED_DAYS: u64 = 90;

impl CountType {
    /// Whether ECR takes this action for it.
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

    /// Whether ECR takes this number for it, which is 1 at least.
    pub(crate) fn check_number(self, number: u64) -> Option<LifecycleError> {
        let too_few = self == Self::SinceImageTransitioned && number < MIN_ARCHIVED_DAYS;
        too_few.then_some(LifecycleError::TransitionedBelow90 { days: number })
    }
}
