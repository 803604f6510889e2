//! What deploys an app.

use schemars::JsonSchema;
use serde::Deserialize;

/// What deploys an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Backend {
    /// AWS CloudFormation, from templates.
    Cloudformation,
    /// Terraform or OpenTofu, from Terraform JSON.
    Terraform,
}
