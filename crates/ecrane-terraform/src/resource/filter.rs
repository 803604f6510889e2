//! The filter blocks of repositories, creation templates and registry settings.

use serde::Serialize;

use crate::expression::Text;

#[derive(Debug, Serialize)]
pub(super) struct Filter<'g> {
    filter: Text<'g>,
    filter_type: &'static str,
}

/// One block for each filter.
pub(super) fn filters<'g>(
    filters: impl IntoIterator<Item = &'g str>,
    filter_type: &'static str,
) -> Vec<Filter<'g>> {
    let filter = |filter| Filter { filter: Text::literal(filter), filter_type };
    filters.into_iter().map(filter).collect()
}
