//! The whole file.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::backend::Backend;
use super::compatibility::Compatibility;
use super::repository::Repository;
use super::stack::Stack;
use super::terraform::Terraform;

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
