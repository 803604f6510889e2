//! The graph: what an app deploys, with nothing left to decide.
//!
//! A graph can only be made by [`App::build`](crate::App::build), so whatever it holds has passed
//! every check. The backends read it and cannot fail on it, except for what their target lacks.
//! References are [`ResourceId`]s: one that leads nowhere cannot be made.

use std::collections::BTreeMap;

use crate::compatibility::Compatibility;
use crate::diagnostic::{Place, Problem};
use crate::event::EventRule;
use crate::group::GroupResource;
use crate::key::{AliasResource, KeyResource};
use crate::names::Environment;
use crate::output::Output;
use crate::overrides::Overrides;
use crate::path::ConstructPath;
use crate::policy::{IdentityPolicy, ManagedPolicy};
use crate::public_repository::PublicRepository;
use crate::registry::{
    AccountSettings, PullThroughCacheRule, PullTimeUpdateExclusion, RegistryPolicy,
    ReplicationConfiguration, RepositoryCreationTemplate, ScanningConfiguration,
    SigningConfiguration,
};
use crate::repository::RepositoryResource;
use crate::role::RoleResource;
use crate::user::UserResource;

/// Where a resource stands in its graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceId {
    pub(crate) stack: usize,
    pub(crate) index: usize,
}

impl ResourceId {
    /// The position of the resource's stack in [`Graph::stacks`].
    pub fn stack(self) -> usize {
        self.stack
    }

    /// The position of the resource in [`StackNode::resources`].
    pub fn index(self) -> usize {
        self.index
    }
}

/// Everything an app deploys, stack by stack, in the order of the input.
#[derive(Debug, Clone)]
pub struct Graph {
    /// The stacks.
    pub stacks: Vec<StackNode>,
    /// Which AWS CDK its templates are equal to.
    pub compatibility: Compatibility,
    /// What is rendered and the reader should know.
    pub warnings: Vec<Problem>,
}

impl Graph {
    /// The resource that an id stands for.
    pub fn resource(&self, id: ResourceId) -> &Resource {
        #[expect(
            clippy::indexing_slicing,
            reason = "ids are only made for resources of this graph"
        )]
        &self.stacks[id.stack].resources[id.index]
    }

    /// Whether a problem is told with a stack, by its position. All shards stand at one place of the
    /// input: of them it is the one that holds what the problem is about, else the first. A problem
    /// that is about no stack is told with the first.
    pub fn is_told_with(&self, problem: &Problem, stack: usize) -> bool {
        let is_below = |place: &Place| problem.place.steps().starts_with(place.steps());
        let Some(node) = self.stacks.get(stack).filter(|node| is_below(&node.place)) else {
            return stack == 0 && !self.stacks.iter().any(|node| is_below(&node.place));
        };
        let mut shards = self.stacks.iter().enumerate().filter(|(_, s)| s.place == node.place);
        let holder = shards.clone().find(|(_, s)| s.resources.iter().any(|r| is_below(&r.place)));
        holder.or_else(|| shards.next()).is_some_and(|(index, _)| index == stack)
    }

    /// The stack that a resource stands in.
    pub fn stack_of(&self, id: ResourceId) -> &StackNode {
        #[expect(
            clippy::indexing_slicing,
            reason = "ids are only made for resources of this graph"
        )]
        &self.stacks[id.stack]
    }
}

/// One stack.
#[derive(Debug, Clone)]
pub struct StackNode {
    /// The construct id.
    pub id: String,
    /// The name it is deployed under.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Where it is deployed to, as far as that is known.
    pub env: Environment,
    /// Tags of the stack, which its resources inherit on deployment.
    pub tags: BTreeMap<String, String>,
    /// Whether deleting the stack is refused.
    pub termination_protection: Option<bool>,
    /// The resources, in the order in which they were made.
    pub resources: Vec<Resource>,
    /// The outputs.
    pub outputs: Vec<Output>,
    /// Whether it is one of those that another stack is spread over.
    pub is_shard: bool,
    /// Where the stack stands in the input.
    pub place: Place,
}

