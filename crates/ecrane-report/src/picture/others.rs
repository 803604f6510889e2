//! What keeps images beside private repositories: public repositories, caches of other registries, and
//! templates of repositories that ECR creates.

use std::collections::{BTreeMap, BTreeSet};

use ecrane_core::{
    Graph, PullThroughCacheRuleResource, RepositoryCreationTemplateResource, ResourceKind, visible,
};

use super::repositories::{Repository, path, prefix};
use super::{Kind, place};

/// Those of a graph, which come after a number of private repositories.
pub(crate) fn others(graph: &Graph, private: usize) -> Vec<Repository> {
    let mut found = Vec::new();
    for (id, resource) in graph.resources() {
        let Some(stack) = graph.stack_of(id) else { continue };
        let path = path(stack, resource);
        let below = path.split_once('/').map_or(path.as_str(), |(_, below)| below);
        let (kind, name, lines) = if let ResourceKind::PublicRepository(it) = &resource.kind {
            let name = it.name.as_deref().unwrap_or(below).to_owned();
            (Kind::Public, name, vec!["public: everybody can pull".to_owned()])
        } else if let ResourceKind::PullThroughCacheRule(it) = &resource.kind {
            (Kind::Cache, below_prefix(it.ecr_repository_prefix.as_deref()), vec![upstream(it)])
        } else if let ResourceKind::RepositoryCreationTemplate(it) = &resource.kind {
            (Kind::Template, below_prefix(Some(&it.prefix)), vec![created(it)])
        } else {
            continue;
        };
        let words = [below.to_owned(), path.clone(), name.clone()];
        found.push(Repository {
            row: private + found.len(),
            kind,
            id: Some(id),
            arn: None,
            stack: visible(&stack.id),
            place: place::short(stack),
            prefix: visible(prefix(&name)),
            name: visible(&name),
            lines: lines.iter().map(|line| visible(line)).collect(),
            words: words.to_vec(),
            access: BTreeMap::new(),
            follows: BTreeSet::new(),
        });
    }
    found
}

/// The names with a prefix, of which `ROOT` is the empty one.
fn below_prefix(prefix: Option<&str>) -> String {
    match prefix {
        None | Some("ROOT") => "*".to_owned(),
        Some(prefix) => format!("{}/*", prefix.trim_end_matches('/')),
    }
}

fn upstream(rule: &PullThroughCacheRuleResource) -> String {
    let url = rule.upstream_registry_url.as_deref().or(rule.upstream_registry.as_deref());
    let url = url.unwrap_or("another registry");
    match rule.upstream_repository_prefix.as_deref() {
        None | Some("ROOT") => format!("cache of {url}"),
        Some(prefix) => format!("cache of {url}/{prefix}"),
    }
}

fn created(template: &RepositoryCreationTemplateResource) -> String {
    let events: Vec<_> = template.applied_for.iter().map(|event| event.as_str()).collect();
    format!("created by ECR for {}", events.join(", "))
}
