//! Stacks.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    Key, Output, Principal, PrincipalRef, PublicRepository, Registry, Repository, Shards, Terraform,
};

/// A stack: what is deployed together, to one account and region.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Stack {
    /// Its name in AWS; its construct id when nothing is said.
    #[schemars(extend("examples" = ["acme-registry"]))]
    pub stack_name: Option<String>,
    /// What it is for.
    #[schemars(extend("examples" = ["Container images of the shop"]))]
    pub description: Option<String>,
    /// The account and region it is deployed to; what is left out is known only on deployment. `cli`
    /// stands for those of the credentials that the `cdk` CLI deploys with.
    #[schemars(extend("examples" = [{ "account": "111122223333", "region": "eu-west-1" }]))]
    pub env: Option<Env>,
    /// Tags of the stack and of all its resources.
    #[serde(default)]
    #[schemars(extend("examples" = [{ "team": "platform" }]))]
    pub tags: IndexMap<String, String>,
    /// Whether the stack is kept from being deleted.
    #[schemars(extend("examples" = [true]))]
    pub termination_protection: Option<bool>,
    /// Over how many stacks its repositories are spread: `Registry1`, `Registry2` … for `Registry`.
    /// Which of them a repository stands in follows from its id alone. Keys stand in the second,
    /// and everything else in the first.
    #[schemars(extend("examples" = [4]))]
    pub shards: Option<Shards>,
    /// KMS keys by their construct ids.
    #[serde(default)]
    #[schemars(extend("examples" = [{ "ImagesKey": { "enableKeyRotation": true } }]))]
    pub keys: IndexMap<String, Key>,
    /// IAM roles, users and groups by their construct ids.
    #[serde(default)]
    #[schemars(extend("examples" = [{ "Dev": { "user": { "userName": "dev" } } }]))]
    pub principals: IndexMap<String, Principal>,
    /// ECR repositories by their construct ids.
    #[serde(default)]
    #[schemars(extend("examples" = [{ "App": { "repositoryName": "shop/app" } }]))]
    pub repositories: IndexMap<String, Repository>,
    /// Who may log in to ECR and to the Public Gallery.
    #[schemars(extend("examples" = [{ "private": ["Dev"] }]))]
    pub authorization_tokens: Option<AuthorizationTokens>,
    /// Repositories of the ECR Public Gallery by their construct ids.
    #[serde(default)]
    #[schemars(extend("examples" = [{ "Tool": { "repositoryName": "acme/tool" } }]))]
    pub public_repositories: IndexMap<String, PublicRepository>,
    /// Settings of the registry: one for each account and region.
    #[schemars(extend("examples" = [{ "scanning": { "scanType": "BASIC" } }]))]
    pub registry: Option<Registry>,
    /// Outputs of the stack by their construct ids.
    #[serde(default)]
    #[schemars(extend("examples" = [
        { "AppUri": { "repository": "App", "attribute": "repositoryUri" } }
    ]))]
    pub outputs: IndexMap<String, Output>,
    /// How the Terraform JSON of this stack is set up.
    #[schemars(extend("examples" = [{ "awsProvider": "~> 6.27" }]))]
    pub terraform: Option<Terraform>,
}

impl Stack {
    /// The construct ids of what is deployed for a stack of this id: its own, or those of its shards.
    pub fn deployed_ids(&self, id: &str) -> Vec<String> {
        match self.shards {
            None => vec![id.to_owned()],
            Some(shards) => (1..=shards.count()).map(|number| Shards::name(id, number)).collect(),
        }
    }
}

/// The account and region that a stack is deployed to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Env {
    /// The account, 12 digits as a text; or `cli`, for `CDK_DEFAULT_ACCOUNT` of the environment.
    #[schemars(extend("examples" = ["111122223333", "cli"]))]
    pub account: Option<String>,
    /// The region; or `cli`, for `CDK_DEFAULT_REGION` of the environment.
    #[schemars(extend("examples" = ["eu-west-1", "cli"]))]
    pub region: Option<String>,
}

/// Who may log in to ECR and to the Public Gallery.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AuthorizationTokens {
    /// Those who get a token for ECR.
    #[serde(default)]
    #[schemars(extend("examples" = [["Dev"]]))]
    pub private: Vec<PrincipalRef>,
    /// Those who get a token for the Public Gallery.
    #[serde(default)]
    #[schemars(extend("examples" = [["Dev"]]))]
    pub public_gallery: Vec<PrincipalRef>,
}
