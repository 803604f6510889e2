//! How the Terraform JSON of a stack is set up.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// How the Terraform JSON of a stack is set up.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Terraform {
    /// The versions of the AWS provider that may be used.
    #[schemars(extend("examples" = ["~> 6.27"]))]
    pub aws_provider: Option<String>,
    /// The versions of Terraform that may be used.
    #[schemars(extend("examples" = [">= 1.11"]))]
    pub required_version: Option<String>,
    /// Where the state is kept: the kind of backend and its settings, as Terraform takes them.
    #[schemars(extend("examples" = [{ "s3": { "bucket": "acme-state", "key": "registry" } }]))]
    pub backend: Option<IndexMap<String, serde_json::Value>>,
    /// Settings of the AWS provider, as Terraform takes them.
    #[schemars(extend("examples" = [{ "profile": "registry" }]))]
    pub provider: Option<IndexMap<String, serde_json::Value>>,
}
