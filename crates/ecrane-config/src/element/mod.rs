//! The elements of the config file, under the names of the file, as plain strings and numbers.
//!
//! [`Config::build`] interprets and validates them.

mod addresses;
mod backend;
mod compatibility;
mod config;
mod event;
mod exactly_one;
mod grant;
mod key;
mod lifecycle;
mod output;
mod policy;
mod principal;
mod principal_ref;
mod public_repository;
mod registry;
mod repository;
mod shards;
mod stack;
mod statement;
mod targets;
mod terraform;

pub use addresses::{CloudformationOverrides, TerraformOverrides};
pub use backend::Backend;
pub use compatibility::{AwsCdk, Compatibility, FeatureFlags};
pub use config::Config;
pub use event::{EventRule, EventSource, EventTarget, InputTransformer, RetryPolicy};
pub use grant::{Allow, Grant, Grantees, Permission};
pub use key::{AddressedAlias, ImportedKey, Key, KeyAlias, KeyRef};
pub(crate) use lifecycle::DURATIONS;
pub use lifecycle::{LifecycleAction, LifecycleRule, TagStatus};
pub use output::{Output, OutputAttribute, OutputOf};
pub(crate) use policy::Document;
pub use policy::{
    Policy, PolicyDocument, PolicyVersion, RegistryPolicy, RegistryPolicyDocument, StatementsOr,
};
pub use principal::{Group, Identity, InlinePolicy, Principal, Role, User};
pub use principal_ref::{InlinePrincipal, LambdaFunctions, PrincipalKind, PrincipalRef};
pub use public_repository::{CatalogData, PublicRepository, PublicRepositoryTerraformNames};
pub use registry::{
    AccountSettings, AccountSettingsTerraformNames, AppliedFor, BasicScanTypeVersion, BlobMounting,
    CreationTemplate, PrefixFilter, PrefixFilterType, PullThroughCacheRule,
    PullTimeUpdateExclusion, Registry, RegistryPolicyScope, Replication, ReplicationDestination,
    ReplicationRule, ScanFrequency, ScanType, Scanning, ScanningRule, Signing, SigningFilter,
    SigningFilterType, SigningRule, WildcardFilter, WildcardFilterType,
};
pub use repository::{
    Encryption, ImageTagMutability, ImportedRepository, RemovalPolicy, Repository,
    RepositoryTerraformNames,
};
pub use shards::{Shards, ShardsError};
pub use stack::{AuthorizationTokens, Env, Stack};
pub use statement::{Conditions, Effect, Statement};
pub use targets::{
    AutoDeployment, CallAs, ConcurrencyMode, OperationPreferences, RegionConcurrencyType, Targets,
};
pub use terraform::Terraform;
