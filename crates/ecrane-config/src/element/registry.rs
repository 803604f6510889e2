//! Settings of a registry: one for each account and region.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::addresses::addressed;
use super::{Encryption, ImageTagMutability, KeyRef, LifecycleRule, Statement};

/// Settings of the registry: one for each account and region.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Registry {
    /// Statements of the registry policy: who may replicate into it.
    #[serde(default)]
    #[schemars(extend("examples" = [[{
        "principals": [{ "account": "444455556666" }],
        "actions": ["ecr:ReplicateImage"],
        "resources": ["*"]
    }]]))]
    pub policy: Vec<Statement>,
    /// Where images are copied to.
    #[schemars(extend("examples" = [{
        "rules": [{ "destinations": [{ "region": "us-east-1", "registryId": "111122223333" }] }]
    }]))]
    pub replication: Option<Replication>,
    /// How images are scanned.
    #[schemars(extend("examples" = [{ "scanType": "BASIC" }]))]
    pub scanning: Option<Scanning>,
    /// Switches of the registry. Terraform only: CloudFormation has no type for them.
    #[schemars(extend("examples" = [{ "basicScanTypeVersion": "AWS_NATIVE" }]))]
    pub account_settings: Option<AccountSettings>,
    /// Prefixes that are filled from other registries, by their construct ids.
    #[serde(default)]
    #[schemars(extend("examples" = [{ "Quay": { "ecrRepositoryPrefix": "quay", "upstreamRegistryUrl": "quay.io" } }]))]
    pub pull_through_cache_rules: IndexMap<String, PullThroughCacheRule>,
    /// Settings of repositories that ECR creates by itself, by their construct ids.
    #[serde(default)]
    #[schemars(extend("examples" = [{ "Cache": { "prefix": "quay", "appliedFor": ["PULL_THROUGH_CACHE"] } }]))]
    pub creation_templates: IndexMap<String, CreationTemplate>,
    /// Which images are signed on push.
    #[schemars(extend("examples" = [{
        "rules": [{ "signingProfileArn": "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/images" }]
    }]))]
    pub signing: Option<Signing>,
    /// Principals whose pulls do not count as use of an image, by their construct ids.
    #[serde(default)]
    #[schemars(extend("examples" = [{ "Scanner": { "principalArn": "arn:aws:iam::111122223333:role/scanner" } }]))]
    pub pull_time_update_exclusions: IndexMap<String, PullTimeUpdateExclusion>,
}

addressed! {
    /// Where images are copied to.
    #[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Replication {
        /// The rules, 25 at most.
        #[schemars(extend("examples" = [
            [{ "destinations": [{ "region": "us-east-1", "registryId": "111122223333" }] }]
        ]))]
        pub rules: Vec<ReplicationRule>,
    }
    examples: "legacy", "Legacy", { "properties": { "ReplicationConfiguration": { "Rules": [] } } }, { "lifecycle": { "ignore_changes": ["tags"] } }
}

/// Which images are copied to which registries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ReplicationRule {
    /// Where to, 100 at most.
    #[schemars(extend("examples" = [[{ "region": "us-east-1", "registryId": "111122223333" }]]))]
    pub destinations: Vec<ReplicationDestination>,
    /// Which repositories; all of them when nothing is said.
    #[schemars(extend("examples" = [[{ "filter": "prod", "filterType": "PREFIX_MATCH" }]]))]
    pub repository_filters: Option<Vec<PrefixFilter>>,
}

/// A registry that images are copied to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ReplicationDestination {
    /// Its region.
    #[schemars(extend("examples" = ["us-east-1"]))]
    pub region: String,
    /// Its account, 12 digits as a text.
    #[schemars(extend("examples" = ["111122223333"]))]
    pub registry_id: String,
}

/// Repositories by a prefix of their names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PrefixFilter {
    /// The prefix.
    #[schemars(extend("examples" = ["prod"]))]
    pub filter: String,
    /// How it is read.
    #[schemars(extend("examples" = ["PREFIX_MATCH"]))]
    pub filter_type: PrefixFilterType,
}

/// How a prefix is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PrefixFilterType {
    /// As the beginning of a repository's name.
    PrefixMatch,
}

