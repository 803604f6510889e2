//! Settings of a private registry. An AWS account has one registry in each region.

use ecrane_core::Addresses;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::addresses::{addressed, pin_parts};
use super::{
    Encryption, EventRule, ImageTagMutability, KeyRef, LifecycleRule, Policy, RegistryPolicy,
};

/// Settings of the private registry. An AWS account has one registry in each region.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Registry {
    /// The registry permissions policy, such as permission to replicate images into this registry: a
    /// list of statements, or a document with `version`, `statements` and pinned addresses.
    #[serde(default)]
    #[schemars(extend("examples" = [[{
        "principals": [{ "account": "444455556666" }],
        "actions": ["ecr:ReplicateImage"],
        "resources": ["*"]
    }]]))]
    pub policy: RegistryPolicy,
    /// The replication configuration.
    #[schemars(extend("examples" = [{
        "rules": [{ "destinations": [{ "region": "us-east-1", "registryId": "111122223333" }] }]
    }]))]
    pub replication: Option<Replication>,
    /// The scanning configuration.
    #[schemars(extend("examples" = [{ "scanType": "BASIC" }]))]
    pub scanning: Option<Scanning>,
    /// Account settings for ECR. Terraform only: CloudFormation has no resource type for them.
    #[schemars(extend("examples" = [{ "basicScanTypeVersion": "AWS_NATIVE" }]))]
    pub account_settings: Option<AccountSettings>,
    /// Pull through cache rules, by construct ID.
    #[serde(default)]
    #[schemars(extend("examples" = [{ "Quay": { "ecrRepositoryPrefix": "quay", "upstreamRegistryUrl": "quay.io" } }]))]
    pub pull_through_cache_rules: IndexMap<String, PullThroughCacheRule>,
    /// Repository creation templates, by construct ID.
    #[serde(default)]
    #[schemars(extend("examples" = [{ "Cache": { "prefix": "quay", "appliedFor": ["PULL_THROUGH_CACHE"] } }]))]
    pub creation_templates: IndexMap<String, CreationTemplate>,
    /// The signing configuration: which images ECR signs when they are pushed.
    #[schemars(extend("examples" = [{
        "rules": [{ "signingProfileArn": "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/images" }]
    }]))]
    pub signing: Option<Signing>,
    /// Principals whose pulls do not update the last pull time of images, by construct ID.
    #[serde(default)]
    #[schemars(extend("examples" = [{ "Scanner": { "principalArn": "arn:aws:iam::111122223333:role/scanner" } }]))]
    pub pull_time_update_exclusions: IndexMap<String, PullTimeUpdateExclusion>,
    /// EventBridge rules for events of all repositories of the registry, by construct ID.
    /// `eventPattern` can narrow a rule, for example to the names that start with a prefix.
    #[serde(default)]
    #[schemars(extend("examples" = [{ "Deleted": {
        "on": "imageDeleted",
        "eventPattern": { "detail": { "repository-name": [{ "prefix": "team/" }] } },
        "targets": [{ "arn": "arn:aws:sns:eu-west-1:111122223333:alerts" }]
    } }]))]
    pub events: IndexMap<String, EventRule>,
}

addressed! {
    /// The replication configuration of the registry. Counterpart of the CloudFormation type
    /// `AWS::ECR::ReplicationConfiguration`.
    #[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Replication {
        /// The replication rules, at most 25; Terraform: at most 10.
        #[schemars(extend("examples" = [
            [{ "destinations": [{ "region": "us-east-1", "registryId": "111122223333" }] }]
        ]))]
        pub rules: Vec<ReplicationRule>,
    }
    examples: "legacy", "Legacy", { "properties": { "ReplicationConfiguration": { "Rules": [] } } }, { "lifecycle": { "ignore_changes": ["tags"] } }
}

/// A replication rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ReplicationRule {
    /// The destinations of the replication, 1 to 100 in the partition of the stack; Terraform: at
    /// most 25.
    #[schemars(extend("examples" = [[{ "region": "us-east-1", "registryId": "111122223333" }]]))]
    pub destinations: Vec<ReplicationDestination>,
    /// Filters for the repositories to replicate. Default: all repositories.
    #[schemars(extend("examples" = [[{ "filter": "prod", "filterType": "PREFIX_MATCH" }]]))]
    pub repository_filters: Option<Vec<PrefixFilter>>,
}

