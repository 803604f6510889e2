//! Lifecycle rules in English.

use std::collections::BTreeMap;

use ecrane_core::{Graph, ResourceKind, visible};
use serde::Serialize;

use crate::picture::{Repository, count};
use crate::policies::Policies;
use crate::rows::ranges;

#[derive(Serialize)]
pub(super) struct Lifecycle {
    policies: Vec<Policy>,
    /// The repositories without a policy.
    unlimited: Option<Users>,
}

#[derive(Serialize)]
struct Policy {
    number: usize,
    rules: Vec<Rule>,
    /// What no rule reaches.
    unreached: Vec<String>,
    users: Option<Users>,
    /// The prefixes of creation templates with this policy.
    templates: Vec<String>,
}

#[derive(Serialize)]
struct Rule {
    description: Option<String>,
    sentences: Vec<String>,
}

/// Repositories with the same policy.
#[derive(Serialize)]
struct Users {
    count: String,
    rows: String,
}

impl Users {
    fn new(rows: &[usize]) -> Option<Self> {
        let count = count(rows.len(), "repository", "repositories");
        (!rows.is_empty()).then(|| Self { count, rows: ranges(rows.iter().copied()) })
    }
}

pub(super) fn of(graph: &Graph, policies: &Policies<'_>, listed: &[Repository]) -> Lifecycle {
    let mut users = BTreeMap::<Option<usize>, Vec<usize>>::new();
    for repository in listed {
        if let Some(id) = repository.id {
            users.entry(policies.of(id)).or_default().push(repository.row);
        }
    }
    let mut templates = BTreeMap::<usize, Vec<String>>::new();
    for (id, resource) in graph.resources() {
        if let (ResourceKind::RepositoryCreationTemplate(template), Some(number)) =
            (&resource.kind, policies.of(id))
        {
            templates.entry(number).or_default().push(visible(&template.prefix));
        }
    }
    let users_of = |number| users.get(&number).and_then(|rows| Users::new(rows));
    let policies = policies.iter().map(|(number, policy)| Policy {
        number,
        rules: policy
            .meaning()
            .iter()
            .map(|meaning| Rule {
                description: meaning.rule.description.as_deref().map(visible),
                sentences: meaning.to_string().lines().map(visible).collect(),
            })
            .collect(),
        unreached: policy.unreached().iter().map(ToString::to_string).collect(),
        users: users_of(Some(number)),
        templates: templates.remove(&number).unwrap_or_default(),
    });
    Lifecycle { policies: policies.collect(), unlimited: users_of(None) }
}
