//! The backend that deploys an app.

use schemars::JsonSchema;
use serde::Deserialize;

/// The backend that deploys an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Backend {
    /// AWS CloudFormation: templates.
    Cloudformation,
    /// Terraform or OpenTofu: Terraform JSON.
    Terraform,
}
