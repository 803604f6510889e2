//! The config file.

use ecrane_core::ReferenceWarning;
use ecrane_document::Place;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::backend::Backend;
use super::compatibility::Compatibility;
use super::repository::Repository;
use super::stack::Stack;
use super::terraform::Terraform;

/// An ecrane config: one app and its stacks of Amazon ECR resources.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Config {
    /// The JSON Schema that editors validate this file with. ecrane ignores it.
    #[serde(rename = "$schema")]
    #[schemars(extend("examples" = ["./schemas/ecrane.schema.json"]))]
    pub schema: Option<String>,
    /// Files to include, as glob patterns relative to this file's directory. An included file may
    /// contain `presets` and `stacks`.
    #[serde(default)]
    #[schemars(extend("examples" = [["teams/*.yaml"]]))]
    pub include: Vec<String>,
    /// Presets by name: partial repositories that a repository inherits through its `preset` key,
    /// or that all repositories inherit through `defaults`.
    #[serde(default)]
    #[schemars(extend("examples" = [{ "service": { "imageScanOnPush": true } }]))]
    pub presets: IndexMap<String, Repository>,
    /// The preset that every repository inherits, except imported ones. A repository's `preset` and
    /// its own properties take precedence.
    #[schemars(extend("examples" = ["service"]))]
    pub defaults: Option<String>,
    /// The backend that deploys the app. The command line option takes precedence.
    #[schemars(extend("examples" = ["cloudformation"]))]
    pub backend: Option<Backend>,
    /// AWS CDK compatibility settings: the version and the feature flags whose templates ecrane
    /// reproduces.
    #[schemars(extend("examples" = [{ "awsCdk": "2", "featureFlags": "recommended" }]))]
    pub compatibility: Option<Compatibility>,
    /// Terraform settings of all stacks. The `terraform` key of a stack takes precedence.
    #[schemars(extend("examples" = [{ "requiredVersion": ">= 1.11" }]))]
    pub terraform: Option<Terraform>,
    /// Stacks, by construct ID. May be omitted if included files define them.
    #[schemars(default, extend("examples" = [{ "Registry": { "repositories": { "App": {} } } }]))]
    pub stacks: IndexMap<String, Stack>,
    /// Strings with references of CloudFormation or Terraform, of which [`Config::build`] warns.
    #[serde(skip)]
    pub(crate) references: Vec<(Place, ReferenceWarning)>,
}
