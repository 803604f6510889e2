//! The graph of ECR repositories, lifecycle rules and grants.
//!
//! There is one way to build a [`Graph`]: the constructs, whose names are those of the AWS CDK in
//! snake case. The backends render a graph; they live in crates of their own and know nothing of
//! each other.

mod diagnostic;
mod event;
mod graph;
mod group;
mod key;
mod lifecycle;
mod names;
mod output;
mod path;
mod policy;
mod public_repository;
mod references;
mod registry;
mod repository;
mod role;
mod user;
mod value;

pub use diagnostic::{Explain, Place, Problem, Problems, Severity, Step};
pub use event::{EventInput, EventRule, EventTarget, RetryPolicy};
pub use graph::{
    Graph, ReferenceStrength, RemovalPolicy, Resource, ResourceId, ResourceKind, StackNode,
};
pub use group::GroupResource;
pub use key::{AliasResource, KeyResource};
pub use lifecycle::{
    LifecycleError, LifecyclePolicy, LifecycleRule, Limit, PrioritizedRule, TagSelection, TagStatus,
};
pub use names::{
    AccountId, AccountIdError, Arn, ArnError, Days, DaysError, Environment, ExclusionFilter,
    ExclusionFilterError, OrganizationId, OrganizationIdError, Region, RegionError, RepositoryName,
    RepositoryNameError, StackName, StackNameError,
};
pub use output::Output;
pub use path::{ConstructPath, ConstructPathError};
pub use policy::{
    Conditions, Effect, Identity, IdentityPolicy, ManagedPolicy, PolicyDocument, PrincipalKind,
    Principals, Statement,
};
pub use public_repository::{CatalogData, PublicRepository};
pub use registry::{
    AppliedFor, PullThroughCacheRule, PullTimeUpdateExclusion, RegistryPolicy,
    ReplicationConfiguration, ReplicationDestination, ReplicationRule, RepositoryCreationTemplate,
    ScanFrequency, ScanType, ScanningConfiguration, ScanningRule, SigningConfiguration,
    SigningRule,
};
pub use repository::{
    Encryption, ExclusionFilters, RepositoryResource, TagMutability, TagMutabilityError,
};
pub use role::RoleResource;
pub use user::UserResource;
pub use value::{ArnField, Attribute, Json, Pseudo, Value};
