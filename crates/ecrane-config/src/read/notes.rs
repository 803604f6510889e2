//! What is wrong with how files and presets are put together.

use std::collections::BTreeMap;
use std::ops::Range;

use ecrane_document::{Explain, Place, Problem};

/// Where in the files something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The index of the file among those of the document.
    pub file: usize,
    /// Its bytes there.
    pub span: Range<usize>,
}

/// What is wrong with how the files and presets are put together.
#[derive(Debug, Clone, Default)]
pub(super) struct Notes {
    pub(super) problems: Vec<Problem>,
    /// Where that stands which did not get into the tree.
    pub(super) elsewhere: BTreeMap<Place, Location>,
}

impl Notes {
    pub(super) fn error(&mut self, place: Place, fact: impl Explain) {
        self.problems.push(Problem::error(place, fact));
    }

    /// Notes what is wrong with something that is not in the tree.
    pub(super) fn error_at(&mut self, place: Place, location: Location, fact: impl Explain) {
        self.elsewhere.insert(place.clone(), location);
        self.error(place, fact);
    }
}
