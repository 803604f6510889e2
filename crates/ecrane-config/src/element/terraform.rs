//! Terraform settings.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// Terraform settings of a stack.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Terraform {
    /// The version constraint for the AWS provider.
    #[schemars(extend("examples" = ["~> 6.27"]))]
    pub aws_provider: Option<String>,
    /// The version constraint for Terraform (`required_version`).
    #[schemars(extend("examples" = [">= 1.11"]))]
    pub required_version: Option<String>,
    /// The Terraform backend that stores the state: its type and its settings.
    #[schemars(extend("examples" = [{ "s3": { "bucket": "acme-state", "key": "registry" } }]))]
    pub backend: Option<IndexMap<String, serde_json::Value>>,
    /// The configuration of the AWS provider.
    #[schemars(extend("examples" = [{ "profile": "registry" }]))]
    pub provider: Option<IndexMap<String, serde_json::Value>>,
}
