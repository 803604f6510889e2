//! The backend that deploys an app.

use schemars::{JsonSchema, Schema};
use serde::Deserialize;
use serde_json::{Value, json};

/// The backend that deploys an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(transform = add_short_forms)]
pub enum Backend {
    /// AWS CloudFormation: templates.
    #[serde(alias = "cfn")]
    Cloudformation,
    /// Terraform or OpenTofu: Terraform JSON.
    #[serde(alias = "tf")]
    Terraform,
}

/// Adds the aliases, which schemars does not read.
fn add_short_forms(schema: &mut Schema) {
    if let Some(Value::Array(words)) = schema.get_mut("oneOf") {
        for (short, long) in [("cfn", "cloudformation"), ("tf", "terraform")] {
            words.push(json!({ "const": short, "description": format!("Short for `{long}`.") }));
        }
    }
}
