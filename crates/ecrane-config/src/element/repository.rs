//! ECR repositories.

use ecrane_core::Addresses;
use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer};

use super::addresses::{addressed, pin_parts};
use super::exactly_one::none_of;
use super::{EventRule, Grant, KeyRef, LifecycleRule, Policy};

addressed! {
    /// An ECR repository. Set `import` to refer to an existing repository. Counterpart of the AWS
    /// CDK's `Repository`.
    #[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Repository {
        /// The existing repository to import. Excludes all other keys except `grants` and `events`.
        #[schemars(extend("examples" = [{ "repositoryName": "base/alpine" }]))]
        pub import: Option<ImportedRepository>,
        /// The preset to inherit from. The properties set here take precedence. A preset may itself
        /// inherit from another preset.
        #[schemars(extend("examples" = ["service"]))]
        pub preset: Option<String>,
        /// The physical name of the repository, unique in the account and region. Default: generated
        /// on deployment. CloudFormation: single `.`, `_`, `-` and `/` only, as in the AWS CDK.
        #[schemars(extend("examples" = ["shop/app"]))]
        pub repository_name: Option<String>,
        /// Whether images are scanned when they are pushed. Default: `false`.
        #[schemars(extend("examples" = [true]))]
        pub image_scan_on_push: Option<bool>,
        /// The tag mutability setting. Default: `MUTABLE`.
        #[schemars(extend("examples" = ["IMMUTABLE"]))]
        pub image_tag_mutability: Option<ImageTagMutability>,
        /// Wildcard filters for the tags that are exempt from the tag mutability setting. Requires
        /// one of the `_WITH_EXCLUSION` settings. At most 5.
        #[schemars(extend("examples" = [["dev-*"]]))]
        pub image_tag_mutability_exclusion_filters: Option<Vec<String>>,
        /// The encryption type. Default: `KMS` if `encryptionKey` is set, otherwise `AES256`, which is
        /// not written, as in the AWS CDK. ECR cannot change the encryption of a repository: if a
        /// deployed template has `AES256`, keep it with `cloudformation`.
        #[schemars(extend("examples" = ["KMS"]))]
        pub encryption: Option<Encryption>,
        /// The KMS key that encrypts images: the ID of a key in `keys`, `Stack/Id` for one of another
        /// stack, or its `keyArn`.
        #[schemars(extend("examples" = ["ImagesKey"]))]
        pub encryption_key: Option<KeyRef>,
        /// What happens to the repository when it is removed from the stack. Default: `retain`.
        #[schemars(extend("examples" = ["destroy"]))]
        pub removal_policy: Option<RemovalPolicy>,
        /// Whether deleting the repository also deletes its images. Default: `false`.
        #[schemars(extend("examples" = [true]))]
        pub empty_on_delete: Option<bool>,
        /// The account ID of the registry to which the lifecycle policy applies. Default: the
        /// registry of the stack's account.
        #[schemars(extend("examples" = ["111122223333"]))]
        pub lifecycle_registry_id: Option<String>,
        /// Tags of the repository.
        #[serde(default)]
        #[schemars(extend("examples" = [{ "service": "app" }]))]
        pub tags: IndexMap<String, String>,
        /// Lifecycle rules, which expire or archive images.
        #[serde(default)]
        #[schemars(extend("examples" = [[{ "maxImageAge": "30d" }]]))]
        pub lifecycle_rules: Vec<LifecycleRule>,
        /// The repository policy: a list of statements, or a document with `version` and
        /// `statements`.
        #[serde(default)]
        #[schemars(extend("examples" = [
            [{ "principals": [{ "any": true }], "actions": ["ecr:BatchGetImage"] }]
        ]))]
        pub resource_policy: Policy,
        /// Permissions on the repository, granted to principals.
        #[serde(default)]
        #[schemars(extend("examples" = [[{ "to": "CiRole", "allow": "pullPush" }]]))]
        pub grants: Vec<Grant>,
        /// EventBridge rules for events of the repository, by construct ID.
        #[serde(default)]
        #[schemars(extend("examples" = [{ "Scanned": { "on": "imageScanCompleted" } }]))]
        pub events: IndexMap<String, EventRule>,
        /// The names in the Terraform addresses of the policies, which are resources of their own in
        /// Terraform. Default: `terraformName`, or derived from the construct ID.
        #[schemars(extend("examples" = [{ "lifecyclePolicy": "app_cleanup" }]))]
        pub terraform_names: Option<RepositoryTerraformNames>,
    }
    examples: "legacy_app", "LegacyApp", { "properties": { "RepositoryName": "shop/app" } }, { "timeouts": { "delete": "5m" } }
}

