//! The words of a lifecycle policy, and the bounds that ECR sets.

/// Which images a rule selects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TagStatus {
    /// All of them.
    Any,
    /// Those with tags that the rule lists.
    Tagged,
    /// Those without tags.
    Untagged,
}

impl TagStatus {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Tagged, Self::Untagged, Self::Any];

    /// The policy's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Tagged => "tagged",
            Self::Untagged => "untagged",
        }
    }
}

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
    pub(crate) const ALL: [Self; 2] = [Self::Standard, Self::Archive];

    /// The policy's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Archive => "archive",
        }
    }
}

/// What a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CountType {
    ImageCountMoreThan,
    SinceImagePushed,
    SinceImagePulled,
    SinceImageTransitioned,
}

impl CountType {
    pub(crate) const ALL: [Self; 4] = [
        Self::ImageCountMoreThan,
        Self::SinceImagePushed,
        Self::SinceImagePulled,
        Self::SinceImageTransitioned,
    ];

    /// The policy's word.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::ImageCountMoreThan => "imageCountMoreThan",
            Self::SinceImagePushed => "sinceImagePushed",
            Self::SinceImagePulled => "sinceImagePulled",
            Self::SinceImageTransitioned => "sinceImageTransitioned",
        }
    }

    /// Whether it counts days, and not images.
    pub(crate) fn is_days(self) -> bool {
        self != Self::ImageCountMoreThan
    }

    /// The only class in which ECR counts it.
    pub(crate) fn storage_class(self) -> StorageClass {
        match self {
            Self::ImageCountMoreThan | Self::SinceImagePushed | Self::SinceImagePulled => {
                StorageClass::Standard
            }
            Self::SinceImageTransitioned => StorageClass::Archive,
        }
    }
}

/// The number of characters that ECR takes as the text of a policy.
pub(crate) const TEXT_LENGTHS: std::ops::RangeInclusive<usize> = 100..=30_720;

/// The most rules ECR takes in one policy.
pub(crate) const MAX_RULES: usize = 50;

/// The most wildcards ECR takes in one tag pattern.
pub(crate) const MAX_WILDCARDS: usize = 4;

pub(crate) const PREFIX_LIST: &str = "tagPrefixList";
pub(crate) const PATTERN_LIST: &str = "tagPatternList";
