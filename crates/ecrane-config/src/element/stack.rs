//! Stacks.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    Key, Output, Principal, PrincipalRef, PublicRepository, Registry, Repository, Shards, Targets,
    Terraform,
};

/// A stack: a set of resources deployed together to one account and region.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Stack {
    /// The name of the stack in AWS, unique in the account and region. Default: the construct ID.
    /// Stacks in different regions or accounts can have the same name; the output of all but the
    /// first is then named after their IDs.
    #[schemars(extend("examples" = ["acme-registry"]))]
    pub stack_name: Option<String>,
    /// A description of the stack.
    #[schemars(extend("examples" = ["Container images of the shop"]))]
    pub description: Option<String>,
    /// The AWS account and region of the stack. If omitted, the stack is environment-agnostic. Set
    /// `cli` to use the account or region of the credentials of the `cdk` CLI.
    #[schemars(extend("examples" = [{ "account": "111122223333", "region": "eu-west-1" }]))]
    pub env: Option<Env>,
    /// The accounts and regions to which to deploy the stack, each of them. CloudFormation: a stack
    /// set; Terraform: a root module for each account and region. Excludes `env`.
    #[schemars(extend("examples" = [{
        "accounts": ["111122223333", "444455556666"],
        "regions": ["eu-west-1", "us-east-1"]
    }]))]
    pub targets: Option<Targets>,
    /// Tags of the stack and of all its resources.
    #[serde(default)]
    #[schemars(extend("examples" = [{ "team": "platform" }]))]
    pub tags: IndexMap<String, String>,
    /// Whether termination protection is enabled for the stack. Default: `false`.
    #[schemars(extend("examples" = [true]))]
    pub termination_protection: Option<bool>,
    /// The number of stacks across which to distribute the repositories, from 1 to 1,000:
    /// `Registry1`, `Registry2` … for the stack `Registry`. The ID of a repository determines its
    /// stack. The second stack contains the KMS keys, and the first stack contains all other
    /// resources.
    #[schemars(extend("examples" = [4]))]
    pub shards: Option<Shards>,
    /// KMS keys, by construct ID.
    #[serde(default)]
    #[schemars(extend("examples" = [{ "ImagesKey": { "enableKeyRotation": true } }]))]
    pub keys: IndexMap<String, Key>,
    /// IAM roles, users and groups, by construct ID.
    #[serde(default)]
    #[schemars(extend("examples" = [{ "Dev": { "user": { "userName": "dev" } } }]))]
    pub principals: IndexMap<String, Principal>,
    /// ECR repositories, by construct ID.
    #[serde(default)]
    #[schemars(extend("examples" = [{ "App": { "repositoryName": "shop/app" } }]))]
    pub repositories: IndexMap<String, Repository>,
    /// Principals that can get an authorization token for ECR or for the ECR Public Gallery.
    #[schemars(extend("examples" = [{ "private": ["Dev"] }]))]
    pub authorization_tokens: Option<AuthorizationTokens>,
    /// Repositories in the ECR Public Gallery, by construct ID.
    #[serde(default)]
    #[schemars(extend("examples" = [{ "Tool": { "repositoryName": "acme/tool" } }]))]
    pub public_repositories: IndexMap<String, PublicRepository>,
    /// Settings of the private registry. An AWS account has one registry in each region.
    #[schemars(extend("examples" = [{ "scanning": { "scanType": "BASIC" } }]))]
    pub registry: Option<Registry>,
    /// Outputs of the stack, by construct ID.
    #[serde(default)]
    #[schemars(extend("examples" = [
        { "AppUri": { "repository": "App", "attribute": "repositoryUri" } }
    ]))]
    pub outputs: IndexMap<String, Output>,
    /// Terraform settings of the stack. They take precedence over the `terraform` key of the file.
    #[schemars(extend("examples" = [{ "awsProvider": "~> 6.27" }]))]
    pub terraform: Option<Terraform>,
}

impl Stack {
    /// The construct IDs of the deployed stacks for this stack ID: the ID itself, or the IDs of the
    /// shards.
    pub fn deployed_ids(&self, id: &str) -> Vec<String> {
        match self.shards {
            None => vec![id.to_owned()],
            Some(shards) => (1..=shards.count()).map(|number| Shards::name(id, number)).collect(),
        }
    }
}

/// The AWS account and region of a stack.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Env {
    /// The 12-digit AWS account ID, as a string; or `cli` for the environment variable
    /// `CDK_DEFAULT_ACCOUNT`.
    #[schemars(extend("examples" = ["111122223333", "cli"]))]
    pub account: Option<String>,
    /// The AWS region; or `cli` for the environment variable `CDK_DEFAULT_REGION`.
    #[schemars(extend("examples" = ["eu-west-1", "cli"]))]
    pub region: Option<String>,
}

/// Principals that can get authorization tokens.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AuthorizationTokens {
    /// Principals that can get an authorization token for ECR. Counterpart of the AWS CDK's
    /// `AuthorizationToken.grantRead`.
    #[serde(default)]
    #[schemars(extend("examples" = [["Dev"]]))]
    pub private: Vec<PrincipalRef>,
    /// Principals that can get an authorization token for the ECR Public Gallery. Counterpart of
    /// the AWS CDK's `PublicGalleryAuthorizationToken.grantRead`.
    #[serde(default)]
    #[schemars(extend("examples" = [["Dev"]]))]
    pub public_gallery: Vec<PrincipalRef>,
}
