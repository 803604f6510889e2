//! The order in which problems are reported.

use std::collections::{BTreeMap, BTreeSet};

use ecrane_document::{Place, Problem};

use crate::stack::StackNode;

/// Sorts problems in input order: by stack, then by resource. Problems of one resource keep their
/// order. Problems outside of stacks come first.
///
/// Places are paths of keys and would sort alphabetically. A caller with the source document can
/// sort by line instead.
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

/// Removes problems that are reported already: one grant can add a statement to two policies.
pub(super) fn dedup(problems: &mut Vec<Problem>) {
    let mut reported = BTreeSet::new();
    problems.retain(|problem| {
        let fact = (problem.fact.code(), problem.fact.to_string());
        reported.insert((problem.place.clone(), problem.severity, fact))
    });
}

/// Returns the rank of the place or of its nearest ancestor.
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
