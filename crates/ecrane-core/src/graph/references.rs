//! What a stack needs from other stacks.

use std::collections::BTreeSet;

use indexmap::IndexSet;

use crate::resource_id::ResourceId;
use crate::stack::StackNode;
use crate::value::Attribute;

/// The attributes of other stacks' resources that a stack refers to, in the order in which it first
/// does.
pub(super) fn foreign(stacks: &[StackNode], stack: usize) -> IndexSet<(ResourceId, Attribute)> {
    let mut found = IndexSet::new();
    if let Some(node) = stacks.get(stack) {
        node.references(&mut |id, attribute| {
            if id.stack() != stack {
                found.insert((id, attribute));
            }
        });
    }
    found
}

/// The stacks that a stack refers to, by their positions.
pub(super) fn dependencies(stacks: &[StackNode], stack: usize) -> BTreeSet<usize> {
    foreign(stacks, stack).into_iter().map(|(id, _)| id.stack()).collect()
}
