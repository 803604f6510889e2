//! The lifecycle policies of a graph, each once.

use std::collections::BTreeMap;

use ecrane_core::{Graph, LifecyclePolicy, ResourceId, ResourceKind};
use indexmap::IndexMap;

/// The lifecycle policies of a graph, each once, in the order of their first use.
#[derive(Debug, Default)]
pub(crate) struct Policies<'g> {
    /// By their texts.
    all: IndexMap<&'g str, &'g LifecyclePolicy>,
    numbers: BTreeMap<ResourceId, usize>,
}

impl<'g> Policies<'g> {
    pub(crate) fn new(graph: &'g Graph) -> Self {
        let mut policies = Self::default();
        for (id, resource) in graph.resources() {
            let policy = if let ResourceKind::Repository(it) = &resource.kind {
                it.lifecycle_policy.as_ref()
            } else if let ResourceKind::RepositoryCreationTemplate(it) = &resource.kind {
                it.lifecycle_policy.as_ref()
            } else {
                None
            };
            if let Some(policy) = policy {
                let (position, _) = policies.all.insert_full(policy.text(), policy);
                policies.numbers.insert(id, position + 1);
            }
        }
        policies
    }

    /// The number of the policy of a repository or creation template, from 1.
    pub(crate) fn of(&self, id: ResourceId) -> Option<usize> {
        self.numbers.get(&id).copied()
    }

    /// The policies with their numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &'g LifecyclePolicy)> {
        (1..).zip(self.all.values().copied())
    }
}
