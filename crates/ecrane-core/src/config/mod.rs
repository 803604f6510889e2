//! What a config file says.
//!
//! The types here are twins of the file: plain texts and numbers, under the file's own names.
//! What they mean, and whether it can be, is decided where they become constructs.

mod backend;
mod cdk_cli;
mod compatibility;
mod decode;
mod document;
mod error;
mod event;
mod exactly_one;
mod feature_flags;
mod grant;
mod include;
mod json;
mod key;
mod lifecycle;
mod load_error;
mod mend;
mod merge_error;
mod node;
mod output;
mod overrides;
mod preset;
mod principal;
mod principal_ref;
mod program;
mod program_registry;
mod program_repository;
mod public_repository;
mod registry;
mod repository;
mod scalar;
mod shape;
mod shard;
mod source;
mod stack;
mod statement;
mod syntax;
mod terraform;
#[cfg(test)]
mod tests;
mod toml;
mod yaml;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

pub use backend::Backend;
pub use cdk_cli::DefaultEnv;
pub use compatibility::{AwsCdk, Compatibility, FeatureFlags};
pub use document::{Document, Location};
pub use error::ConfigError;
pub use event::{EventRule, EventSource, EventTarget, InputTransformer, RetryPolicy};
pub use feature_flags::FlagError;
pub use grant::{Allow, Grant, Grantees, Permission};
pub(crate) use json::parse as parse_json;
pub use key::{ImportedKey, Key, KeyRef};
pub use lifecycle::{LifecycleAction, LifecycleRule, TagStatus};
pub use load_error::{FileSyntaxError, LoadError};
pub use merge_error::MergeError;
pub use node::{Entry, Node, NodeKind};
pub use output::{Output, OutputAttribute};
pub use overrides::{CloudformationOverrides, TerraformOverrides};
pub use principal::{Group, Principal, Role, User};
pub use principal_ref::{InlinePrincipal, LambdaFunctions, PrincipalKind, PrincipalRef};
pub use public_repository::{CatalogData, PublicRepository};
pub use registry::{
    AccountSettings, AppliedFor, BasicScanTypeVersion, BlobMounting, CreationTemplate,
    PrefixFilter, PrefixFilterType, PullThroughCacheRule, PullTimeUpdateExclusion, Registry,
    RegistryPolicyScope, Replication, ReplicationDestination, ReplicationRule, ScanFrequency,
    ScanType, Scanning, ScanningRule, Signing, SigningFilter, SigningFilterType, SigningRule,
    WildcardFilter, WildcardFilterType,
};
pub use repository::{
    Encryption, ImageTagMutability, ImportedRepository, RemovalPolicy, Repository,
};
pub use shape::{Shape, ShapeError};
pub use shard::{Shards, ShardsError};
pub use source::{Format, SourceFile};
pub use stack::{AuthorizationTokens, Env, Stack};
pub use statement::{Conditions, Effect, Statement};
pub use syntax::{SyntaxError, SyntaxErrorKind};
pub use terraform::Terraform;

/// Amazon ECR as code: the stacks of one app.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Config {
    /// The JSON Schema that editors check the file by; nothing is made of it.
    #[serde(rename = "$schema")]
    #[schemars(extend("examples" = ["./schemas/ecrane.schema.json"]))]
    pub schema: Option<String>,
    /// Files with more `presets` and `stacks`, by patterns relative to this file's folder; reading
    /// the document puts them into it.
    #[serde(default)]
    #[schemars(extend("examples" = [["teams/*.yaml"]]))]
    pub include: Vec<String>,
    /// Parts of repositories by names, for `preset` and `defaults`; reading the document merges
    /// them under the repositories.
    #[serde(default)]
    #[schemars(extend("examples" = [{ "service": { "imageScanOnPush": true } }]))]
    pub presets: IndexMap<String, Repository>,
    /// The preset under every repository that is not imported. What a repository's own `preset`
    /// says, and the repository itself, win over it.
    #[schemars(extend("examples" = ["service"]))]
    pub defaults: Option<String>,
    /// What deploys it, where the command line does not say.
    #[schemars(extend("examples" = ["cloudformation"]))]
    pub backend: Option<Backend>,
    /// Which AWS CDK the templates are to equal.
    #[schemars(extend("examples" = [{ "awsCdk": "2", "featureFlags": "recommended" }]))]
    pub compatibility: Option<Compatibility>,
    /// How the Terraform JSON of every stack is set up; a stack may say otherwise.
    #[schemars(extend("examples" = [{ "requiredVersion": ">= 1.11" }]))]
    pub terraform: Option<Terraform>,
    /// The stacks by their construct ids. A file may leave them to those that it includes.
    #[schemars(default, extend("examples" = [{ "Registry": { "repositories": { "App": {} } } }]))]
    pub stacks: IndexMap<String, Stack>,
}
