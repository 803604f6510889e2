//! Tag mutability of repositories and creation templates.

use ecrane_core::{ExclusionFilter, TagMutability};

use super::filter::{Filter, filters};

/// The blocks `image_tag_mutability_exclusion_filter`.
pub(super) fn exclusion_filters(mutability: Option<&TagMutability>) -> Vec<Filter<'_>> {
    let given = mutability.into_iter().flat_map(TagMutability::exclusion_filters);
    filters(given.map(ExclusionFilter::as_str), "WILDCARD")
}

/// Whether the tag mutability has exclusions.
pub(super) fn excludes(mutability: Option<&TagMutability>) -> bool {
    mutability.is_some_and(|it| !it.exclusion_filters().is_empty())
}
