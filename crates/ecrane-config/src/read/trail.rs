//! The path to a value while a tree is visited.

use ecrane_document::Place;

/// The path to a value, as a linked list from its last step. Nothing is allocated unless there is
/// something to report.
pub(super) enum Trail<'t> {
    Top,
    Key(&'t Trail<'t>, &'t str),
    Index(&'t Trail<'t>, usize),
}

impl Trail<'_> {
    pub(super) fn place(&self) -> Place {
        match self {
            Self::Top => Place::default(),
            Self::Key(above, key) => above.place().key(key),
            Self::Index(above, index) => above.place().index(*index),
        }
    }
}
