//! The allowed values in a lifecycle policy, and ECR's quotas.

/// Which images a rule selects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TagStatus {
    /// All images.
    Any,
    /// Images whose tags match the tag list of the rule.
    Tagged,
    /// Images without tags.
    Untagged,
}

impl TagStatus {
    /// All images.
    pub(crate) const ALL: [Self; 3] = [Self::Tagged, Self::Untagged, Self::Any];

    /// The value in the policy text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Tagged => "tagged",
            Self::Untagged => "untagged",
        }
    }
}

/// The action of a lifecycle rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum LifecycleAction {
    /// Deletes the image: `expire`.
    #[default]
    Expire,
    /// Moves the image to the storage class `archive`: `transition`.
    Archive,
}

impl LifecycleAction {
    /// The word for it in a preview: `expire` or `archive`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Expire => "expire",
            Self::Archive => "archive",
        }
    }
}

/// The storage class of images. A rule applies to images of one storage class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StorageClass {
    /// The class of newly pushed images.
    Standard,
    /// The class of images that were archived by a rule or through the API.
    Archive,
}

impl StorageClass {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Standard, Self::Archive];

    /// The value in the policy text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Archive => "archive",
        }
    }
}

/// The count type of a limit.
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

    /// The value in the policy text.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::ImageCountMoreThan => "imageCountMoreThan",
            Self::SinceImagePushed => "sinceImagePushed",
            Self::SinceImagePulled => "sinceImagePulled",
            Self::SinceImageTransitioned => "sinceImageTransitioned",
        }
    }

    /// Whether the count type is in days instead of images.
    pub(crate) fn is_days(self) -> bool {
        self != Self::ImageCountMoreThan
    }

    /// The only storage class for which ECR accepts the count type.
    pub(crate) fn storage_class(self) -> StorageClass {
        match self {
            Self::ImageCountMoreThan | Self::SinceImagePushed | Self::SinceImagePulled => {
                StorageClass::Standard
            }
            Self::SinceImageTransitioned => StorageClass::Archive,
        }
    }
}

/// The allowed length of a policy text, in characters.
pub(crate) const TEXT_LENGTHS: std::ops::RangeInclusive<usize> = 100..=30_720;

/// The maximum number of rules in a policy.
pub(crate) const MAX_RULES: usize = 50;

/// The maximum number of wildcards in a tag pattern.
pub(crate) const MAX_WILDCARDS: usize = 4;

pub(crate) const PREFIX_LIST: &str = "tagPrefixList";
pub(crate) const PATTERN_LIST: &str = "tagPatternList";
