//! What AWS would refuse, told before anything is deployed.
//!
//! The checks read a finished graph, so they hold for every way of making one. Each bound is one
//! that AWS publishes, mostly in the schema of a resource type (the CloudFormation registry, as
//! cfn-lint 1.58.0 ships it), and its help says where. A quota that can be raised is none.

mod error;
mod identity;
mod policy;
mod registry;
mod rule;
mod tags;
#[cfg(test)]
mod tests;

pub use error::{LimitError, PolicyLimitError, PolicyWarning, RegistryError, Rule};

use crate::diagnostic::{Explain, Place, Problem};
use crate::graph::{Graph, Resource, ResourceKind, StackNode};

/// What AWS would refuse of a graph.
pub(crate) fn check(graph: &Graph) -> Vec<Problem> {
    let mut findings = Findings::default();
    registry::check_owners(graph, &mut findings);
    for stack in &graph.stacks {
        tags::check_stack(stack, &mut findings);
        for resource in &stack.resources {
            check_resource(stack, resource, &mut findings);
        }
    }
    findings.problems
}

fn check_resource(stack: &StackNode, resource: &Resource, findings: &mut Findings) {
    let place = &resource.place;
    tags::check_resource(stack, resource, findings);
    match &resource.kind {
        ResourceKind::Repository(node) => {
            registry::lifecycle_owner(stack, node, place, findings);
            policy::check(&node.policy, place, findings);
        }
        ResourceKind::RegistryPolicy(node) => policy::check(&node.document, place, findings),
        ResourceKind::RepositoryCreationTemplate(node) => {
            registry::creation_template(node, place, findings);
            policy::check(&node.policy, place, findings);
        }
        ResourceKind::PublicRepository(node) => {
            registry::public_repository(stack, node, place, findings);
            policy::check(&node.policy, place, findings);
        }
        ResourceKind::Role(node) => {
            identity::role(node, place, findings);
            policy::check_statements(&node.trust_policy, place, findings);
        }
        ResourceKind::User(node) => identity::user(node, place, findings),
        ResourceKind::Group(node) => identity::group(node, place, findings),
        ResourceKind::Key(node) => identity::key(node, place, findings),
        ResourceKind::Alias(node) => identity::alias(node, place, findings),
        ResourceKind::EventRule(node) => rule::check(node, place, findings),
        ResourceKind::ReplicationConfiguration(node) => {
            registry::replication(stack, node, place, findings);
        }
        ResourceKind::ScanningConfiguration(node) => registry::scanning(node, place, findings),
        ResourceKind::SigningConfiguration(node) => registry::signing(node, place, findings),
        ResourceKind::PullThroughCacheRule(node) => registry::cache_rule(node, place, findings),
        ResourceKind::IdentityPolicy(_)
        | ResourceKind::ManagedPolicy(_)
        | ResourceKind::AccountSettings(_)
        | ResourceKind::PullTimeUpdateExclusion(_) => {}
    }
}

/// What has been found.
#[derive(Debug, Default)]
struct Findings {
    problems: Vec<Problem>,
}

impl Findings {
    fn error(&mut self, place: Place, error: impl Explain) {
        self.problems.push(Problem::error(place, error));
    }

    fn warning(&mut self, place: Place, warning: impl Explain) {
        self.problems.push(Problem::warning(place, warning));
    }

    /// At most so many of something.
    fn count(&mut self, count: usize, most: usize, rule: &'static Rule, place: &Place) {
        if count > most {
            self.error(place.clone(), LimitError::TooMany { count, most, rule });
        }
    }

    /// A text of so many characters.
    fn length(
        &mut self,
        text: Option<&str>,
        (least, most): (usize, usize),
        rule: &'static Rule,
        place: &Place,
    ) {
        let Some(length) = text.map(|text| text.chars().count()) else { return };
        if !(least..=most).contains(&length) {
            self.error(place.clone(), LimitError::Length { length, least, most, rule });
        }
    }

    /// A text of a certain form.
    fn form(
        &mut self,
        text: Option<&str>,
        is_well_formed: impl FnOnce(&str) -> bool,
        rule: &'static Rule,
        place: &Place,
    ) {
        if let Some(text) = text
            && !is_well_formed(text)
        {
            self.error(place.clone(), LimitError::Malformed { text: text.to_owned(), rule });
        }
    }

    /// A number within bounds.
    fn range(
        &mut self,
        value: Option<u32>,
        (least, most): (u32, u32),
        rule: &'static Rule,
        place: &Place,
    ) {
        if let Some(value) = value
            && !(least..=most).contains(&value)
        {
            self.error(place.clone(), LimitError::Range { value, least, most, rule });
        }
    }
}