impl Repository {
    /// The pinned addresses and overrides, by backend.
    pub(crate) fn addresses(&self) -> Addresses {
        let mut addresses = self.address_keys().addresses();
        if let Some(names) = &self.terraform_names {
            let RepositoryTerraformNames { lifecycle_policy, repository_policy } = names;
            pin_parts(
                &mut addresses,
                [
                    ("LifecyclePolicy", lifecycle_policy.as_ref()),
                    ("RepositoryPolicy", repository_policy.as_ref()),
                ],
            );
        }
        addresses
    }
}

/// The names in the Terraform addresses of a repository's policies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RepositoryTerraformNames {
    /// The name of the `aws_ecr_lifecycle_policy`.
    #[schemars(extend("examples" = ["app_cleanup"]))]
    pub lifecycle_policy: Option<String>,
    /// The name of the `aws_ecr_repository_policy`.
    #[schemars(extend("examples" = ["app_pull"]))]
    pub repository_policy: Option<String>,
}

/// An existing repository: its name, its ARN, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportedRepository {
    /// The name.
    Name(String),
    /// The ARN.
    Arn(String),
    /// The name and the ARN.
    Both {
        /// The name of the repository.
        name: String,
        /// The ARN of the repository.
        arn: String,
    },
}

/// An existing repository: its name, its ARN, or both.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(rename = "ImportedRepository", extend("minProperties" = 1))]
struct ImportFields {
    /// The name of the repository.
    #[schemars(extend("examples" = ["base/alpine"]))]
    repository_name: Option<String>,
    /// The ARN of the repository. An ARN with `*`, such as
    /// `arn:aws:ecr:eu-west-1:111122223333:repository/team/*`, stands for all repositories that it
    /// matches: one grant on it replaces a grant on each of them, where their statements would exceed
    /// the size of an inline policy.
    #[schemars(extend("examples" = ["arn:aws:ecr:eu-west-1:111122223333:repository/base/alpine"]))]
    repository_arn: Option<String>,
}

impl<'de> Deserialize<'de> for ImportedRepository {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let ImportFields { repository_name, repository_arn } =
            ImportFields::deserialize(deserializer)?;
        match (repository_name, repository_arn) {
            (Some(name), Some(arn)) => Ok(Self::Both { name, arn }),
            (Some(name), None) => Ok(Self::Name(name)),
            (None, Some(arn)) => Ok(Self::Arn(arn)),
            (None, None) => Err(none_of(&["repositoryName", "repositoryArn"])),
        }
    }
}

impl JsonSchema for ImportedRepository {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        ImportFields::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        ImportFields::json_schema(generator)
    }
}

/// The tag mutability setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ImageTagMutability {
    /// Image tags can be overwritten.
    Mutable,
    /// Image tags cannot be overwritten.
    Immutable,
    /// Image tags can be overwritten, except tags that match an exclusion filter.
    MutableWithExclusion,
    /// Image tags cannot be overwritten, except tags that match an exclusion filter.
    ImmutableWithExclusion,
}

/// The encryption type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Encryption {
    /// Server-side encryption with keys that Amazon S3 manages.
    Aes256,
    /// Server-side encryption with a KMS key.
    Kms,
    /// Dual-layer server-side encryption with a KMS key.
    KmsDsse,
}

/// What happens to a resource when it is removed from the stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum RemovalPolicy {
    /// Keep the resource in the account.
    Retain,
    /// Delete the resource.
    Destroy,
}