addressed! {
    /// How images are scanned.
    #[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Scanning {
        /// By whom.
        #[schemars(extend("examples" = ["ENHANCED"]))]
        pub scan_type: ScanType,
        /// How often, for which repositories.
        #[serde(default)]
        #[schemars(extend("examples" = [[{
            "scanFrequency": "CONTINUOUS_SCAN",
            "repositoryFilters": [{ "filter": "*", "filterType": "WILDCARD" }]
        }]]))]
        pub rules: Vec<ScanningRule>,
    }
    examples: "legacy", "Legacy", { "properties": { "ScanType": "BASIC" } }, { "lifecycle": { "ignore_changes": ["tags"] } }
}

/// Who scans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ScanType {
    /// ECR.
    Basic,
    /// Amazon Inspector.
    Enhanced,
}

/// How often the images of some repositories are scanned.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ScanningRule {
    /// How often.
    #[schemars(extend("examples" = ["SCAN_ON_PUSH"]))]
    pub scan_frequency: ScanFrequency,
    /// Which repositories.
    #[schemars(extend("examples" = [[{ "filter": "*", "filterType": "WILDCARD" }]]))]
    pub repository_filters: Vec<WildcardFilter>,
}

/// How often images are scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ScanFrequency {
    /// When they are pushed.
    ScanOnPush,
    /// Again whenever a vulnerability becomes known.
    ContinuousScan,
}

/// Repositories by a wildcard over their names, for scanning.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct WildcardFilter {
    /// The wildcard.
    #[schemars(extend("examples" = ["prod*"]))]
    pub filter: String,
    /// How it is read.
    #[schemars(extend("examples" = ["WILDCARD"]))]
    pub filter_type: WildcardFilterType,
}

/// How a wildcard is read, for scanning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WildcardFilterType {
    /// With `*` for any characters.
    Wildcard,
}

addressed! {
    /// A prefix of the registry that is filled from another registry.
    #[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct PullThroughCacheRule {
        /// The prefix here.
        #[schemars(extend("examples" = ["docker-hub"]))]
        pub ecr_repository_prefix: Option<String>,
        /// The other registry's name.
        #[schemars(extend("examples" = ["docker-hub"]))]
        pub upstream_registry: Option<String>,
        /// The other registry's host.
        #[schemars(extend("examples" = ["registry-1.docker.io"]))]
        pub upstream_registry_url: Option<String>,
        /// The secret that holds its credentials.
        #[schemars(extend("examples" = [
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/hub"
        ]))]
        pub credential_arn: Option<String>,
        /// The role that reads from an ECR registry of another account.
        #[schemars(extend("examples" = ["arn:aws:iam::111122223333:role/ecr-cache"]))]
        pub custom_role_arn: Option<String>,
        /// The prefix there.
        #[schemars(extend("examples" = ["library"]))]
        pub upstream_repository_prefix: Option<String>,
    }
    examples: "legacy", "Legacy", { "properties": { "UpstreamRegistry": "quay" } }, { "lifecycle": { "ignore_changes": ["tags"] } }
}

addressed! {
    /// Settings of repositories that ECR creates by itself.
    #[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct CreationTemplate {
        /// The prefix of their names.
        #[schemars(extend("examples" = ["docker-hub"]))]
        pub prefix: String,
        /// Why ECR creates them.
        #[schemars(extend("examples" = [["PULL_THROUGH_CACHE"]]))]
        pub applied_for: Vec<AppliedFor>,
        /// What the template is for.
        #[schemars(extend("examples" = ["Images of Docker Hub"]))]
        pub description: Option<String>,
        /// Whether a tag can be moved to another image.
        #[schemars(extend("examples" = ["IMMUTABLE"]))]
        pub image_tag_mutability: Option<ImageTagMutability>,
        /// Wildcards over the tags that are excepted from the mutability.
        #[schemars(extend("examples" = [["dev-*"]]))]
        pub image_tag_mutability_exclusion_filters: Option<Vec<String>>,
        /// How images are encrypted.
        #[schemars(extend("examples" = ["KMS"]))]
        pub encryption: Option<Encryption>,
        /// The key that images are encrypted with.
        #[schemars(extend("examples" = ["ImagesKey"]))]
        pub encryption_key: Option<KeyRef>,
        /// Which images go, and when.
        #[serde(default)]
        #[schemars(extend("examples" = [[{ "maxImageAge": "30d" }]]))]
        pub lifecycle_rules: Vec<LifecycleRule>,
        /// Statements of their repository policy.
        #[serde(default)]
        #[schemars(extend("examples" = [
            [{ "principals": [{ "account": "444455556666" }], "actions": ["ecr:BatchGetImage"] }]
        ]))]
        pub resource_policy: Vec<Statement>,
        /// Their tags.
        #[serde(default)]
        #[schemars(extend("examples" = [{ "team": "platform" }]))]
        pub resource_tags: IndexMap<String, String>,
        /// The role that ECR takes to create them.
        #[schemars(extend("examples" = ["arn:aws:iam::111122223333:role/ecr-templates"]))]
        pub custom_role_arn: Option<String>,
    }
    examples: "legacy", "Legacy", { "properties": { "Description": "Images of Quay" } }, { "lifecycle": { "ignore_changes": ["tags"] } }
}

