//! Statements of policies.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::PrincipalRef;

/// What has to be true: values by operator and key.
pub type Conditions = IndexMap<String, IndexMap<String, serde_json::Value>>;

/// A statement of a policy.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Statement {
    /// Its id within the policy.
    #[schemars(extend("examples" = ["Everyone"]))]
    pub sid: Option<String>,
    /// Whether it allows or denies; it allows when nothing is said.
    #[schemars(extend("examples" = ["Allow"]))]
    pub effect: Option<Effect>,
    /// Whom it is for.
    #[serde(default)]
    #[schemars(extend("examples" = [[{ "any": true }]]))]
    pub principals: Vec<PrincipalRef>,
    /// What may or may not be done.
    #[serde(default)]
    #[schemars(extend("examples" = [["ecr:GetDownloadUrlForLayer"]]))]
    pub actions: Vec<String>,
    /// On what; a repository's own policy takes none.
    #[serde(default)]
    #[schemars(extend("examples" = [["*"]]))]
    pub resources: Vec<String>,
    /// What has to be true besides: operators, their keys and values.
    #[schemars(extend("examples" = [
        { "StringEquals": { "aws:PrincipalOrgID": "o-abcde12345" } }
    ]))]
    pub conditions: Option<Conditions>,
}

/// Whether a statement allows or denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies, whatever else allows.
    Deny,
}