/// A destination of the replication.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ReplicationDestination {
    /// The destination region.
    #[schemars(extend("examples" = ["us-east-1"]))]
    pub region: String,
    /// The 12-digit account ID of the destination registry, as a string.
    #[schemars(extend("examples" = ["111122223333"]))]
    pub registry_id: String,
}

/// A filter for repositories by name prefix.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PrefixFilter {
    /// The prefix of the repository names, in lowercase, without `*`.
    #[schemars(extend("examples" = ["prod"]))]
    pub filter: String,
    /// The type of the filter.
    #[schemars(extend("examples" = ["PREFIX_MATCH"]))]
    pub filter_type: PrefixFilterType,
}

/// The type of a prefix filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PrefixFilterType {
    /// Match repository names that start with the filter.
    PrefixMatch,
}

addressed! {
    /// The scanning configuration of the registry. Counterpart of the CloudFormation type
    /// `AWS::ECR::RegistryScanningConfiguration`.
    #[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Scanning {
        /// The scan type: `BASIC` or `ENHANCED`.
        #[schemars(extend("examples" = ["ENHANCED"]))]
        pub scan_type: ScanType,
        /// The scanning rules, at most one for each scan frequency.
        #[serde(default)]
        #[schemars(extend("examples" = [[{
            "scanFrequency": "CONTINUOUS_SCAN",
            "repositoryFilters": [{ "filter": "*", "filterType": "WILDCARD" }]
        }]]))]
        pub rules: Vec<ScanningRule>,
    }
    examples: "legacy", "Legacy", { "properties": { "ScanType": "BASIC" } }, { "lifecycle": { "ignore_changes": ["tags"] } }
}

/// The scan type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ScanType {
    /// Basic scanning by Amazon ECR.
    Basic,
    /// Enhanced scanning by Amazon Inspector.
    Enhanced,
}

/// A scanning rule.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ScanningRule {
    /// The scan frequency.
    #[schemars(extend("examples" = ["SCAN_ON_PUSH"]))]
    pub scan_frequency: ScanFrequency,
    /// Filters for the repositories to scan. Terraform: at least one.
    #[schemars(extend("examples" = [[{ "filter": "*", "filterType": "WILDCARD" }]]))]
    pub repository_filters: Vec<WildcardFilter>,
}

/// The scan frequency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ScanFrequency {
    /// Scan images when they are pushed.
    ScanOnPush,
    /// Scan images when they are pushed, and again when new vulnerabilities are published.
    ContinuousScan,
}

/// A wildcard filter for the repositories to scan.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct WildcardFilter {
    /// The wildcard pattern for the repository names.
    #[schemars(extend("examples" = ["prod*"]))]
    pub filter: String,
    /// The type of the filter.
    #[schemars(extend("examples" = ["WILDCARD"]))]
    pub filter_type: WildcardFilterType,
}

/// The type of a scanning filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WildcardFilterType {
    /// Match with wildcards: `*` stands for any characters.
    Wildcard,
}

addressed! {
    /// A pull through cache rule. Counterpart of the CloudFormation type
    /// `AWS::ECR::PullThroughCacheRule`.
    #[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct PullThroughCacheRule {
        /// The repository name prefix in this registry.
        #[schemars(extend("examples" = ["docker-hub"]))]
        pub ecr_repository_prefix: Option<String>,
        /// The name of the upstream registry: `azure-container-registry`, `chainguard`,
        /// `docker-hub`, `ecr`, `ecr-public`, `github-container-registry`,
        /// `gitlab-container-registry`, `k8s` or `quay`.
        #[schemars(extend("examples" = ["docker-hub"]))]
        pub upstream_registry: Option<String>,
        /// The host of the upstream registry, without a scheme or path.
        #[schemars(extend("examples" = ["registry-1.docker.io"]))]
        pub upstream_registry_url: Option<String>,
        /// The ARN of the Secrets Manager secret with the credentials for the upstream registry, in
        /// the account and region of the stack. Required for, and only for, registries with
        /// credentials.
        #[schemars(extend("examples" = [
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/hub"
        ]))]
        pub credential_arn: Option<String>,
        /// The ARN of the IAM role that ECR assumes to pull from a private ECR registry in another
        /// account.
        #[schemars(extend("examples" = ["arn:aws:iam::111122223333:role/ecr-cache"]))]
        pub custom_role_arn: Option<String>,
        /// The repository name prefix in the upstream registry.
        #[schemars(extend("examples" = ["library"]))]
        pub upstream_repository_prefix: Option<String>,
    }
    examples: "legacy", "Legacy", { "properties": { "UpstreamRegistry": "quay" } }, { "lifecycle": { "ignore_changes": ["tags"] } }
}

