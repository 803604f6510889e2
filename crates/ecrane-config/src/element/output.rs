//! Outputs of a stack.

use schemars::JsonSchema;
use serde::Deserialize;

/// An output of a stack.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Output {
    /// The id of the repository that it is about.
    #[schemars(extend("examples" = ["App"]))]
    pub repository: String,
    /// What it says of the repository.
    #[schemars(extend("examples" = ["repositoryUri"]))]
    pub attribute: OutputAttribute,
    /// The tag of an image, with `repositoryUri`.
    #[schemars(extend("examples" = ["v1"]))]
    pub tag: Option<String>,
    /// The digest of an image, with `repositoryUri`.
    #[schemars(extend("examples" = [
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    ]))]
    pub digest: Option<String>,
    /// What it is for.
    #[schemars(extend("examples" = ["Where the app's images are"]))]
    pub description: Option<String>,
    /// The name it is exported under, for other stacks of the account and region.
    #[schemars(extend("examples" = ["app-uri"]))]
    pub export_name: Option<String>,
}

/// What an output says of a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum OutputAttribute {
    /// Its ARN.
    RepositoryArn,
    /// Its name.
    RepositoryName,
    /// Where images are pulled from, with a tag or digest if there is one.
    RepositoryUri,
    /// Where its registry is.
    RegistryUri,
}
