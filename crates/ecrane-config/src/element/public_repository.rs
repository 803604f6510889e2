//! Repositories of the Amazon ECR Public Gallery.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Statement;
use super::addresses::addressed;

addressed! {
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
    }
    examples: "legacy_tool", "LegacyTool", { "properties": { "RepositoryName": "acme/tool" } }, { "force_destroy": true }
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