addressed! {
    /// A repository creation template: the settings of repositories that ECR creates. Counterpart
    /// of the CloudFormation type `AWS::ECR::RepositoryCreationTemplate`.
    #[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct CreationTemplate {
        /// The repository name prefix to which the template applies. `ROOT` applies to all
        /// repositories without a template of their own.
        #[schemars(extend("examples" = ["docker-hub"]))]
        pub prefix: String,
        /// The reasons for which ECR creates repositories from the template.
        #[schemars(extend("examples" = [["PULL_THROUGH_CACHE"]]))]
        pub applied_for: Vec<AppliedFor>,
        /// A description of the template.
        #[schemars(extend("examples" = ["Images of Docker Hub"]))]
        pub description: Option<String>,
        /// The tag mutability setting of the repositories. Default: `MUTABLE`.
        #[schemars(extend("examples" = ["IMMUTABLE"]))]
        pub image_tag_mutability: Option<ImageTagMutability>,
        /// Wildcard filters for the tags that are exempt from the tag mutability setting. Requires
        /// one of the `_WITH_EXCLUSION` settings. At most 5.
        #[schemars(extend("examples" = [["dev-*"]]))]
        pub image_tag_mutability_exclusion_filters: Option<Vec<String>>,
        /// The encryption type of the repositories.
        #[schemars(extend("examples" = ["KMS"]))]
        pub encryption: Option<Encryption>,
        /// The KMS key that encrypts images: the ID of a key in `keys`, `Stack/Id` for one of another
        /// stack, or its `keyArn`.
        #[schemars(extend("examples" = ["ImagesKey"]))]
        pub encryption_key: Option<KeyRef>,
        /// The lifecycle rules of the repositories.
        #[serde(default)]
        #[schemars(extend("examples" = [[{ "maxImageAge": "30d" }]]))]
        pub lifecycle_rules: Vec<LifecycleRule>,
        /// The repository policy: a list of statements, or a document with `version` and
        /// `statements`.
        #[serde(default)]
        #[schemars(extend("examples" = [
            [{ "principals": [{ "account": "444455556666" }], "actions": ["ecr:BatchGetImage"] }]
        ]))]
        pub resource_policy: Policy,
        /// Tags of the repositories.
        #[serde(default)]
        #[schemars(extend("examples" = [{ "team": "platform" }]))]
        pub resource_tags: IndexMap<String, String>,
        /// The ARN of the IAM role that ECR assumes to create the repositories.
        #[schemars(extend("examples" = ["arn:aws:iam::111122223333:role/ecr-templates"]))]
        pub custom_role_arn: Option<String>,
    }
    examples: "legacy", "Legacy", { "properties": { "Description": "Images of Quay" } }, { "lifecycle": { "ignore_changes": ["tags"] } }
}

/// The reason for which ECR creates a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AppliedFor {
    /// An image is replicated to the registry.
    Replication,
    /// An image is pulled through a pull through cache rule.
    PullThroughCache,
    /// An image is pushed to a repository that does not exist.
    CreateOnPush,
}

addressed! {
    /// The signing configuration of the registry. Counterpart of the CloudFormation type
    /// `AWS::ECR::SigningConfiguration`.
    #[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Signing {
        /// The signing rules.
        #[schemars(extend("examples" = [
            [{ "signingProfileArn": "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/images" }]
        ]))]
        pub rules: Vec<SigningRule>,
    }
    examples: "legacy", "Legacy", { "properties": { "Rules": [] } }, { "lifecycle": { "ignore_changes": ["tags"] } }
}

