//! Policy statements.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::PrincipalRef;

/// Conditions: values by operator and condition key.
pub type Conditions = IndexMap<String, IndexMap<String, serde_json::Value>>;

/// A policy statement.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Statement {
    /// The statement ID.
    #[schemars(extend("examples" = ["Everyone"]))]
    pub sid: Option<String>,
    /// Whether the statement allows or denies access. Default: `Allow`.
    #[schemars(extend("examples" = ["Allow"]))]
    pub effect: Option<Effect>,
    /// The principals to which the statement applies.
    #[serde(default)]
    #[schemars(extend("examples" = [[{ "any": true }]]))]
    pub principals: Vec<PrincipalRef>,
    /// The actions that the statement allows or denies. In a registry policy, actions of Amazon ECR;
    /// in a repository policy, those that are about a repository. `*` and `?` are wildcards.
    #[serde(default)]
    #[schemars(extend("examples" = [["ecr:GetDownloadUrlForLayer"]]))]
    pub actions: Vec<String>,
    /// The resources to which the statement applies: in a registry policy, `*` or the ARNs of
    /// repositories of the registry. Not allowed in a repository policy.
    #[serde(default)]
    #[schemars(extend("examples" = [["*"]]))]
    pub resources: Vec<String>,
    /// Conditions, as in an IAM policy: a value or a list of values by operator and condition key.
    #[schemars(extend("examples" = [
        { "StringEquals": { "aws:PrincipalOrgID": "o-abcde12345" } }
    ]))]
    pub conditions: Option<Conditions>,
}

/// The effect of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Effect {
    /// Allow access.
    Allow,
    /// Deny access. An explicit deny overrides any allow.
    Deny,
}
