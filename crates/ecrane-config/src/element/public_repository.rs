//! Repositories of the Amazon ECR Public Gallery.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Statement;
use super::addresses::addressed;

addressed! {
    /// A repository in the Amazon ECR Public Gallery. Counterpart of the CloudFormation type
    /// `AWS::ECR::PublicRepository`.
    #[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct PublicRepository {
        /// The physical name of the repository, 2 to 205 characters, unique in the account. Default:
        /// generated on deployment.
        #[schemars(extend("examples" = ["acme/tool"]))]
        pub repository_name: Option<String>,
        /// The catalog data that the gallery displays for the repository.
        #[schemars(extend("examples" = [{ "description": "A tool", "operatingSystems": ["Linux"] }]))]
        pub catalog_data: Option<CatalogData>,
        /// The statements of the repository policy.
        #[serde(default)]
        #[schemars(extend("examples" = [
            [{ "principals": [{ "account": "444455556666" }], "actions": ["ecr-public:PutImage"] }]
        ]))]
        pub resource_policy: Vec<Statement>,
        /// Tags of the repository.
        #[serde(default)]
        #[schemars(extend("examples" = [{ "team": "platform" }]))]
        pub tags: IndexMap<String, String>,
    }
    examples: "legacy_tool", "LegacyTool", { "properties": { "RepositoryName": "acme/tool" } }, { "force_destroy": true }
}

/// The catalog data that the gallery displays for a public repository.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CatalogData {
    /// A detailed description of the repository, in Markdown.
    #[schemars(extend("examples" = ["# Tool\nDoes one thing."]))]
    pub about_text: Option<String>,
    /// The architectures that the images support.
    #[schemars(extend("examples" = [["ARM 64"]]))]
    pub architectures: Option<Vec<String>>,
    /// A short description of the repository.
    #[schemars(extend("examples" = ["A tool"]))]
    pub description: Option<String>,
    /// The operating systems that the images support.
    #[schemars(extend("examples" = [["Linux"]]))]
    pub operating_systems: Option<Vec<String>>,
    /// Instructions for using the images, in Markdown.
    #[schemars(extend("examples" = ["`docker run acme/tool`"]))]
    pub usage_text: Option<String>,
}
