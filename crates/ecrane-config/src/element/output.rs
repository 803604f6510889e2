//! Outputs of a stack.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer};

use super::exactly_one::exactly_one;

/// An output of a stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The construct.
    pub of: OutputOf,
    /// The attribute of the construct.
    pub attribute: OutputAttribute,
    /// The image tag to append to the URI.
    pub tag: Option<String>,
    /// The image digest to append to the URI.
    pub digest: Option<String>,
    /// A description of the output.
    pub description: Option<String>,
    /// The export name.
    pub export_name: Option<String>,
    /// The name of the output in Terraform.
    pub terraform_name: Option<String>,
    /// The CloudFormation logical ID of the output.
    pub logical_id: Option<String>,
}

/// The construct of this stack, by its ID, whose attribute is the output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutputOf {
    /// A repository.
    Repository(String),
    /// A role, user or group.
    Principal(String),
    /// A KMS key.
    Key(String),
}

/// An output of a stack: an attribute of a repository, principal or key. Counterpart of the AWS
/// CDK's `CfnOutput`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(
    rename = "Output",
    extend("oneOf" = [
        { "required": ["repository"] },
        { "required": ["principal"] },
        { "required": ["key"] }
    ])
)]
struct Fields {
    /// The ID of a repository in this stack.
    #[schemars(extend("examples" = ["App"]))]
    repository: Option<String>,
    /// The ID of a role, user or group in this stack.
    #[schemars(extend("examples" = ["CiRole"]))]
    principal: Option<String>,
    /// The ID of a KMS key in this stack.
    #[schemars(extend("examples" = ["ImagesKey"]))]
    key: Option<String>,
    /// The attribute to output: one that starts with `repository` or `registry` for a repository,
    /// with `role`, `user` or `group` for a principal, and with `key` for a key.
    #[schemars(extend("examples" = ["repositoryUri", "roleArn"]))]
    attribute: OutputAttribute,
    /// The image tag to append to the URI. Only with `repositoryUri`; excludes `digest`.
    #[schemars(extend("examples" = ["v1"]))]
    tag: Option<String>,
    /// The image digest to append to the URI. Only with `repositoryUri`; excludes `tag`.
    #[schemars(extend("examples" = [
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    ]))]
    digest: Option<String>,
    /// A description of the output.
    #[schemars(extend("examples" = ["Where the app's images are"]))]
    description: Option<String>,
    /// The export name, under which other stacks in the same account and region import the value:
    /// up to 255 letters, digits, `:` and `-`.
    #[schemars(extend("examples" = ["app-uri"]))]
    export_name: Option<String>,
    /// The name of the output in Terraform. It can be the name of a resource. Default: derived from
    /// the construct ID.
    #[schemars(extend("examples" = ["app_uri"]))]
    terraform_name: Option<String>,
    /// The CloudFormation logical ID of the output. It can be the logical ID of a resource. Default:
    /// derived from the construct ID, as in the AWS CDK.
    #[schemars(extend("examples" = ["AppRepository"]))]
    logical_id: Option<String>,
}

impl<'de> Deserialize<'de> for Output {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Fields::deserialize(deserializer)?;
        Ok(Self {
            of: exactly_one([
                ("repository", fields.repository.map(OutputOf::Repository)),
                ("principal", fields.principal.map(OutputOf::Principal)),
                ("key", fields.key.map(OutputOf::Key)),
            ])?,
            attribute: fields.attribute,
            tag: fields.tag,
            digest: fields.digest,
            description: fields.description,
            export_name: fields.export_name,
            terraform_name: fields.terraform_name,
            logical_id: fields.logical_id,
        })
    }
}

impl JsonSchema for Output {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Fields::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Fields::json_schema(generator)
    }
}

/// An attribute of a construct.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum OutputAttribute {
    /// The ARN of the repository.
    RepositoryArn,
    /// The name of the repository.
    RepositoryName,
    /// The URI of the repository, with the tag or digest if one is set.
    RepositoryUri,
    /// The URI of the registry that contains the repository.
    RegistryUri,
    /// The ARN of the role.
    RoleArn,
    /// The name of the role.
    RoleName,
    /// The ARN of the user.
    UserArn,
    /// The name of the user.
    UserName,
    /// The ARN of the group.
    GroupArn,
    /// The name of the group.
    GroupName,
    /// The ARN of the key.
    KeyArn,
    /// The ID of the key.
    KeyId,
}

impl OutputAttribute {
    /// The value in a config.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RepositoryArn => "repositoryArn",
            Self::RepositoryName => "repositoryName",
            Self::RepositoryUri => "repositoryUri",
            Self::RegistryUri => "registryUri",
            Self::RoleArn => "roleArn",
            Self::RoleName => "roleName",
            Self::UserArn => "userArn",
            Self::UserName => "userName",
            Self::GroupArn => "groupArn",
            Self::GroupName => "groupName",
            Self::KeyArn => "keyArn",
            Self::KeyId => "keyId",
        }
    }
}
