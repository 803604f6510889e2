//! The event rules that are about a repository.

use std::collections::{BTreeMap, HashMap};

use ecrane_core::{
    Environment, EventRuleResource, Glob, Graph, Json, RepositoryName, ResourceId, ResourceKind,
    Value, visible,
};

use super::repositories::{Repository, path};
use super::{About, Kind, Node};

/// The event rules of a graph, and which of them are about each repository.
#[derive(Debug)]
pub(super) struct Events {
    nodes: Vec<Node>,
    /// Positions of rules, by the position of the repository.
    of: Vec<Vec<usize>>,
}

#[derive(Debug, Clone, Copy)]
struct Candidate<'g> {
    position: usize,
    id: ResourceId,
    env: &'g Environment,
    name: Option<&'g str>,
}

/// The repositories of a graph by what a pattern can name them by: most rules name one, which is found
/// without looking at the others.
#[derive(Debug, Default)]
struct Candidates<'g> {
    near: HashMap<&'g Environment, Vec<Candidate<'g>>>,
    by_name: HashMap<(&'g Environment, &'g str), Vec<Candidate<'g>>>,
    by_id: HashMap<ResourceId, Candidate<'g>>,
}

impl Events {
    pub(super) fn new(graph: &Graph, repositories: &[Repository]) -> Self {
        let candidates = Candidates::new(graph, repositories);
        let mut events = Self { nodes: Vec::new(), of: vec![Vec::new(); repositories.len()] };
        for (id, resource) in graph.resources() {
            let ResourceKind::EventRule(rule) = &resource.kind else { continue };
            let Some(stack) = graph.stack_of(id) else { continue };
            let mut lists = Vec::new();
            for (key, value) in &rule.pattern {
                names_in(key, value, &mut lists);
            }
            for candidate in candidates.of(&stack.env, &lists).into_values() {
                let is_meant = |matcher| matches(matcher, candidate.id, candidate.name);
                if lists.iter().all(|list| list.iter().any(is_meant))
                    && let Some(own) = events.of.get_mut(candidate.position)
                {
                    own.push(events.nodes.len());
                }
            }
            events.nodes.push(node(rule, &path(stack, resource)));
        }
        events
    }

    /// Those about the repository at a position.
    pub(super) fn of(&self, position: usize) -> impl Iterator<Item = &Node> {
        let own = self.of.get(position).into_iter().flatten();
        own.filter_map(|rule| self.nodes.get(*rule))
    }
}

impl<'g> Candidates<'g> {
    fn new(graph: &'g Graph, repositories: &[Repository]) -> Self {
        let mut candidates = Self::default();
        for (position, repository) in repositories.iter().enumerate() {
            let Some(id) = repository.id else { continue };
            let resource = graph.resource(id).map(|resource| &resource.kind);
            let (Some(stack), Some(ResourceKind::Repository(resource))) =
                (graph.stack_of(id), resource)
            else {
                continue;
            };
            let env = &stack.env;
            let name = resource.name.as_ref().map(RepositoryName::as_str);
            let candidate = Candidate { position, id, env, name };
            candidates.near.entry(env).or_default().push(candidate);
            if let Some(name) = name {
                candidates.by_name.entry((env, name)).or_default().push(candidate);
            }
            candidates.by_id.insert(id, candidate);
        }
        candidates
    }

    /// Those that the patterns of an account and Region can be about, by their positions.
    fn of(&self, env: &Environment, lists: &[&[Json]]) -> BTreeMap<usize, Candidate<'g>> {
        let mut found = Vec::<&Candidate<'g>>::new();
        if let Some(values) = lists.iter().find_map(|list| texts(list)) {
            for value in values {
                value.references(&mut |id, _| found.extend(self.by_id.get(&id)));
                if let Some(name) = value.as_literal() {
                    found.extend(self.by_name.get(&(env, name)).into_iter().flatten());
                }
            }
        } else {
            found.extend(self.near.get(env).into_iter().flatten());
        }
        let near = found.into_iter().filter(|candidate| candidate.env == env);
        near.map(|candidate| (candidate.position, *candidate)).collect()
    }
}

/// The matchers of a list, if all of them are names.
fn texts(list: &[Json]) -> Option<Vec<&Value>> {
    list.iter().map(|it| if let Json::Text(value) = it { Some(value) } else { None }).collect()
}

fn node(rule: &EventRuleResource, path: &str) -> Node {
    let label = rule.name.as_deref().unwrap_or(path);
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
    Node { kind: Kind::Event, label, lines, about: About::Nothing, follows: Vec::new() }
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
