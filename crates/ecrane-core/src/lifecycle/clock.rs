//! When an image goes, and where to.

use super::LifecycleError;
use crate::names::Days;

/// What happens to an image that goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum LifecycleAction {
    /// It is deleted: `expire`.
    #[default]
    Expire,
    /// It moves to the storage class `archive`: `transition`.
    Archive,
}

/// Where images are kept. A rule sees those of one class only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StorageClass {
    /// Where they are pushed to.
    Standard,
    /// Where a rule, or somebody, has moved them.
    Archive,
}

impl StorageClass {
    /// Both.
    pub(super) const ALL: [Self; 2] = [Self::Standard, Self::Archive];

    /// The policy's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Archive => "archive",
        }
    }
}

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

    pub(super) fn count_type(self) -> CountType {
        match self {
            Self::ImageCountMoreThan(_) => CountType::ImageCountMoreThan,
            Self::SinceImagePushed(_) => CountType::SinceImagePushed,
            Self::SinceImagePulled(_) => CountType::SinceImagePulled,
            Self::SinceImageTransitioned(_) => CountType::SinceImageTransitioned,
        }
    }
}

/// What a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CountType {
    ImageCountMoreThan,
    SinceImagePushed,
    SinceImagePulled,
    SinceImageTransitioned,
}

/// The shortest time that an image is kept in the archive.
const MIN_ARCHIVED_DAYS: u64 = 90;

impl CountType {
    pub(super) const ALL: [Self; 4] = [
        Self::ImageCountMoreThan,
        Self::SinceImagePushed,
        Self::SinceImagePulled,
        Self::SinceImageTransitioned,
    ];

    /// The policy's word.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::ImageCountMoreThan => "imageCountMoreThan",
            Self::SinceImagePushed => "sinceImagePushed",
            Self::SinceImagePulled => "sinceImagePulled",
            Self::SinceImageTransitioned => "sinceImageTransitioned",
        }
    }

    /// Whether it counts days, and not images.
    pub(super) fn is_days(self) -> bool {
        self != Self::ImageCountMoreThan
    }

    /// The only class in which ECR counts it.
    pub(super) fn storage_class(self) -> StorageClass {
        match self {
            Self::ImageCountMoreThan | Self::SinceImagePushed | Self::SinceImagePulled => {
                StorageClass::Standard
            }
            Self::SinceImageTransitioned => StorageClass::Archive,
        }
    }

    /// Whether ECR takes this action for it.
    pub(super) fn check_action(self, action: LifecycleAction) -> Option<LifecycleError> {
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
    pub(super) fn check_number(self, number: u64) -> Option<LifecycleError> {
        let too_few = self == Self::SinceImageTransitioned && number < MIN_ARCHIVED_DAYS;
        too_few.then_some(LifecycleError::TransitionedBelow90 { days: number })
    }
}
