//! The block `image_tag_mutability_exclusion_filter` of repositories and creation templates.

use ecrane_core::TagMutability;
use serde::Serialize;

use crate::expression::Text;

#[derive(Debug, Serialize)]
pub(super) struct ExclusionFilter<'g> {
    filter: Text<'g>,
    filter_type: &'static str,
}

pub(super) fn exclusion_filters(mutability: Option<&TagMutability>) -> Vec<ExclusionFilter<'_>> {
    mutability
        .into_iter()
        .flat_map(TagMutability::exclusion_filters)
        .map(|filter| ExclusionFilter {
            filter: Text::literal(filter.as_str()),
            filter_type: "WILDCARD",
        })
        .collect()
}
