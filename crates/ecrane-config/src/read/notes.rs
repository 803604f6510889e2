//! Problems found while files and presets are merged.

use std::collections::BTreeMap;
use std::ops::Range;

use ecrane_document::{Explain, Place, Problem, Span};

/// A location in the files of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The index of the file in the document.
    pub file: usize,
    /// The byte range in the file.
    pub span: Range<usize>,
}

impl Location {
    /// The location of a value or key of the tree.
    pub(super) fn new(file: u32, span: Span) -> Self {
        Self { file: usize::try_from(file).unwrap_or(usize::MAX), span: span.range() }
    }
}

/// The problems found while files and presets are merged.
#[derive(Debug, Clone, Default)]
pub(super) struct Notes {
    pub(super) problems: Vec<Problem>,
    /// The locations of values that were not merged into the tree.
    pub(super) elsewhere: BTreeMap<Place, Location>,
}

impl Notes {
    pub(super) fn error(&mut self, place: Place, fact: impl Explain) {
        self.problems.push(Problem::error(place, fact));
    }

    /// Adds a problem with a value that is not in the tree.
    pub(super) fn error_at(&mut self, place: Place, location: Location, fact: impl Explain) {
        self.elsewhere.insert(place.clone(), location);
        self.error(place, fact);
    }
}