impl StackNode {
    /// The path, from the app down, of the construct that a problem is about: a resource, or the
    /// stack itself.
    pub fn construct_path_of(&self, problem: &Problem) -> String {
        let steps = problem.place.steps();
        let about = self.resources.iter().find(|r| steps.starts_with(r.place.steps()));
        about.map_or_else(|| self.id.clone(), |resource| self.path_of(resource))
    }

    /// The path of a resource from the app down, as the AWS CDK writes it: `Shop/App/Resource`.
    pub fn path_of(&self, resource: &Resource) -> String {
        // The CDK writes a slash in an id this way.
        format!("{}/{}", self.id.replace('/', "--"), resource.path)
    }
}

/// A resource of a stack.
#[derive(Debug, Clone)]
pub struct Resource {
    /// The construct path of the L1 resource below the stack: it ends in `Resource` where the
    /// CDK has a construct around it.
    pub path: ConstructPath,
    /// Tags, by key.
    pub tags: BTreeMap<String, String>,
    /// What happens to it when it leaves its stack.
    pub removal_policy: Option<RemovalPolicy>,
    /// The addresses that it is given.
    pub pins: Pins,
    /// What is laid over it as it is rendered.
    pub overrides: Overrides,
    /// What it is.
    pub kind: ResourceKind,
    /// Where it stands in the input.
    pub place: Place,
}

/// The addresses that a resource is given, instead of those that follow from its path.
///
/// A backend says what it takes as an address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pins {
    /// The name in its Terraform address. Terraform resources that belong to it, such as its
    /// policies, are named after it.
    pub terraform_name: Option<String>,
    /// Its CloudFormation logical id.
    pub logical_id: Option<String>,
}

/// What happens to a resource when it leaves its stack.
///
/// CDK's `RemovalPolicy`; CloudFormation's `DeletionPolicy` and `UpdateReplacePolicy`; Terraform's
/// `prevent_destroy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RemovalPolicy {
    /// It stays in the account.
    Retain,
    /// It is deleted.
    Destroy,
}

/// What a resource is. A backend says for each of them what it makes of it.
#[derive(Debug, Clone)]
pub enum ResourceKind {
    /// `AWS::ECR::Repository`
    Repository(RepositoryResource),
    /// `AWS::IAM::Role`
    Role(RoleResource),
    /// `AWS::IAM::User`
    User(UserResource),
    /// `AWS::IAM::Group`
    Group(GroupResource),
    /// `AWS::IAM::Policy`: an inline policy of roles, users or groups
    IdentityPolicy(IdentityPolicy),
    /// `AWS::IAM::ManagedPolicy`: what does not fit into a role's inline policy
    ManagedPolicy(ManagedPolicy),
    /// `AWS::KMS::Key`
    Key(KeyResource),
    /// `AWS::KMS::Alias`
    Alias(AliasResource),
    /// `AWS::Events::Rule`
    EventRule(EventRule),
    /// `AWS::ECR::RegistryPolicy`
    RegistryPolicy(RegistryPolicy),
    /// `AWS::ECR::ReplicationConfiguration`
    ReplicationConfiguration(ReplicationConfiguration),
    /// `AWS::ECR::RegistryScanningConfiguration`
    ScanningConfiguration(ScanningConfiguration),
    /// `AWS::ECR::SigningConfiguration`
    SigningConfiguration(SigningConfiguration),
    /// The account settings of ECR, which CloudFormation has no type for
    AccountSettings(AccountSettings),
    /// `AWS::ECR::PullThroughCacheRule`
    PullThroughCacheRule(PullThroughCacheRule),
    /// `AWS::ECR::RepositoryCreationTemplate`
    RepositoryCreationTemplate(RepositoryCreationTemplate),
    /// `AWS::ECR::PullTimeUpdateExclusion`
    PullTimeUpdateExclusion(PullTimeUpdateExclusion),
    /// `AWS::ECR::PublicRepository`
    PublicRepository(PublicRepository),
}
