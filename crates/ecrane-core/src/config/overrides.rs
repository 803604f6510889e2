//! What is laid over a construct as it is rendered.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// What is laid over a construct's main resource in a template.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CloudformationOverrides {
    /// Properties, by CloudFormation's names: objects merge key by key, what else stands there is
    /// replaced. Nothing in them is checked.
    #[schemars(extend("examples" = [{ "RepositoryName": "shop/app" }]))]
    pub properties: IndexMap<String, serde_json::Value>,
}

/// Arguments that are laid over a construct's main resource in a module, by Terraform's names.
pub type TerraformOverrides = IndexMap<String, serde_json::Value>;
