//! The repositories of a picture.

use std::collections::{BTreeMap, BTreeSet};

use ecrane_access::{Matrix, repository_arns};
use ecrane_core::{Graph, Resource, ResourceId, ResourceKind, StackNode, visible};

use super::{Grant, Kind, others, place};
use crate::filter::{Filter, FilterError, select};

/// A repository, with the positions of the principals and consequences that it is linked to.
#[derive(Debug, Clone)]
pub(crate) struct Repository {
    /// Its position. Private repositories come first.
    pub(crate) row: usize,
    pub(crate) kind: Kind,
    /// The resource, unless the graph does not declare it.
    pub(crate) id: Option<ResourceId>,
    pub(crate) arn: Option<String>,
    pub(crate) stack: String,
    /// The account and the Region, in a few words.
    pub(super) place: String,
    pub(crate) name: String,
    /// What there is to say about it beside its name.
    pub(crate) lines: Vec<String>,
    /// The part of a specified name up to the last slash.
    pub(super) prefix: String,
    /// What a filter finds it by.
    pub(super) words: Vec<String>,
    pub(super) access: BTreeMap<usize, Grant>,
    pub(super) follows: BTreeSet<usize>,
}

/// The construct path from the app down, without the L1 resource of the CDK.
pub(crate) fn path(stack: &StackNode, resource: &Resource) -> String {
    let path = stack.path_of(resource);
    path.strip_suffix("/Resource").map(str::to_owned).unwrap_or(path)
}

/// The part of a repository name with its last slash.
pub(super) fn prefix(name: &str) -> &str {
    name.rfind('/').and_then(|slash| name.get(..=slash)).unwrap_or_default()
}

/// The stack of repositories that the graph does not declare.
const ELSEWHERE: &str = "Not in this config";

/// All private repositories: those of the graph, and then those that only policies name.
pub(crate) fn listed(graph: &Graph, matrix: &Matrix) -> Vec<Repository> {
    let mut arns = repository_arns(graph);
    let mut found = Vec::new();
    for (id, resource) in graph.resources() {
        let ResourceKind::Repository(repository) = &resource.kind else { continue };
        let Some(stack) = graph.stack_of(id) else { continue };
        let path = path(stack, resource);
        let below = path.split_once('/').map_or(path.as_str(), |(_, below)| below);
        let name = repository.name.as_ref().map(|name| name.as_str().to_owned());
        found.push(Repository {
            row: found.len(),
            kind: Kind::Repository,
            lines: Vec::new(),
            id: Some(id),
            arn: arns.remove(&id),
            stack: visible(&stack.id),
            place: place::short(stack),
            prefix: visible(name.as_deref().map(prefix).unwrap_or_default()),
            name: visible(name.as_deref().unwrap_or(below)),
            words: [below.to_owned(), path.clone()].into_iter().chain(name).collect(),
            access: BTreeMap::new(),
            follows: BTreeSet::new(),
        });
    }
    for (arn, column) in matrix.repositories.iter().filter(|(_, column)| column.place.is_none()) {
        found.push(Repository {
            row: found.len(),
            kind: Kind::Repository,
            lines: Vec::new(),
            id: None,
            arn: Some(arn.clone()),
            stack: ELSEWHERE.to_owned(),
            place: String::new(),
            name: visible(&column.name),
            prefix: visible(prefix(&column.name)),
            words: vec![arn.clone(), column.name.clone()],
            access: BTreeMap::new(),
            follows: BTreeSet::new(),
        });
    }
    found
}

pub(super) fn of(
    graph: &Graph,
    matrix: &Matrix,
    filter: &Filter,
) -> Result<Vec<Repository>, FilterError> {
    let stacks: Vec<Vec<String>> =
        graph.stacks().iter().map(|stack| vec![stack.id.clone()]).collect();
    let chosen = select(&filter.stacks, &stacks)
        .map_err(|(word, suggestion)| FilterError::Stack { word, suggestion })?;
    let mut found = listed(graph, matrix);
    found.extend(others(graph, found.len()));
    found.retain(|repository| match repository.id {
        Some(id) => chosen.get(id.stack()) == Some(&true),
        None => filter.stacks.is_empty(),
    });
    let words: Vec<_> = found.iter().map(|repository| repository.words.clone()).collect();
    let chosen = select(&filter.repositories, &words)
        .map_err(|(word, suggestion)| FilterError::Repository { word, suggestion })?;
    let mut chosen = chosen.into_iter();
    found.retain(|_| chosen.next() == Some(true));
    Ok(found)
}
