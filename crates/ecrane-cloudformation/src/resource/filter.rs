//! The filters of registry settings.

use serde::Serialize;

/// A filter, by a name or pattern of one kind.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Filter<'g> {
    filter: &'g str,
    filter_type: &'static str,
}

/// One filter for each name or pattern.
pub(super) fn filters<'g>(filters: &'g [String], filter_type: &'static str) -> Vec<Filter<'g>> {
    filters.iter().map(|filter| Filter { filter, filter_type }).collect()
}
