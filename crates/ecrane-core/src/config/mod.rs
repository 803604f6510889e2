//! What a config file says.
//!
//! The types here are twins of the file: plain texts and numbers, under the file's own names.
//! What they mean, and whether it can be, is decided where they become constructs.

mod compatibility;
mod error;
mod event;
mod feature_flags;
mod grant;
mod key;
mod lifecycle;
mod output;
mod principal;
mod principal_ref;
mod program;
mod program_registry;
mod program_repository;
mod public_repository;
mod registry;
mod repository;
mod stack;
mod statement;
mod terraform;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

pub use compatibility::{AwsCdk, Compatibility, FeatureFlags};
pub use error::ConfigError;
pub use event::{EventRule, EventSource, EventTarget, InputTransformer, RetryPolicy};
pub use feature_flags::FlagError;
pub use grant::{Allow, Grant, Grantees, Permission};
pub use key::{ImportedKey, Key, KeyRef};
pub use lifecycle::{LifecycleRule, TagStatus};
pub use output::{Output, OutputAttribute};
pub use principal::{Group, Principal, Role, User};
pub use principal_ref::{InlinePrincipal, PrincipalKind, PrincipalRef};
pub use public_repository::{CatalogData, PublicRepository};
pub use registry::{
    AppliedFor, CreationTemplate, PrefixFilter, PrefixFilterType, PullThroughCacheRule,
    PullTimeUpdateExclusion, Registry, Replication, ReplicationDestination, ReplicationRule,
    ScanFrequency, ScanType, Scanning, ScanningRule, Signing, SigningFilter, SigningFilterType,
    SigningRule, WildcardFilter, WildcardFilterType,
};
pub use repository::{
    Encryption, ImageTagMutability, ImportedRepository, RemovalPolicy, Repository,
};
pub use stack::{AuthorizationTokens, Env, Stack};
pub use statement::{Conditions, Effect, Statement};
pub use terraform::Terraform;

/// Amazon ECR as code: the stacks of one app.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Config {
    /// Which AWS CDK the templates are to equal.
    #[schemars(extend("examples" = [{ "awsCdk": "2", "featureFlags": "recommended" }]))]
    pub compatibility: Option<Compatibility>,
    /// How the Terraform JSON of every stack is set up; a stack may say otherwise.
    #[schemars(extend("examples" = [{ "requiredVersion": ">= 1.11" }]))]
    pub terraform: Option<Terraform>,
    /// The stacks by their construct ids.
    #[schemars(extend("examples" = [{ "Registry": { "repositories": { "App": {} } } }]))]
    pub stacks: IndexMap<String, Stack>,
}
