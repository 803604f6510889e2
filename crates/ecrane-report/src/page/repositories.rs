//! The table of repositories.

use std::collections::BTreeMap;

use ecrane_core::{Encryption, Graph, RepositoryResource, ResourceKind, TagMutability, visible};
use serde::Serialize;

use super::access::{Access, PullPush, Who};
use super::findings::Problem;
use super::forecast::{Loss, Timeline};
use crate::picture::{Repository, path, places};
use crate::policies::Policies;
use crate::rows::ranges;

/// What the rows are made of.
pub(super) struct Parts<'p> {
    pub(super) graph: &'p Graph,
    pub(super) policies: &'p Policies<'p>,
    pub(super) findings: &'p [Problem],
    pub(super) forecast: Option<&'p Timeline>,
}

#[derive(Serialize)]
pub(super) struct RepositoryRow {
    row: usize,
    name: String,
    /// The construct path, if it is not the name.
    path: Option<String>,
    stack: String,
    /// The account and the Region, or those of targets.
    env: Vec<String>,
    is_declared: bool,
    policy: Option<usize>,
    settings: Vec<&'static str>,
    pull: Who,
    push: Who,
    findings: Vec<Link>,
    /// How many images go, if they are known.
    going: Option<Loss>,
}

/// A finding.
#[derive(Serialize)]
struct Link {
    number: usize,
    code: String,
    is_error: bool,
}

/// What keeps images beside private repositories.
#[derive(Serialize)]
pub(super) struct Other {
    row: usize,
    kind: &'static str,
    name: String,
    stack: String,
    lines: Vec<String>,
}

impl From<&Repository> for Other {
    fn from(other: &Repository) -> Self {
        let Repository { row, kind, name, stack, lines, .. } = other;
        Self {
            row: *row,
            kind: kind.words().0,
            name: name.clone(),
            stack: stack.clone(),
            lines: lines.clone(),
        }
    }
}

/// A filter of the table.
#[derive(Serialize)]
pub(super) struct Filter {
    id: &'static str,
    label: &'static str,
    /// The label of the choice that does not filter.
    all: &'static str,
    choices: Vec<Choice>,
}

#[derive(Serialize)]
struct Choice {
    label: String,
    rows: String,
}

/// The rows, in the order of the repositories.
pub(super) fn rows(
    listed: &[Repository],
    parts: &Parts<'_>,
    who: Vec<PullPush>,
) -> Vec<RepositoryRow> {
    let mut findings = BTreeMap::<usize, Vec<Link>>::new();
    for problem in parts.findings {
        let Problem { number, is_error, code, .. } = problem;
        for row in &problem.rows {
            let link = Link { number: *number, code: code.clone(), is_error: *is_error };
            findings.entry(*row).or_default().push(link);
        }
    }
    let rows = listed.iter().zip(who).map(|(it, PullPush { pull, push })| {
        let id = it.id;
        let resource = id.and_then(|id| parts.graph.resource(id));
        let stack = id.and_then(|id| parts.graph.stack_of(id));
        let path = stack.zip(resource).map(|(stack, resource)| visible(&path(stack, resource)));
        let settings = resource.map(|resource| {
            let ResourceKind::Repository(repository) = &resource.kind else { return Vec::new() };
            settings(repository)
        });
        RepositoryRow {
            row: it.row,
            name: it.name.clone(),
            path,
            stack: it.stack.clone(),
            env: stack.map(places).unwrap_or_default(),
            is_declared: id.is_some(),
            policy: id.and_then(|id| parts.policies.of(id)),
            settings: settings.unwrap_or_default(),
            pull,
            push,
            findings: findings.remove(&it.row).unwrap_or_default(),
            going: parts.forecast.and_then(|forecast| forecast.going(it.row)),
        }
    });
    rows.collect()
}

fn settings(repository: &RepositoryResource) -> Vec<&'static str> {
    let encryption = match &repository.encryption {
        Some(Encryption::Kms(Some(_))) => "own KMS key",
        Some(Encryption::Kms(None)) => "KMS key aws/ecr",
        Some(Encryption::KmsDsse(Some(_))) => "own KMS key, twice (DSSE)",
        Some(Encryption::KmsDsse(None)) => "KMS key aws/ecr, twice (DSSE)",
        Some(Encryption::Aes256) | None => "AES-256",
    };
    let tags = match &repository.tag_mutability {
        Some(TagMutability::Immutable) => "immutable tags",
        Some(TagMutability::ImmutableWithExclusion(_)) => "immutable tags, with exclusions",
        Some(TagMutability::MutableWithExclusion(_)) => "mutable tags, with exclusions",
        Some(TagMutability::Mutable) | None => "mutable tags",
    };
    let scan = repository.scan_on_push == Some(true);
    [encryption, tags].into_iter().chain(scan.then_some("scan on push")).collect()
}

/// The filters of the table, without those that have nothing to choose from.
pub(super) fn filters(rows: &[RepositoryRow], access: &Access, policies: usize) -> Vec<Filter> {
    let by = |key: &dyn Fn(&RepositoryRow) -> Vec<String>| {
        let mut found = indexmap::IndexMap::<String, Vec<usize>>::new();
        for row in rows {
            for key in key(row) {
                found.entry(key).or_default().push(row.row);
            }
        }
        let choice = |(label, rows)| Choice { label, rows: ranges(rows) };
        found.into_iter().map(choice).collect::<Vec<_>>()
    };
    let lifecycle = |row: &RepositoryRow| match row.policy {
        Some(number) => vec![format!("policy {number} of {policies}")],
        None if row.is_declared => vec!["no policy".to_owned()],
        None => Vec::new(),
    };
    let principals = access.principals.iter().filter(|it| !it.rows.is_empty());
    let principals = principals.map(|it| Choice { label: it.short.clone(), rows: it.rows.clone() });
    let codes = |row: &RepositoryRow| row.findings.iter().map(|it| it.code.clone()).collect();
    let all = [
        ("stack", "Stack", "all stacks", by(&|row| vec![row.stack.clone()])),
        ("principal", "Principal", "anybody", principals.collect()),
        ("policy", "Lifecycle", "all policies", by(&lifecycle)),
        (
            "setting",
            "Setting",
            "all settings",
            by(&|row| row.settings.iter().map(|it| (*it).to_owned()).collect()),
        ),
        ("finding", "Finding", "with or without", by(&codes)),
    ];
    let some = all.into_iter().filter(|(.., choices)| !choices.is_empty());
    some.map(|(id, label, all, choices)| Filter { id, label, all, choices }).collect()
}
