//! ECR repositories.

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer};

use super::addresses::addressed;
use super::exactly_one::none_of;
use super::{EventRule, Grant, KeyRef, LifecycleRule, Statement};

addressed! {
    /// An ECR repository: a new one, or with `import` one that exists.
    #[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Repository {
        /// Which repository it is, when it exists; only grants and events are said of it then.
        #[schemars(extend("examples" = [{ "repositoryName": "base/alpine" }]))]
        pub import: Option<ImportedRepository>,
        /// The preset that is merged under what stands here; in a preset, under that.
        #[schemars(extend("examples" = ["service"]))]
        pub preset: Option<String>,
        /// Its physical name; made on deployment when nothing is said.
        #[schemars(extend("examples" = ["shop/app"]))]
        pub repository_name: Option<String>,
        /// Whether images are scanned when they are pushed.
        #[schemars(extend("examples" = [true]))]
        pub image_scan_on_push: Option<bool>,
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
        /// What becomes of it when it leaves the stack; it is retained when nothing is said.
        #[schemars(extend("examples" = ["destroy"]))]
        pub removal_policy: Option<RemovalPolicy>,
        /// Whether deleting the repository deletes the images in it.
        #[schemars(extend("examples" = [true]))]
        pub empty_on_delete: Option<bool>,
        /// The account whose registry the lifecycle policy is for.
        #[schemars(extend("examples" = ["111122223333"]))]
        pub lifecycle_registry_id: Option<String>,
        /// Its tags.
        #[serde(default)]
        #[schemars(extend("examples" = [{ "service": "app" }]))]
        pub tags: IndexMap<String, String>,
        /// Which images go, and when.
        #[serde(default)]
        #[schemars(extend("examples" = [[{ "maxImageAge": "30d" }]]))]
        pub lifecycle_rules: Vec<LifecycleRule>,
        /// Statements of its repository policy.
        #[serde(default)]
        #[schemars(extend("examples" = [
            [{ "principals": [{ "any": true }], "actions": ["ecr:BatchGetImage"] }]
        ]))]
        pub resource_policy: Vec<Statement>,
        /// Who may do what with it.
        #[serde(default)]
        #[schemars(extend("examples" = [[{ "to": "CiRole", "allow": "pullPush" }]]))]
        pub grants: Vec<Grant>,
        /// EventBridge rules on what happens to it, by their construct ids.
        #[serde(default)]
        #[schemars(extend("examples" = [{ "Scanned": { "on": "imageScanCompleted" } }]))]
        pub events: IndexMap<String, EventRule>,
    }
    examples: "legacy_app", "LegacyApp", { "properties": { "RepositoryName": "shop/app" } }, { "timeouts": { "delete": "5m" } }
}

/// A repository that exists: by its name, its ARN or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportedRepository {
    /// By its name.
    Name(String),
    /// By its ARN.
    Arn(String),
    /// By both.
    Both {
        /// Its name.
        name: String,
        /// Its ARN.
        arn: String,
    },
}

/// A repository that exists: by its name, its ARN or both.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(rename = "ImportedRepository", extend("minProperties" = 1))]
struct ImportFields {
    /// Its name.
    #[schemars(extend("examples" = ["base/alpine"]))]
    repository_name: Option<String>,
    /// Its ARN.
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

/// Whether a tag can be moved to another image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ImageTagMutability {
    /// A tag can be moved.
    Mutable,
    /// A tag stays with its image.
    Immutable,
    /// A tag can be moved, except those that a filter matches.
    MutableWithExclusion,
    /// A tag stays with its image, except those that a filter matches.
    ImmutableWithExclusion,
}

/// How images are encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Encryption {
    /// With a key of Amazon S3.
    Aes256,
    /// With a KMS key.
    Kms,
    /// Twice, with a KMS key.
    KmsDsse,
}

/// What becomes of a resource when it leaves the stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum RemovalPolicy {
    /// It stays.
    Retain,
    /// It is deleted.
    Destroy,
}
