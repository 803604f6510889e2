//! The order in which problems are reported.

use std::collections::BTreeMap;

use ecrane_document::{Place, Problem};

use crate::stack::StackNode;

/// Sorts problems by the order of the input: by stack, then by resource; those of one resource stay
/// in the order in which they were found. What is in no stack comes first.
///
/// A place is a path of keys, so places would sort by spelling. Who has the document that a graph
/// was read from can do better, and sorts by line.
pub(super) fn sort(stacks: &[StackNode], problems: &mut [Problem]) {
    if problems.len() < 2 {
        return;
    }
    let mut ranks: BTreeMap<&Place, usize> = BTreeMap::new();
    for stack in stacks {
        let resources = stack.resources.iter().map(|resource| &resource.place);
        let outputs = stack.outputs.iter().map(|output| &output.place);
        for place in std::iter::once(&stack.place).chain(resources).chain(outputs) {
            let next = ranks.len() + 1;
            ranks.entry(place).or_insert(next);
        }
    }
    problems.sort_by_cached_key(|problem| rank(&ranks, &problem.place));
}

/// The rank of the nearest place at or above this one.
fn rank(ranks: &BTreeMap<&Place, usize>, place: &Place) -> usize {
    let mut at = Some(place.clone().on_value());
    while let Some(place) = at {
        if let Some(rank) = ranks.get(&place) {
            return *rank;
        }
        at = place.parent();
    }
    0
}
