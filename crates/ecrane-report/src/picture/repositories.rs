//! The repositories of a picture.

use std::collections::{BTreeMap, BTreeSet};

use ecrane_access::Matrix;
use ecrane_core::{Graph, Resource, ResourceId, ResourceKind, StackNode, visible};

use super::Grant;
use crate::filter::{Filter, FilterError, select};

/// A repository, with the positions of the principals and consequences that it is linked to.
#[derive(Debug, Clone)]
pub(super) struct Repository {
    /// The resource, unless the graph does not declare it.
    pub(super) id: Option<ResourceId>,
    pub(super) arn: Option<String>,
    pub(super) stack: String,
    pub(super) name: String,
    /// The part of a specified name up to the last slash.
    pub(super) prefix: String,
    pub(super) access: BTreeMap<usize, Grant>,
    pub(super) follows: BTreeSet<usize>,
}

/// The construct path from the app down, without the L1 resource of the CDK.
pub(super) fn path(stack: &StackNode, resource: &Resource) -> String {
    let path = stack.path_of(resource);
    path.strip_suffix("/Resource").map(str::to_owned).unwrap_or(path)
}

/// The part of a repository name with its last slash.
fn prefix(name: &str) -> &str {
    name.rfind('/').and_then(|slash| name.get(..=slash)).unwrap_or_default()
}

/// The stack of repositories that the graph does not declare.
const ELSEWHERE: &str = "Not in this config";

pub(super) fn of(
    graph: &Graph,
    matrix: &Matrix,
    filter: &Filter,
) -> Result<Vec<Repository>, FilterError> {
    let arns: BTreeMap<_, _> = matrix
        .repositories
        .iter()
        .filter_map(|(arn, column)| Some((column.place.clone()?, arn.clone())))
        .collect();
    let stacks: Vec<Vec<String>> =
        graph.stacks().iter().map(|stack| vec![stack.id.clone()]).collect();
    let chosen = select(&filter.stacks, &stacks)
        .map_err(|(word, suggestion)| FilterError::Stack { word, suggestion })?;
    let mut found = Vec::new();
    let mut words = Vec::new();
    for (id, resource) in graph.resources() {
        let ResourceKind::Repository(repository) = &resource.kind else { continue };
        let Some(stack) = graph.stack_of(id) else { continue };
        if chosen.get(id.stack()) != Some(&true) {
            continue;
        }
        let path = path(stack, resource);
        let below = path.split_once('/').map_or(path.as_str(), |(_, below)| below);
        let name = repository.name.as_ref().map(|name| name.as_str().to_owned());
        words.push([below.to_owned(), path.clone()].into_iter().chain(name.clone()).collect());
        found.push(Repository {
            id: Some(id),
            arn: arns.get(&resource.place).cloned(),
            stack: visible(&stack.id),
            prefix: visible(name.as_deref().map(prefix).unwrap_or_default()),
            name: visible(name.as_deref().unwrap_or(below)),
            access: BTreeMap::new(),
            follows: BTreeSet::new(),
        });
    }
    if filter.stacks.is_empty() {
        for (arn, column) in &matrix.repositories {
            if column.place.is_none() {
                words.push(vec![arn.clone(), column.name.clone()]);
                found.push(Repository {
                    id: None,
                    arn: Some(arn.clone()),
                    stack: ELSEWHERE.to_owned(),
                    name: visible(&column.name),
                    prefix: visible(prefix(&column.name)),
                    access: BTreeMap::new(),
                    follows: BTreeSet::new(),
                });
            }
        }
    }
    let chosen = select(&filter.repositories, &words)
        .map_err(|(word, suggestion)| FilterError::Repository { word, suggestion })?;
    let mut chosen = chosen.into_iter();
    found.retain(|_| chosen.next() == Some(true));
    Ok(found)
}
