//! Byte ranges in a file.

use std::ops::Range;

/// A byte range in a file, in half the memory of a [`Range`]: each value of a config has one.
///
/// Positions beyond 4 GiB are those of its end. A config has at most 512 MiB.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The range, to slice a text with.
    pub fn range(self) -> Range<usize> {
        let position = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
        position(self.start)..position(self.end)
    }

    /// Whether the range has no bytes.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        let position = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: position(range.start), end: position(range.end) }
    }
}
