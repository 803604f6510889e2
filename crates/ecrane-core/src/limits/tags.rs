//! Tags.

use std::collections::{BTreeMap, BTreeSet};

use super::{Findings, Rule};
use crate::diagnostic::Place;
use crate::graph::{Resource, ResourceKind, StackNode};

const COUNT: Rule = Rule {
    code: "tags::count",
    what: "tags",
    help: "a resource takes 50, those of its stack included (AWS::ECR::Repository, Tags)",
};
const KEY: Rule = Rule {
    code: "tags::key_length",
    what: "tag key",
    help: "AWS General Reference, \"Tag naming limits and requirements\"",
};
const VALUE: Rule = Rule {
    code: "tags::value_length",
    what: "tag value",
    help: "AWS General Reference, \"Tag naming limits and requirements\"",
};
const PREFIX: Rule = Rule {
    code: "tags::reserved",
    what: "tag key",
    help: "keys that begin with `aws:` are for AWS alone",
};
const IAM: Rule = Rule {
    code: "tags::iam_malformed",
    what: "tag of roles and users",
    help: "the stack's tags are those of its roles and users, and IAM takes letters, digits, spaces and `_.:/=+-@` (IAM API Reference, Tag)",
};
const MOST: usize = 50;

/// Tags that stand in one place.
fn check(tags: &BTreeMap<String, String>, place: &Place, findings: &mut Findings) {
    findings.count(tags.len(), MOST, &COUNT, place);
    check_texts(tags, place, findings);
}

/// The tags of a stack, which all its resources get.
pub(super) fn check_stack(stack: &StackNode, findings: &mut Findings) {
    let place = stack.place.key("tags");
    check(&stack.tags, &place, findings);
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

/// The tags of a resource, with those that it gets from its stack.
pub(super) fn check_resource(stack: &StackNode, resource: &Resource, findings: &mut Findings) {
    let place = resource.place.key("tags");
    if let ResourceKind::RepositoryCreationTemplate(template) = &resource.kind {
        let place = resource.place.key("resourceTags");
        findings.count(template.resource_tags.len(), MOST, &COUNT, &place);
        check_texts(&template.resource_tags, &place, findings);
    }
    if !resource.tags.is_empty() {
        let all: BTreeSet<_> = resource.tags.keys().chain(stack.tags.keys()).collect();
        findings.count(all.len(), MOST, &COUNT, &place);
    }
    // The rules of a repository carry its tags; it tells of them itself.
    if !matches!(resource.kind, ResourceKind::EventRule(_)) {
        check_texts(&resource.tags, &place, findings);
    }
}

fn check_texts<'t>(
    tags: impl IntoIterator<Item = (&'t String, &'t String)>,
    place: &Place,
    findings: &mut Findings,
) {
    for (key, value) in tags {
        let place = place.key(key);
        findings.length(Some(key), (1, 128), &KEY, &place.clone().on_key());
        findings.length(Some(value), (0, 256), &VALUE, &place);
        let is_free = |key: &str| !key.to_ascii_lowercase().starts_with("aws:");
        findings.form(Some(key), is_free, &PREFIX, &place.on_key());
    }
}
