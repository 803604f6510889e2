//! The mutable state of an app until the graph is built.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use ecrane_core::{
    Addresses, Compatibility, ConstructPath, Environment, EventRuleResource, Identity, KeyMap,
    KeyResource, LifecycleRule, Output, Place, Problem, RemovalPolicy, RepositoryResource,
    ResourceId, ResourceKind, StackName, Targets,
};

use crate::claims::Claims;
use crate::policy::attached::Attached;

/// The state of an app: its stacks and the problems found so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct AppState {
    pub(crate) compatibility: Compatibility,
    /// The position of the first stack in the graph.
    pub(crate) first: usize,
    pub(crate) stacks: Vec<StackState>,
    pub(crate) problems: Vec<Problem>,
}

#[derive(Debug, Clone)]
pub(crate) struct StackState {
    pub(crate) shard_of: Option<String>,
    pub(crate) id: String,
    pub(crate) stack_name: Option<StackName>,
    pub(crate) description: Option<String>,
    pub(crate) env: Environment,
    pub(crate) targets: Option<Arc<Targets>>,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) termination_protection: Option<bool>,
    pub(crate) place: Place,
    pub(crate) nodes: Vec<Node>,
    pub(crate) outputs: Vec<Output>,
    pub(crate) claims: Claims,
    /// The first resource with each path.
    pub(crate) resources: KeyMap<Arc<str>, ResourceId>,
    /// The default policy of each identity, by the path of the identity.
    pub(crate) default_policies: HashMap<ConstructPath, ResourceId>,
}

/// A resource before the graph is built.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) path: ConstructPath,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) removal_policy: Option<RemovalPolicy>,
    pub(crate) addresses: Addresses,
    pub(crate) place: Place,
    pub(crate) body: Body,
}

/// The mutable properties of a resource.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    /// A repository, its lifecycle rules and the statements of its policy.
    Repository(Box<RepositoryResource>, LifecycleRules, Vec<Attached>),
    /// The default policy of an identity.
    IdentityPolicy {
        name: String,
        attached_to: Identity,
        statements: Vec<Attached>,
        /// The path of the role, if the CDK splits its policy when it exceeds the size limit.
        splits_into: Option<ConstructPath>,
    },
    EventRule(EventRuleResource),
    /// A KMS key and the statements of its policy.
    Key(Box<KeyResource>, Vec<Attached>),
    /// A resource that no longer changes.
    Done(Box<ResourceKind>),
}

/// Lifecycle rules in the order in which they were added, with their places.
#[derive(Debug, Clone, Default)]
pub(crate) struct LifecycleRules {
    pub(crate) rules: Vec<LifecycleRule>,
    pub(crate) places: Vec<Place>,
}

impl LifecycleRules {
    pub(crate) fn add(&mut self, place: Place, rule: LifecycleRule) {
        // Most repositories have few, for which there is no more room than they need.
        if self.rules.len() < 4 {
            self.rules.reserve_exact(1);
            self.places.reserve_exact(1);
        }
        self.rules.push(rule);
        self.places.push(place);
    }
}

impl AppState {
    /// The stack at a position in the graph.
    pub(crate) fn stack(&self, index: usize) -> Option<&StackState> {
        self.stacks.get(index.checked_sub(self.first)?)
    }

    pub(crate) fn stack_mut(&mut self, index: usize) -> Option<&mut StackState> {
        self.stacks.get_mut(index.checked_sub(self.first)?)
    }

    pub(crate) fn node(&mut self, id: ResourceId) -> Option<&mut Node> {
        self.stack_mut(id.stack())?.nodes.get_mut(id.index())
    }
}

impl StackState {
    pub(crate) fn name(&self) -> &str {
        self.stack_name.as_ref().map_or(&self.id, StackName::as_str)
    }
}
