//! The graph of ECR repositories, lifecycle rules and grants.
//!
//! There is one way to build a [`Graph`]: the constructs, whose names are those of the AWS CDK in
//! snake case. The backends render a graph; they live in crates of their own and know nothing of
//! each other.

mod app;
mod authorization_token;
mod compatibility;
pub mod config;
mod diagnostic;
mod event;
mod grant;
mod graph;
mod group;
mod identity;
mod key;
mod lifecycle;
mod limits;
mod names;
mod output;
mod overrides;
mod path;
mod policy;
mod public_repository;
mod references;
mod registry;
mod repository;
mod role;
mod stack;
mod suggest;
mod user;
mod value;

pub use app::{App, AppError};
pub use authorization_token::{AuthorizationToken, PublicGalleryAuthorizationToken, TokenWarning};
pub use compatibility::{AwsCdk, Compatibility, ReferenceStrength};
pub use diagnostic::{Explain, Place, Problem, Problems, Severity, Step};
pub use event::{
    EventError, EventInput, EventRule, EventTarget, OnEventOptions, RetryPolicy, Rule, RuleTarget,
};
pub use grant::GrantWarning;
pub use graph::{Graph, Pins, RemovalPolicy, Resource, ResourceId, ResourceKind, StackNode};
pub use group::{Group, GroupProps, GroupResource};
pub use key::{AliasResource, Key, KeyProps, KeyResource};
pub use lifecycle::{
    LifecycleAction, LifecycleError, LifecyclePolicy, LifecycleRule, Limit, PolicyKey, PolicyPart,
    PolicyTextError, PrioritizedRule, StorageClass, TagSelection, TagStatus,
};
pub use limits::{LimitError, PolicyLimitError, PolicyWarning, RegistryError, Rule as LimitRule};
pub use names::{
    AccountId, AccountIdError, Action, ActionError, Arn, ArnError, Days, DaysError, Environment,
    ExclusionFilter, ExclusionFilterError, OrganizationId, OrganizationIdError, OrganizationPath,
    OrganizationPathError, Region, RegionError, RepositoryName, RepositoryNameError, StackName,
    StackNameError,
};
pub use output::{CfnOutput, CfnOutputProps, Output};
pub use overrides::Overrides;
pub use path::{ConstructPath, ConstructPathError};
pub use policy::{
    Conditions, Effect, Identity, IdentityPolicy, ManagedPolicy, PolicyDocument, PolicyStatement,
    Principal, PrincipalError, PrincipalKind, Principals, Statement, StatementError,
};
pub use public_repository::{CatalogData, PublicRepository, PublicRepositoryProps};
pub use registry::{
    AccountSettings, AppliedFor, BasicScanTypeVersion, BlobMounting, PullThroughCacheRule,
    PullTimeUpdateExclusion, Registry, RegistryPolicy, RegistryPolicyScope,
    ReplicationConfiguration, ReplicationDestination, ReplicationRule, RepositoryCreationTemplate,
    ScanFrequency, ScanType, ScanningConfiguration, ScanningRule, SigningConfiguration,
    SigningRule,
};
pub use repository::{
    Encryption, EncryptionType, ExclusionFilters, Repository, RepositoryError, RepositoryProps,
    RepositoryResource, TagMutability, TagMutabilityError,
};
pub use role::{ManagedPolicyName, Role, RoleError, RoleProps, RoleResource};
pub use stack::{Stack, StackError, StackProps};
pub use suggest::suggest;
pub use user::{User, UserProps, UserResource};
pub use value::{ArnField, Attribute, Json, Pseudo, Value};
