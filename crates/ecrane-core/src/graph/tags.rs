//! Tags of stacks, and tags of resources including the tags of their stack.

use std::collections::BTreeSet;

use crate::bounds::{self, Findings, Rule};
use crate::resource::{Resource, ResourceKind};
use crate::stack::StackNode;

const IAM: Rule = Rule {
    code: "tags::iam_malformed",
    what: "tag of roles and users",
    help: "use letters, digits, spaces and `_.:/=+-@`: roles and users inherit the tags of the stack (IAM API Reference, Tag)",
};

/// Checks the tags of a stack, which all its resources inherit.
pub(super) fn check_stack(stack: &StackNode, findings: &mut Findings) {
    let place = stack.place.key("tags");
    bounds::tags(&stack.tags, &place, findings);
    let is_principal = |resource: &Resource| {
        matches!(resource.kind, ResourceKind::Role(_) | ResourceKind::User(_))
    };
    if stack.resources.iter().any(is_principal) {
        for (key, value) in &stack.tags {
            let place = place.key(key);
            findings.form(Some(key), is_well_formed_to_iam, &IAM, &place.clone().on_key());
            findings.form(Some(value), is_well_formed_to_iam, &IAM, &place);
        }
    }
}

fn is_well_formed_to_iam(text: &str) -> bool {
    let is_space = |c: char| c.is_whitespace() && !c.is_control();
    text.chars().all(|c| c.is_alphanumeric() || is_space(c) || "_.:/=+-@".contains(c))
}

/// Checks the tags of a resource, including those inherited from its stack.
pub(super) fn check_resource(stack: &StackNode, resource: &Resource, findings: &mut Findings) {
    let place = resource.place.key("tags");
    if !resource.tags.is_empty() {
        let all: BTreeSet<_> = resource.tags.keys().chain(stack.tags.keys()).collect();
        bounds::tag_count(all.len(), &place, findings);
    }
    if resource.kind.has_own_tags() {
        bounds::tag_texts(&resource.tags, &place, findings);
    }
}
