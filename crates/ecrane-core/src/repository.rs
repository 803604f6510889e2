//! ECR repositories.

use thiserror::Error;

use crate::diagnostic::Explain;
use crate::lifecycle::LifecyclePolicy;
use crate::names::{AccountId, ExclusionFilter, RepositoryName};
use crate::policy::PolicyDocument;
use crate::value::Value;

/// A repository as it is deployed.
#[derive(Debug, Clone)]
pub struct RepositoryResource {
    /// Its physical name; made on deployment when there is none.
    pub name: Option<RepositoryName>,
    /// Whether images are scanned when they are pushed; unsaid where it is not given.
    pub scan_on_push: Option<bool>,
    /// Whether a tag can be moved to another image; unsaid where it is not given.
    pub tag_mutability: Option<TagMutability>,
    /// How images are encrypted; unsaid (AES-256) where it is not given.
    pub encryption: Option<Encryption>,
    /// Whether deleting the repository deletes the images in it; unsaid where it is not given.
    pub empty_on_delete: Option<bool>,
    /// The lifecycle policy.
    pub lifecycle_policy: Option<LifecyclePolicy>,
    /// The registry that the lifecycle policy is for.
    pub lifecycle_registry_id: Option<AccountId>,
    /// Who may do what with it; nothing is rendered when it has no statements.
    pub policy: PolicyDocument,
}

/// Whether a tag can be moved to another image, and which tags are excepted.
///
/// ECR user guide, "Preventing image tags from being overwritten".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagMutability {
    /// A tag can be moved.
    Mutable,
    /// A tag stays with its image.
    Immutable,
    /// A tag can be moved, except those that a filter matches.
    MutableWithExclusion(ExclusionFilters),
    /// A tag stays with its image, except those that a filter matches.
    ImmutableWithExclusion(ExclusionFilters),
}

impl TagMutability {
    /// The API's word.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Mutable => "MUTABLE",
            Self::Immutable => "IMMUTABLE",
            Self::MutableWithExclusion(_) => "MUTABLE_WITH_EXCLUSION",
            Self::ImmutableWithExclusion(_) => "IMMUTABLE_WITH_EXCLUSION",
        }
    }

    /// The filters of excepted tags; none where nothing is excepted.
    pub fn exclusion_filters(&self) -> &[ExclusionFilter] {
        match self {
            Self::Mutable | Self::Immutable => &[],
            Self::MutableWithExclusion(filters) | Self::ImmutableWithExclusion(filters) => {
                &filters.0
            }
        }
    }
}

/// 1 to 5 exclusion filters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExclusionFilters(Vec<ExclusionFilter>);

impl TryFrom<Vec<ExclusionFilter>> for ExclusionFilters {
    type Error = TagMutabilityError;

    fn try_from(filters: Vec<ExclusionFilter>) -> Result<Self, Self::Error> {
        if (1..=5).contains(&filters.len()) {
            Ok(Self(filters))
        } else {
            Err(TagMutabilityError::FilterCount { count: filters.len() })
        }
    }
}

/// Why a tag mutability cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TagMutabilityError {
    /// Not 1 to 5 filters.
    #[error("{count} exclusion filters, where 1 to 5 are allowed")]
    FilterCount {
        /// How many there are.
        count: usize,
    },
    /// Filters where nothing can be excepted.
    #[error("exclusion filters need a tag mutability `…_WITH_EXCLUSION`")]
    FiltersWithoutExclusion,
    /// Nothing is excepted where something has to be.
    #[error("tag mutability `{mutability}` needs exclusion filters")]
    ExclusionWithoutFilters {
        /// The mutability as given.
        mutability: &'static str,
    },
}

impl Explain for TagMutabilityError {
    fn code(&self) -> &'static str {
        match self {
            Self::FilterCount { .. } => "repository::exclusion_filter_count",
            Self::FiltersWithoutExclusion => "repository::exclusion_filters_unused",
            Self::ExclusionWithoutFilters { .. } => "repository::exclusion_filters_missing",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::FilterCount { .. } => {
                "ECR takes 1 to 5 filters (AWS::ECR::Repository, ImageTagMutabilityExclusionFilters)"
                    .to_owned()
            }
            Self::FiltersWithoutExclusion => {
                "use IMMUTABLE_WITH_EXCLUSION or MUTABLE_WITH_EXCLUSION, or drop the filters"
                    .to_owned()
            }
            Self::ExclusionWithoutFilters { .. } => {
                "give `imageTagMutabilityExclusionFilters`, such as [\"dev-*\"]".to_owned()
            }
        })
    }
}

/// How the images of a repository are encrypted.
#[derive(Debug, Clone, PartialEq)]
pub enum Encryption {
    /// With a key of Amazon S3.
    Aes256,
    /// With a KMS key: the one given by its ARN, or else the account's `aws/ecr`.
    Kms(Option<Value>),
    /// Twice, with a KMS key.
    KmsDsse(Option<Value>),
}
