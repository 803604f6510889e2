//! References from a stack to other stacks.

use std::collections::BTreeSet;

use indexmap::IndexSet;

use crate::resource_id::ResourceId;
use crate::stack::StackNode;
use crate::value::Attribute;

/// Returns the attributes of other stacks' resources that a stack refers to, in the order of first
/// use.
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

/// Returns the positions of the stacks that a stack refers to.
pub(super) fn dependencies(stacks: &[StackNode], stack: usize) -> BTreeSet<usize> {
    foreign(stacks, stack).into_iter().map(|(id, _)| id.stack()).collect()
}
