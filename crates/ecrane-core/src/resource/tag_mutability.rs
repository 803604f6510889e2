//! Tag mutability of repositories and repository creation templates.

use ecrane_document::Explain;
use thiserror::Error;

use crate::names::ExclusionFilter;

/// Whether image tags can be overwritten, and which tags are excluded.
///
/// ECR user guide, "Preventing image tags from being overwritten".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagMutability {
    /// Image tags can be overwritten.
    Mutable,
    /// Image tags cannot be overwritten.
    Immutable,
    /// Image tags can be overwritten, except tags that match a filter.
    MutableWithExclusion(ExclusionFilters),
    /// Image tags cannot be overwritten, except tags that match a filter.
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

    /// The exclusion filters. Empty without exclusion.
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

/// An invalid tag mutability.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TagMutabilityError {
    /// The number of filters is not 1 to 5.
    #[error("{count} exclusion filters, ECR allows 1 to 5")]
    FilterCount {
        /// The actual number.
        count: usize,
    },
    /// Exclusion filters without `…_WITH_EXCLUSION`.
    #[error("exclusion filters require tag mutability `…_WITH_EXCLUSION`")]
    FiltersWithoutExclusion,
    /// `…_WITH_EXCLUSION` without exclusion filters.
    #[error("tag mutability `{mutability}` requires exclusion filters")]
    ExclusionWithoutFilters {
        /// The tag mutability.
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
                "use 1 to 5 filters (AWS::ECR::Repository, ImageTagMutabilityExclusionFilters)"
                    .to_owned()
            }
            Self::FiltersWithoutExclusion => {
                "use IMMUTABLE_WITH_EXCLUSION or MUTABLE_WITH_EXCLUSION, or remove the filters"
                    .to_owned()
            }
            Self::ExclusionWithoutFilters { .. } => {
                "set `imageTagMutabilityExclusionFilters`, such as [\"dev-*\"]".to_owned()
            }
        })
    }

    fn depends_on_defaults(&self) -> bool {
        matches!(self, Self::FiltersWithoutExclusion | Self::ExclusionWithoutFilters { .. })
    }
}
