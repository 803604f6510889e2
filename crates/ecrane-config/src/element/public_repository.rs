//! Repositories of the Amazon ECR Public Gallery.

use ecrane_core::Addresses;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Policy;
use super::addresses::{addressed, pin_parts};

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
        /// The repository policy: a list of statements, or a document with `version` and
        /// `statements`.
        #[serde(default)]
        #[schemars(extend("examples" = [
            [{ "principals": [{ "account": "444455556666" }], "actions": ["ecr-public:PutImage"] }]
        ]))]
        pub resource_policy: Policy,
        /// Tags of the repository.
        #[serde(default)]
        #[schemars(extend("examples" = [{ "team": "platform" }]))]
        pub tags: IndexMap<String, String>,
        /// The name in the Terraform address of the policy, which is a resource of its own in
        /// Terraform. Default: `terraformName`, or derived from the construct ID.
        #[schemars(extend("examples" = [{ "repositoryPolicy": "tool_push" }]))]
        pub terraform_names: Option<PublicRepositoryTerraformNames>,
    }
    examples: "legacy_tool", "LegacyTool", { "properties": { "RepositoryName": "acme/tool" } }, { "force_destroy": true }
}

impl PublicRepository {
    /// The pinned addresses and overrides, by backend.
    pub(crate) fn addresses(&self) -> Addresses {
        let mut addresses = self.address_keys().addresses();
        if let Some(PublicRepositoryTerraformNames { repository_policy }) = &self.terraform_names {
            pin_parts(&mut addresses, [("RepositoryPolicy", repository_policy.as_ref())]);
        }
        addresses
    }
}

/// The name in the Terraform address of a public repository's policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PublicRepositoryTerraformNames {
    /// The name of the `aws_ecrpublic_repository_policy`.
    #[schemars(extend("examples" = ["tool_push"]))]
    pub repository_policy: Option<String>,
}

/// The catalog data that the gallery displays for a public repository. CloudFormation has no
/// property for the logo; in Terraform, set `catalog_data: { logo_image_blob: … }` with `terraform`.
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
