//! References from a stack to other stacks.

use std::collections::BTreeSet;

use ecrane_document::in_parallel;

use super::ForeignReferences;
use crate::stack::StackNode;

/// What each stack refers to in others.
pub(super) fn foreign(stacks: &[StackNode]) -> Vec<ForeignReferences> {
    let of_stack = |(index, stack): (usize, &StackNode)| {
        let mut found = ForeignReferences::new();
        stack.references(&mut |id, attribute| {
            if id.stack() != index {
                found.insert((id, attribute));
            }
        });
        found
    };
    in_parallel(stacks.iter().enumerate(), || (), |(), it| of_stack(it))
}

/// The positions of the stacks that a stack refers to.
pub(super) fn dependencies(foreign: &[ForeignReferences], stack: usize) -> BTreeSet<usize> {
    foreign.get(stack).into_iter().flatten().map(|(id, _)| id.stack()).collect()
}
