//! Outputs of a stack.

use schemars::JsonSchema;
use serde::Deserialize;

/// An output of a stack. Counterpart of the AWS CDK's `CfnOutput`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Output {
    /// The ID of the repository in this stack.
    #[schemars(extend("examples" = ["App"]))]
    pub repository: String,
    /// The attribute of the repository to output.
    #[schemars(extend("examples" = ["repositoryUri"]))]
    pub attribute: OutputAttribute,
    /// The image tag to append to the URI. Only with `repositoryUri`; excludes `digest`.
    #[schemars(extend("examples" = ["v1"]))]
    pub tag: Option<String>,
    /// The image digest to append to the URI. Only with `repositoryUri`; excludes `tag`.
    #[schemars(extend("examples" = [
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    ]))]
    pub digest: Option<String>,
    /// A description of the output.
    #[schemars(extend("examples" = ["Where the app's images are"]))]
    pub description: Option<String>,
    /// The export name, under which other stacks in the same account and region import the value:
    /// up to 255 letters, digits, `:` and `-`.
    #[schemars(extend("examples" = ["app-uri"]))]
    pub export_name: Option<String>,
    /// The name of the output in Terraform. It can be the name of a resource. Default: derived from
    /// the construct ID.
    #[schemars(extend("examples" = ["app_uri"]))]
    pub terraform_name: Option<String>,
    /// The CloudFormation logical ID of the output. It can be the logical ID of a resource. Default:
    /// derived from the construct ID, as in the AWS CDK.
    #[schemars(extend("examples" = ["AppRepository"]))]
    pub logical_id: Option<String>,
}

/// An attribute of a repository.
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
}
