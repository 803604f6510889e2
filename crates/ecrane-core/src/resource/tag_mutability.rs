//! Tag mutability of repositories and of creation templates.

use ecrane_document::Explain;
use thiserror::Error;

use crate::names::ExclusionFilter;

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
    /// The value in the ECR API.
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
        /// The actual number.
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
