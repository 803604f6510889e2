//! Where the keys of a config are that was deserialized without a tree of the whole.

use std::ops::Range;

use ecrane_document::{Node, Place, Span, Step};

/// The tree of a file without its repositories. To tell where a stack is does not take the tree of all
/// repositories, which takes longer to make than the output.
#[derive(Debug, Clone)]
pub(super) struct Rest {
    pub(super) root: Node,
    /// What the text of the tree lacks, in its order.
    pub(super) cuts: Vec<Cut>,
}

/// A part of a file that the text of a tree lacks.
#[derive(Debug, Clone)]
pub(super) struct Cut {
    /// What the text has in its place.
    pub(super) stand_in: Range<usize>,
    pub(super) length: usize,
}

impl Rest {
    /// The location of a key, if it is above all repositories.
    pub(super) fn key(&self, place: &Place) -> Option<Span> {
        let (mut node, mut key) = (&self.root, None);
        for step in place.steps() {
            (node, key) = below(node, step)?;
        }
        let range = key?.range();
        let before = self.cuts.iter().take_while(|cut| cut.stand_in.end <= range.start);
        let start = before.fold(range.start, |at, cut| at + cut.length - cut.stand_in.len());
        Some((start..start + range.len()).into())
    }
}

/// The child of a value at a step, and its key if the value is a map.
pub(super) fn below<'a>(node: &'a Node, step: &Step) -> Option<(&'a Node, Option<Span>)> {
    match step {
        Step::Key(key) => node.get(key).map(|entry| (&entry.node, Some(entry.key_span))),
        Step::Index(index) => node.item(*index).map(|item| (item, None)),
    }
}
