//! Tag mutability of repositories and creation templates.

use ecrane_core::{ExclusionFilter, ExclusionFilters, Place, TagMutability, TagMutabilityError};

use super::Program;
use crate::element::ImageTagMutability;

impl Program<'_> {
    /// Combines the tag mutability with its exclusion filters, and reports invalid combinations.
    pub(super) fn tag_mutability(
        &self,
        mutability: Option<ImageTagMutability>,
        filters: Option<&[String]>,
        place: &Place,
    ) -> Option<TagMutability> {
        let at_filters = place.key("imageTagMutabilityExclusionFilters");
        let filters = filters.map(|texts| {
            let parsed: Vec<Option<ExclusionFilter>> = texts
                .iter()
                .enumerate()
                .map(|(index, text)| self.parse(text, at_filters.index(index)))
                .collect();
            let filters = parsed.into_iter().collect::<Option<Vec<_>>>()?;
            ExclusionFilters::try_from(filters)
                .map_err(|error| self.error(at_filters.clone(), error))
                .ok()
        });
        let excluded = |name, make: fn(ExclusionFilters) -> TagMutability| {
            if let Some(filters) = filters.clone() {
                return filters.map(make);
            }
            let error = TagMutabilityError::ExclusionWithoutFilters { mutability: name };
            self.error(place.key("imageTagMutability"), error);
            None
        };
        let plain = |mutability| {
            if filters.is_some() {
                self.error(
                    at_filters.clone().on_key(),
                    TagMutabilityError::FiltersWithoutExclusion,
                );
            }
            mutability
        };
        match mutability {
            None => plain(None),
            Some(ImageTagMutability::Mutable) => plain(Some(TagMutability::Mutable)),
            Some(ImageTagMutability::Immutable) => plain(Some(TagMutability::Immutable)),
            Some(ImageTagMutability::MutableWithExclusion) => {
                excluded("MUTABLE_WITH_EXCLUSION", TagMutability::MutableWithExclusion)
            }
            Some(ImageTagMutability::ImmutableWithExclusion) => {
                excluded("IMMUTABLE_WITH_EXCLUSION", TagMutability::ImmutableWithExclusion)
            }
        }
    }
}