/// A signing rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SigningRule {
    /// The ARN of the AWS Signer signing profile.
    #[schemars(extend("examples" = [
        "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/images"
    ]))]
    pub signing_profile_arn: String,
    /// Filters for the repositories whose images are signed. Default: all repositories.
    #[schemars(extend("examples" = [[{ "filter": "*", "filterType": "WILDCARD_MATCH" }]]))]
    pub repository_filters: Option<Vec<SigningFilter>>,
}

/// A wildcard filter for the repositories whose images are signed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SigningFilter {
    /// The wildcard pattern for the repository names.
    #[schemars(extend("examples" = ["prod*"]))]
    pub filter: String,
    /// The type of the filter.
    #[schemars(extend("examples" = ["WILDCARD_MATCH"]))]
    pub filter_type: SigningFilterType,
}

/// The type of a signing filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SigningFilterType {
    /// Match with wildcards: `*` stands for any characters.
    WildcardMatch,
}

addressed! {
    /// A pull time update exclusion: a principal whose pulls do not update the last pull time of
    /// images. Counterpart of the CloudFormation type `AWS::ECR::PullTimeUpdateExclusion`.
    #[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct PullTimeUpdateExclusion {
        /// The ARN of the principal.
        #[schemars(extend("examples" = ["arn:aws:iam::111122223333:role/scanner"]))]
        pub principal_arn: String,
    }
    examples: "legacy", "Legacy", { "properties": { "PrincipalArn": "arn:aws:iam::111122223333:role/scanner" } }, { "lifecycle": { "ignore_changes": ["tags"] } }
}

/// Account settings for ECR. Settings that are omitted remain unchanged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("minProperties" = 1))]
pub struct AccountSettings {
    /// The version of basic scanning.
    #[schemars(extend("examples" = ["AWS_NATIVE"]))]
    pub basic_scan_type_version: Option<BasicScanTypeVersion>,
    /// The scope of the registry permissions policy.
    #[schemars(extend("examples" = ["V2"]))]
    pub registry_policy_scope: Option<RegistryPolicyScope>,
    /// Whether repositories in the registry share image layers. A layer that exists in another
    /// repository is then mounted instead of pushed again.
    #[schemars(extend("examples" = ["ENABLED"]))]
    pub blob_mounting: Option<BlobMounting>,
    /// The names in the Terraform addresses of the settings. Default: `account_settings` and the
    /// name of the setting.
    #[schemars(extend("examples" = [{ "registryPolicyScope": "policy_scope" }]))]
    pub terraform_names: Option<AccountSettingsTerraformNames>,
}

impl AccountSettings {
    /// The pinned addresses.
    pub(crate) fn addresses(&self) -> Addresses {
        let mut addresses = Addresses::default();
        if let Some(names) = &self.terraform_names {
            let AccountSettingsTerraformNames {
                basic_scan_type_version,
                registry_policy_scope,
                blob_mounting,
            } = names;
            pin_parts(
                &mut addresses,
                [
                    ("BasicScanTypeVersion", basic_scan_type_version.as_ref()),
                    ("RegistryPolicyScope", registry_policy_scope.as_ref()),
                    ("BlobMounting", blob_mounting.as_ref()),
                ],
            );
        }
        addresses
    }
}

/// The names in the Terraform addresses of the account settings, each of which is an
/// `aws_ecr_account_setting`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AccountSettingsTerraformNames {
    /// The name of the version of basic scanning.
    #[schemars(extend("examples" = ["scan_type"]))]
    pub basic_scan_type_version: Option<String>,
    /// The name of the scope of the registry permissions policy.
    #[schemars(extend("examples" = ["policy_scope"]))]
    pub registry_policy_scope: Option<String>,
    /// The name of blob mounting.
    #[schemars(extend("examples" = ["blob_mounting"]))]
    pub blob_mounting: Option<String>,
}

/// The version of basic scanning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BasicScanTypeVersion {
    /// AWS native scanning.
    AwsNative,
    /// Clair, which AWS has retired.
    Clair,
}

/// The scope of the registry permissions policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum RegistryPolicyScope {
    /// Three actions: replicate images, import upstream images, and create repositories.
    V1,
    /// All ECR actions.
    V2,
}

/// Whether repositories in a registry share image layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BlobMounting {
    /// Repositories share image layers.
    Enabled,
    /// Each repository stores its own image layers.
    Disabled,
}
