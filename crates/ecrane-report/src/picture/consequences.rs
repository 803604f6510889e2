//! What follows for a repository: which images go, keys, events and replication.

use std::collections::{BTreeMap, HashMap};

use ecrane_core::{
    Encryption, Environment, Graph, LifecyclePolicy, ReplicationRule, RepositoryName, ResourceKind,
    Value, visible,
};
use indexmap::IndexMap;

use super::events::Events;
use super::repositories::{Repository, path};
use super::{About, Kind, Node, count};
use crate::fit::wrap;
use crate::policies::Policies;

/// The width of a sentence about a lifecycle rule.
const WIDTH: usize = 46;
/// The number of event rules from which on those with the same targets are one.
const EVENTS: usize = 3;

/// The consequences, each with what identifies it.
#[derive(Debug, Default)]
struct Consequences(IndexMap<Node, ()>);

impl Consequences {
    fn add(&mut self, repository: &mut Repository, node: Node) {
        let (position, _) = self.0.insert_full(node, ());
        repository.follows.insert(position);
    }
}

/// The boxes, and how many there are of each kind before those that are alike are one.
pub(super) fn of(
    graph: &Graph,
    repositories: &mut [Repository],
) -> (Vec<Node>, BTreeMap<Kind, usize>) {
    let mut found = Consequences::default();
    let policies = Policies::new(graph);
    // Of many policies, the page has the rest.
    let rules = match policies.iter().count() {
        0..=6 => 4,
        7..=12 => 2,
        _ => 1,
    };
    let events = Events::new(graph, repositories);
    let replicas = replicas(graph);
    for (index, repository) in repositories.iter_mut().enumerate() {
        let Some(id) = repository.id else { continue };
        let kind = graph.resource(id).map(|resource| &resource.kind);
        if let Some(ResourceKind::RepositoryCreationTemplate(template)) = kind {
            let policy = template.lifecycle_policy.as_ref();
            found.add(repository, lifecycle(policy, policies.of(id), rules));
            if let Some(node) = template.encryption.as_ref().and_then(|it| key(graph, it)) {
                found.add(repository, node);
            }
        }
        let Some(ResourceKind::Repository(resource)) = kind else { continue };
        let policy = resource.lifecycle_policy.as_ref();
        found.add(repository, lifecycle(policy, policies.of(id), rules));
        if let Some(encryption) = &resource.encryption
            && let Some(node) = key(graph, encryption)
        {
            found.add(repository, node);
        }
        for node in events.of(index) {
            found.add(repository, node.clone());
        }
        let name = resource.name.as_ref().map(RepositoryName::as_str);
        let near = graph.stack_of(id).and_then(|stack| replicas.get(&stack.env));
        for (rule, nodes) in near.into_iter().flatten() {
            let has = |prefix: &String| name.is_some_and(|name| name.starts_with(prefix.as_str()));
            if rule.prefixes.is_empty() || rule.prefixes.iter().any(has) {
                for node in nodes {
                    found.add(repository, node.clone());
                }
            }
        }
    }
    let mut numbers = BTreeMap::new();
    for node in found.0.keys() {
        *numbers.entry(node.kind).or_default() += 1;
    }
    (by_target(found.0.into_keys().collect(), repositories), numbers)
}

/// Makes one box of event rules with the same targets, if there are many.
fn by_target(nodes: Vec<Node>, repositories: &mut [Repository]) -> Vec<Node> {
    if nodes.iter().filter(|node| node.kind == Kind::Event).count() <= EVENTS {
        return nodes;
    }
    let mut boxes = IndexMap::<_, Vec<Node>>::new();
    let mut place = Vec::with_capacity(nodes.len());
    for (index, node) in nodes.into_iter().enumerate() {
        let key = if node.kind == Kind::Event { Ok(node.lines.clone()) } else { Err(index) };
        let entry = boxes.entry(key);
        place.push(entry.index());
        entry.or_default().push(node);
    }
    for repository in repositories {
        let follows = std::mem::take(&mut repository.follows);
        repository.follows = follows.iter().filter_map(|it| place.get(*it).copied()).collect();
    }
    let one = |mut nodes: Vec<Node>| match (nodes.len(), nodes.pop()) {
        (several @ 2.., Some(node)) => {
            let (one, many) = node.kind.words();
            Some(Node { label: count(several, one, many), about: About::Nothing, ..node })
        }
        (_, node) => node,
    };
    boxes.into_values().filter_map(one).collect()
}

/// A policy, with the first sentences about its rules.
fn lifecycle(policy: Option<&LifecyclePolicy>, number: Option<usize>, most: usize) -> Node {
    let (Some(policy), Some(number)) = (policy, number) else {
        return Node {
            kind: Kind::Unlimited,
            label: "No lifecycle policy".to_owned(),
            lines: vec!["All images stay.".to_owned()],
            about: About::Element("lifecycle".to_owned()),
            follows: Vec::new(),
        };
    };
    let meaning = policy.meaning();
    let mut lines = Vec::new();
    for rule in meaning.iter().take(most) {
        let text = visible(rule.to_string().lines().next().unwrap_or_default());
        lines.extend(wrap(&text, WIDTH));
    }
    if meaning.len() > most {
        lines.push(format!("… and {}", count(meaning.len() - most, "more rule", "more rules")));
    }
    Node {
        kind: Kind::Lifecycle,
        label: format!("Lifecycle policy {number}"),
        lines,
        about: About::Policy(number),
        follows: Vec::new(),
    }
}

fn key(graph: &Graph, encryption: &Encryption) -> Option<Node> {
    let what = match encryption {
        Encryption::Kms(_) => "encrypts images",
        Encryption::KmsDsse(_) => "encrypts images twice (DSSE)",
        Encryption::Aes256 => return None,
    };
    let label = encryption.key().map_or_else(|| "aws/ecr".to_owned(), |key| name(graph, key));
    let label = visible(&format!("Key {label}"));
    Some(Node {
        kind: Kind::Key,
        label,
        lines: vec![what.to_owned()],
        about: About::Nothing,
        follows: Vec::new(),
    })
}

/// A value that refers to a resource, or an ARN, as a short text.
fn name(graph: &Graph, value: &Value) -> String {
    if let Some(text) = value.as_literal() {
        return text.rsplit_once(':').map_or(text, |(_, last)| last).to_owned();
    }
    let mut found = None;
    value.references(&mut |id, _| found = found.or(Some(id)));
    let resource = found.and_then(|id| Some((graph.stack_of(id)?, graph.resource(id)?)));
    resource.map_or_else(|| "…".to_owned(), |(stack, resource)| path(stack, resource))
}

/// The replication rules of each account and Region, with the registries that they name.
type Replicas<'g> = HashMap<&'g Environment, Vec<(&'g ReplicationRule, Vec<Node>)>>;

fn replicas(graph: &Graph) -> Replicas<'_> {
    let mut replicas = Replicas::new();
    for (id, resource) in graph.resources() {
        let ResourceKind::ReplicationConfiguration(configuration) = &resource.kind else {
            continue;
        };
        let Some(stack) = graph.stack_of(id) else { continue };
        let to = |rule: &ReplicationRule| {
            let nodes = rule.destinations.iter().map(|to| Node {
                kind: Kind::Replication,
                label: format!("Replica in {}", to.region.as_str()),
                lines: vec![format!("account {}", to.registry_id.as_str())],
                about: About::Nothing,
                follows: Vec::new(),
            });
            nodes.collect::<Vec<_>>()
        };
        let rules = configuration.rules.iter().map(|rule| (rule, to(rule)));
        replicas.entry(&stack.env).or_default().extend(rules);
    }
    replicas
}