/// Why ECR creates a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AppliedFor {
    /// An image was replicated.
    Replication,
    /// An image was pulled through a cache rule.
    PullThroughCache,
    /// An image was pushed.
    CreateOnPush,
}

addressed! {
    /// Which images are signed on push.
    #[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Signing {
        /// The rules.
        #[schemars(extend("examples" = [
            [{ "signingProfileArn": "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/images" }]
        ]))]
        pub rules: Vec<SigningRule>,
    }
    examples: "legacy", "Legacy", { "properties": { "Rules": [] } }, { "lifecycle": { "ignore_changes": ["tags"] } }
}

/// The images of some repositories, and the profile that signs them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SigningRule {
    /// The AWS Signer profile.
    #[schemars(extend("examples" = [
        "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/images"
    ]))]
    pub signing_profile_arn: String,
    /// Which repositories; all of them when nothing is said.
    #[schemars(extend("examples" = [[{ "filter": "*", "filterType": "WILDCARD_MATCH" }]]))]
    pub repository_filters: Option<Vec<SigningFilter>>,
}

/// Repositories by a wildcard over their names, for signing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SigningFilter {
    /// The wildcard.
    #[schemars(extend("examples" = ["prod*"]))]
    pub filter: String,
    /// How it is read.
    #[schemars(extend("examples" = ["WILDCARD_MATCH"]))]
    pub filter_type: SigningFilterType,
}

/// How a wildcard is read, for signing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SigningFilterType {
    /// With `*` for any characters.
    WildcardMatch,
}

addressed! {
    /// A principal whose pulls do not count as use of an image.
    #[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct PullTimeUpdateExclusion {
        /// The principal.
        #[schemars(extend("examples" = ["arn:aws:iam::111122223333:role/scanner"]))]
        pub principal_arn: String,
    }
    examples: "legacy", "Legacy", { "properties": { "PrincipalArn": "arn:aws:iam::111122223333:role/scanner" } }, { "lifecycle": { "ignore_changes": ["tags"] } }
}

/// Switches of the registry; those that are not given stay as they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("minProperties" = 1))]
pub struct AccountSettings {
    /// Which scanner basic scanning uses.
    #[schemars(extend("examples" = ["AWS_NATIVE"]))]
    pub basic_scan_type_version: Option<BasicScanTypeVersion>,
    /// What the registry policy governs.
    #[schemars(extend("examples" = ["V2"]))]
    pub registry_policy_scope: Option<RegistryPolicyScope>,
    /// Whether repositories share layers, so that one that another repository has is not pushed again.
    #[schemars(extend("examples" = ["ENABLED"]))]
    pub blob_mounting: Option<BlobMounting>,
}

/// Which scanner basic scanning uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BasicScanTypeVersion {
    /// That of AWS.
    AwsNative,
    /// Clair, which AWS has retired.
    Clair,
}

/// What the registry policy governs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum RegistryPolicyScope {
    /// Three actions: to replicate, to import from upstream and to create repositories.
    V1,
    /// All actions of ECR.
    V2,
}

/// Whether the repositories of a registry share layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BlobMounting {
    /// A layer is pushed once.
    Enabled,
    /// Each repository holds its own.
    Disabled,
}
