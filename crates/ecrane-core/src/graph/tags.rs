//! Tags of stacks, and tags of resources including the tags of their stack.

use std::collections::BTreeSet;

use crate::bounds::{self, Findings};
use crate::resource::{Resource, ResourceKind};
use crate::stack::StackNode;

/// Checks the tags of a stack, which all its resources inherit.
pub(super) fn check_stack(stack: &StackNode, findings: &mut Findings) {
    bounds::tags(&stack.tags, &stack.place.key("tags"), findings);
}

/// Checks the tags of a resource, including those inherited from its stack.
pub(super) fn check_resource(stack: &StackNode, resource: &Resource, findings: &mut Findings) {
    let place = resource.place.key("tags");
    if !resource.tags.is_empty() {
        let all: BTreeSet<_> = resource.tags.keys().chain(stack.tags.keys()).collect();
        bounds::tag_count(all.len(), &place, findings);
    }
    // Event rules of a repository have its tags, which are reported on the repository.
    if !matches!(resource.kind, ResourceKind::EventRule(_)) {
        bounds::tag_texts(&resource.tags, &place, findings);
    }
}
