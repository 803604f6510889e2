//! Repositories of the Amazon ECR Public Gallery.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{CloudformationOverrides, Statement, TerraformOverrides};

/// A repository of the ECR Public Gallery.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PublicRepository {
    /// Its physical name; made on deployment when nothing is said.
    #[schemars(extend("examples" = ["acme/tool"]))]
    pub repository_name: Option<String>,
    /// What the gallery shows of it.
    #[schemars(extend("examples" = [{ "description": "A tool", "operatingSystems": ["Linux"] }]))]
    pub catalog_data: Option<CatalogData>,
    /// Statements of its repository policy.
    #[serde(default)]
    #[schemars(extend("examples" = [
        [{ "principals": [{ "account": "444455556666" }], "actions": ["ecr-public:PutImage"] }]
    ]))]
    pub resource_policy: Vec<Statement>,
    /// Its tags.
    #[serde(default)]
    #[schemars(extend("examples" = [{ "team": "platform" }]))]
    pub tags: IndexMap<String, String>,
    /// The name in its Terraform address, instead of the one that follows from its id.
    #[schemars(extend("examples" = ["legacy_tool"]))]
    pub terraform_name: Option<String>,
    /// Its CloudFormation logical id, instead of the one that follows from its id.
    #[schemars(extend("examples" = ["LegacyTool"]))]
    pub logical_id: Option<String>,
    /// Properties that are laid over it in a template, for what has no key here.
    #[schemars(extend("examples" = [{ "properties": { "RepositoryName": "acme/tool" } }]))]
    pub cloudformation: Option<CloudformationOverrides>,
    /// Arguments that are laid over it in a Terraform module, for what has no key here: objects
    /// merge key by key, what else stands there is replaced, texts are literal.
    #[serde(default)]
    #[schemars(extend("examples" = [{ "force_destroy": true }]))]
    pub terraform: TerraformOverrides,
}

/// What the gallery shows of a public repository.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CatalogData {
    /// A long text, Markdown.
    #[schemars(extend("examples" = ["# Tool\nDoes one thing."]))]
    pub about_text: Option<String>,
    /// The architectures its images run on.
    #[schemars(extend("examples" = [["ARM 64"]]))]
    pub architectures: Option<Vec<String>>,
    /// A short text.
    #[schemars(extend("examples" = ["A tool"]))]
    pub description: Option<String>,
    /// The operating systems its images run on.
    #[schemars(extend("examples" = [["Linux"]]))]
    pub operating_systems: Option<Vec<String>>,
    /// How to use it, Markdown.
    #[schemars(extend("examples" = ["`docker run acme/tool`"]))]
    pub usage_text: Option<String>,
}
