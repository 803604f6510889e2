//! Tags of stacks, and those of resources together with their stack's.

use std::collections::BTreeSet;

use crate::bounds::{self, Findings, Rule};
use crate::resource::{Resource, ResourceKind};
use crate::stack::StackNode;

const IAM: Rule = Rule {
    code: "tags::iam_malformed",
    what: "tag of roles and users",
    help: "the stack's tags are those of its roles and users, and IAM takes letters, digits, spaces and `_.:/=+-@` (IAM API Reference, Tag)",
};

/// Checks the tags of a stack, which all its resources get.
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

/// Checks the tags of a resource, with those that it gets from its stack.
pub(super) fn check_resource(stack: &StackNode, resource: &Resource, findings: &mut Findings) {
    let place = resource.place.key("tags");
    if !resource.tags.is_empty() {
        let all: BTreeSet<_> = resource.tags.keys().chain(stack.tags.keys()).collect();
        bounds::tag_count(all.len(), &place, findings);
    }
    // The rules of a repository carry its tags, and the repository reports them.
    if !matches!(resource.kind, ResourceKind::EventRule(_)) {
        bounds::tag_texts(&resource.tags, &place, findings);
    }
}
