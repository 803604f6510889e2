//! Tags of stacks, and tags of resources including the tags of their stack.

use std::collections::BTreeSet;

use crate::bounds::{self, Findings};
use crate::resource::Resource;
use crate::stack::StackNode;

/// Checks the tags of a stack, which all its resources inherit.
pub(super) fn check_stack(stack: &StackNode, findings: &mut Findings) {
    bounds::tags(&stack.tags, &stack.place.key("tags"), findings);
}

/// Checks the tags of a resource, including those inherited from its stack.
pub(super) fn check_resource(stack: &StackNode, resource: &Resource, findings: &mut Findings) {
    if resource.tags.is_empty() {
        return;
    }
    let place = resource.place.key("tags");
    let all: BTreeSet<_> = resource.tags.keys().chain(stack.tags.keys()).collect();
    bounds::tag_count(all.len(), &place, findings);
    if resource.kind.has_own_tags() {
        bounds::tag_texts(&resource.tags, &place, findings);
    }
}
