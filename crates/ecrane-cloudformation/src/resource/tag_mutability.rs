//! The tag mutability of repositories and creation templates.

use ecrane_core::{ExclusionFilter, TagMutability};
use serde::Serialize;

/// A filter of a repository or of a creation template.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ExclusionFilterDocument<'g> {
    image_tag_mutability_exclusion_filter_type: &'static str,
    image_tag_mutability_exclusion_filter_value: &'g str,
}

/// The filters of a tag mutability.
pub(crate) fn exclusion_filters(
    mutability: Option<&TagMutability>,
) -> Vec<ExclusionFilterDocument<'_>> {
    let filters = mutability.map_or(&[] as &[ExclusionFilter], TagMutability::exclusion_filters);
    filters
        .iter()
        .map(|filter| ExclusionFilterDocument {
            image_tag_mutability_exclusion_filter_type: "WILDCARD",
            image_tag_mutability_exclusion_filter_value: filter.as_str(),
        })
        .collect()
}
