//! What follows for a repository: which images go, keys, events and replication.

use ecrane_core::{
    Encryption, EventRuleResource, Glob, Graph, Json, LifecyclePolicy, RepositoryName, ResourceId,
    ResourceKind, Value, visible,
};
use indexmap::IndexMap;

use super::repositories::{Repository, path};
use super::{About, Kind, Node};
use crate::fit::wrap;
use crate::policies::Policies;

/// The width of a sentence about a lifecycle rule.
const WIDTH: usize = 46;
/// The number of lifecycle rules that are shown.
const RULES: usize = 4;

/// The consequences, each with what identifies it.
#[derive(Debug, Default)]
struct Consequences(IndexMap<Node, ()>);

impl Consequences {
    fn add(&mut self, repository: &mut Repository, node: Node) {
        let (position, _) = self.0.insert_full(node, ());
        repository.follows.insert(position);
    }
}

pub(super) fn of(graph: &Graph, repositories: &mut [Repository]) -> Vec<Node> {
    let mut found = Consequences::default();
    let policies = Policies::new(graph);
    let rules: Vec<_> = graph
        .resources()
        .filter_map(|(id, resource)| {
            let ResourceKind::EventRule(rule) = &resource.kind else { return None };
            Some((id, event(graph, id, rule), rule))
        })
        .collect();
    for repository in repositories {
        let Some(id) = repository.id else { continue };
        let kind = graph.resource(id).map(|resource| &resource.kind);
        if let Some(ResourceKind::RepositoryCreationTemplate(template)) = kind {
            let policy = template.lifecycle_policy.as_ref();
            found.add(repository, lifecycle(policy, policies.of(id)));
            if let Some(node) = template.encryption.as_ref().and_then(|it| key(graph, it)) {
                found.add(repository, node);
            }
        }
        let Some(ResourceKind::Repository(resource)) = kind else { continue };
        found.add(repository, lifecycle(resource.lifecycle_policy.as_ref(), policies.of(id)));
        if let Some(encryption) = &resource.encryption
            && let Some(node) = key(graph, encryption)
        {
            found.add(repository, node);
        }
        let name = resource.name.as_ref().map(RepositoryName::as_str);
        for (rule_id, node, rule) in &rules {
            let is_near = graph.stack_of(*rule_id).map(|stack| &stack.env)
                == graph.stack_of(id).map(|stack| &stack.env);
            if is_near && is_about(rule, id, name) {
                found.add(repository, node.clone());
            }
        }
        for node in replication(graph, id, name) {
            found.add(repository, node);
        }
    }
    found.0.into_keys().collect()
}

fn lifecycle(policy: Option<&LifecyclePolicy>, number: Option<usize>) -> Node {
    let (Some(policy), Some(number)) = (policy, number) else {
        return Node {
            kind: Kind::Unlimited,
            label: "No lifecycle policy".to_owned(),
            lines: vec!["All images stay.".to_owned()],
            about: About::Element("lifecycle".to_owned()),
        };
    };
    let meaning = policy.meaning();
    let mut lines = Vec::new();
    for rule in meaning.iter().take(RULES) {
        let text = visible(rule.to_string().lines().next().unwrap_or_default());
        lines.extend(wrap(&text, WIDTH));
    }
    if meaning.len() > RULES {
        lines.push(format!("… and {} more", meaning.len() - RULES));
    }
    Node {
        kind: Kind::Lifecycle,
        label: format!("Lifecycle policy {number}"),
        lines,
        about: About::Element(format!("policy-{number}")),
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
    Some(Node { kind: Kind::Key, label, lines: vec![what.to_owned()], about: About::Nothing })
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

fn event(graph: &Graph, id: ResourceId, rule: &EventRuleResource) -> Node {
    let own = graph.stack_of(id).zip(graph.resource(id)).map(|(stack, it)| path(stack, it));
    let label = rule.name.clone().or(own).unwrap_or_default();
    let mut lines: Vec<String> = rule
        .targets
        .iter()
        .map(|target| {
            let arn = &target.arn;
            let name = arn.as_str().rsplit([':', '/']).next().unwrap_or_default();
            visible(&format!("→ {} {name}", arn.service()))
        })
        .collect();
    if !rule.enabled {
        lines.insert(0, "disabled".to_owned());
    }
    let label = visible(&format!("Event {label}"));
    Node { kind: Kind::Event, label, lines, about: About::Nothing }
}

/// Whether an event rule is about a repository, by its name in the pattern.
fn is_about(rule: &EventRuleResource, id: ResourceId, name: Option<&str>) -> bool {
    let mut lists = Vec::new();
    for (key, value) in &rule.pattern {
        names_in(key, value, &mut lists);
    }
    lists.iter().all(|list| list.iter().any(|matcher| matches(matcher, id, name)))
}

/// The matchers of the repository's name, wherever events of different kinds have it.
fn names_in<'r>(key: &str, value: &'r Json, lists: &mut Vec<&'r [Json]>) {
    match value {
        Json::List(list) if matches!(key, "repository-name" | "repositoryName") => lists.push(list),
        Json::Map(entries) => {
            for (key, value) in entries {
                names_in(key, value, lists);
            }
        }
        Json::List(_) | Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => {}
    }
}

fn matches(matcher: &Json, id: ResourceId, name: Option<&str>) -> bool {
    match matcher {
        Json::Text(value) => {
            let mut refers = false;
            value.references(&mut |other, _| refers |= other == id);
            refers || value.as_literal().is_some_and(|text| Some(text) == name)
        }
        Json::Map(entries) => entries.iter().all(|(operator, value)| {
            let text = if let Json::Text(value) = value { value.as_literal() } else { None };
            match (operator.as_str(), text, name) {
                ("prefix", Some(prefix), Some(name)) => name.starts_with(prefix),
                ("suffix", Some(suffix), Some(name)) => name.ends_with(suffix),
                ("wildcard", Some(pattern), Some(name)) => Glob::new(pattern).matches(name),
                // Not decided here: better one line too many than one too few.
                _ => true,
            }
        }),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::List(_) => false,
    }
}

/// The registries that a repository is replicated to.
fn replication(graph: &Graph, id: ResourceId, name: Option<&str>) -> Vec<Node> {
    let mut nodes = Vec::new();
    let env = graph.stack_of(id).map(|stack| &stack.env);
    for (other, resource) in graph.resources() {
        let ResourceKind::ReplicationConfiguration(configuration) = &resource.kind else {
            continue;
        };
        if graph.stack_of(other).map(|stack| &stack.env) != env {
            continue;
        }
        for rule in &configuration.rules {
            let has = |prefix: &String| name.is_some_and(|name| name.starts_with(prefix.as_str()));
            if !rule.prefixes.is_empty() && !rule.prefixes.iter().any(has) {
                continue;
            }
            for to in &rule.destinations {
                let label = format!("Replica in {}", to.region.as_str());
                let lines = vec![format!("account {}", to.registry_id.as_str())];
                let about = About::Nothing;
                nodes.push(Node { kind: Kind::Replication, label, lines, about });
            }
        }
    }
    nodes
}
