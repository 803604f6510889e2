//! The principals of a picture, by the access matrix.

use std::collections::HashMap;

use ecrane_access::{Access, Capability, Cell, Matrix, Row};
use ecrane_core::visible;

use super::repositories::Repository;
use super::{About, Grant, Kind, May, Node};
use crate::filter::{Filter, FilterError, select};

/// The principals that have access to a repository of the picture. If the filter names principals,
/// only repositories that they have access to remain.
pub(super) fn of(
    matrix: &Matrix,
    filter: &Filter,
    repositories: &mut Vec<Repository>,
) -> Result<Vec<Node>, FilterError> {
    let words: Vec<Vec<String>> = matrix.rows.iter().map(|(name, row)| words(name, row)).collect();
    let chosen = select(&filter.principals, &words)
        .map_err(|(word, suggestion)| FilterError::Principal { word, suggestion })?;
    let is_whole = filter.principals.is_empty();
    let nodes = among(matrix, &chosen, is_whole, repositories);
    if !is_whole {
        repositories.retain(|repository| !repository.access.is_empty());
    }
    Ok(nodes)
}

/// All that have access to a repository.
pub(super) fn all(matrix: &Matrix, repositories: &mut [Repository]) -> Vec<Node> {
    among(matrix, &vec![true; matrix.rows.len()], true, repositories)
}

/// Those of some principals that have access to a repository. If these are all principals, what
/// everyone, an organization or an account may do is not repeated for each of them.
fn among(
    matrix: &Matrix,
    chosen: &[bool],
    is_whole: bool,
    repositories: &mut [Repository],
) -> Vec<Node> {
    let mut by_arn = HashMap::<String, Vec<usize>>::new();
    for (index, repository) in repositories.iter().enumerate() {
        if let Some(arn) = &repository.arn {
            by_arn.entry(arn.clone()).or_default().push(index);
        }
    }
    let mut nodes = Vec::new();
    for (index, ((name, row), chosen)) in matrix.rows.iter().zip(chosen).enumerate() {
        if !chosen {
            continue;
        }
        let mut is_shown = false;
        for (arn, cell) in row.cells.iter().filter(|(_, cell)| !is_whole || cell.is_own()) {
            let Some(grant) = grant(cell) else { continue };
            for index in by_arn.get(arn).into_iter().flatten() {
                if let Some(repository) = repositories.get_mut(*index) {
                    repository.access.insert(nodes.len(), grant);
                    is_shown = true;
                }
            }
        }
        if is_shown {
            nodes.push(node(index, name, row));
        }
    }
    nodes
}

fn words(name: &str, row: &Row) -> Vec<String> {
    let mut words = vec![name.to_owned()];
    words.extend(name.rsplit_once(['/', ' ']).map(|(_, last)| last.to_owned()));
    if let Some(path) = &row.construct {
        words.push(path.clone());
        words.extend(path.split_once('/').map(|(_, id)| id.to_owned()));
    }
    words
}

/// The most that a principal may do with a repository.
fn grant(cell: &Cell) -> Option<Grant> {
    let get = |capability| cell.get(capability);
    let [pull, push] = [get(Capability::Pull), get(Capability::Push)];
    let (may, needs) = if get(Capability::Administer).is_possible() {
        (May::Administer, vec![get(Capability::Administer)])
    } else if pull.is_possible() && push.is_possible() {
        (May::PullPush, vec![pull, push])
    } else if push.is_possible() {
        (May::Push, vec![push])
    } else if pull.is_possible() {
        (May::Pull, vec![pull])
    } else if get(Capability::Read).is_possible() {
        (May::Read, vec![get(Capability::Read)])
    } else {
        return None;
    };
    Some(Grant { may, is_conditional: needs.iter().any(|access| **access != Access::Yes) })
}

/// The name of a principal without what all ARNs have in common, and the rest of an ARN in words.
pub(crate) fn short_name(name: &str) -> (&str, Option<String>) {
    let fields: Vec<&str> = name.splitn(6, ':').collect();
    match fields.as_slice() {
        ["arn", _, _, _, account, resource] => {
            let (kind, name) = resource.split_once('/').unwrap_or(("", resource));
            (name, Some(format!("{kind} in account {account}").trim().to_owned()))
        }
        _ => (name, None),
    }
}

fn node(index: usize, name: &str, row: &Row) -> Node {
    let (label, rest) = short_name(name);
    let other =
        || row.needs_other_account.then(|| "the caller's account must allow it, too".to_owned());
    Node {
        kind: Kind::Principal,
        label: visible(label),
        lines: rest.or_else(other).iter().map(|line| visible(line)).collect(),
        about: About::Element(format!("principal-{index}")),
        follows: Vec::new(),
    }
}
