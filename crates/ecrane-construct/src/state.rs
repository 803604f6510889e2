//! What an app is while it is open.

use std::collections::BTreeMap;

use ecrane_core::{
    Addresses, Compatibility, ConstructPath, Environment, EventRuleResource, Identity,
    LifecycleRule, Output, Place, Problem, RemovalPolicy, RepositoryResource, ResourceId,
    ResourceKind, StackName,
};

use crate::claims::Claims;
use crate::policy::attached::Attached;

/// An app: its stacks, and what is wrong with them so far.
#[derive(Debug, Default)]
pub(crate) struct AppState {
    pub(crate) compatibility: Compatibility,
    pub(crate) stacks: Vec<StackState>,
    pub(crate) problems: Vec<Problem>,
}

#[derive(Debug)]
pub(crate) struct StackState {
    pub(crate) shard_of: Option<String>,
    pub(crate) id: String,
    pub(crate) stack_name: Option<StackName>,
    pub(crate) description: Option<String>,
    pub(crate) env: Environment,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) termination_protection: Option<bool>,
    pub(crate) place: Place,
    pub(crate) nodes: Vec<Node>,
    pub(crate) outputs: Vec<Output>,
    pub(crate) claims: Claims,
    /// The main resource of each construct, by the construct's id.
    pub(crate) main_resources: BTreeMap<String, ResourceId>,
    /// The default policies of the identities, by the identity's path.
    pub(crate) default_policies: BTreeMap<ConstructPath, ResourceId>,
}

/// A resource while the app is open.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) path: ConstructPath,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) removal_policy: Option<RemovalPolicy>,
    pub(crate) addresses: Addresses,
    pub(crate) place: Place,
    pub(crate) body: Body,
}

/// What a resource is, as far as it can still change.
#[derive(Debug)]
pub(crate) enum Body {
    /// A repository, its lifecycle rules and the statements of its policy.
    Repository(Box<RepositoryResource>, Vec<(Place, LifecycleRule)>, Vec<Attached>),
    /// The default policy of an identity.
    IdentityPolicy {
        name: String,
        attached_to: Identity,
        statements: Vec<Attached>,
        /// The path of the role that it belongs to, where CDK splits it when it grows too large.
        splits_into: Option<ConstructPath>,
    },
    EventRule(EventRuleResource),
    /// What does not change any more.
    Done(Box<ResourceKind>),
}

impl AppState {
    pub(crate) fn node(&mut self, id: ResourceId) -> Option<&mut Node> {
        self.stacks.get_mut(id.stack())?.nodes.get_mut(id.index())
    }
}

impl StackState {
    pub(crate) fn name(&self) -> &str {
        self.stack_name.as_ref().map_or(&self.id, StackName::as_str)
    }
}
