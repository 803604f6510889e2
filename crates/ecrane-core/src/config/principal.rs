//! IAM roles, users and groups.

use schemars::JsonSchema;
use serde::Deserialize;

use super::PrincipalRef;

/// A role, user or group: a new one, or by its ARN one that exists.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Principal {
    /// A new role.
    #[schemars(extend("examples" = [{ "assumedBy": { "service": "codebuild.amazonaws.com" } }]))]
    Role(Box<Role>),
    /// A new user.
    #[schemars(extend("examples" = [{ "userName": "dev" }]))]
    User(User),
    /// A new group.
    #[schemars(extend("examples" = [{ "groupName": "readers" }]))]
    Group(Group),
    /// The ARN of a role that exists.
    #[schemars(extend("examples" = ["arn:aws:iam::111122223333:role/deployer"]))]
    RoleArn(String),
    /// The ARN of a user that exists.
    #[schemars(extend("examples" = ["arn:aws:iam::111122223333:user/alice"]))]
    UserArn(String),
    /// The ARN of a group that exists.
    #[schemars(extend("examples" = ["arn:aws:iam::111122223333:group/ops"]))]
    GroupArn(String),
}

/// A new role.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Role {
    /// Who may assume it.
    #[schemars(extend("examples" = [{ "service": "codebuild.amazonaws.com" }]))]
    pub assumed_by: PrincipalRef,
    /// Its physical name; made on deployment when nothing is said.
    #[schemars(extend("examples" = ["ci"]))]
    pub role_name: Option<String>,
    /// What it is for.
    #[schemars(extend("examples" = ["Builds images"]))]
    pub description: Option<String>,
    /// The longest session, in seconds.
    #[schemars(extend("examples" = [3600]))]
    pub max_session_duration: Option<u32>,
    /// Its path.
    #[schemars(extend("examples" = ["/ci/"]))]
    pub path: Option<String>,
    /// Managed policies attached to it: names of AWS's own, or ARNs.
    #[serde(default)]
    #[schemars(extend("examples" = [["ReadOnlyAccess"]]))]
    pub managed_policies: Vec<String>,
    /// The ARN of the policy that bounds its permissions.
    #[schemars(extend("examples" = ["arn:aws:iam::111122223333:policy/boundary"]))]
    pub permissions_boundary: Option<String>,
}

/// A new user.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct User {
    /// Its physical name; made on deployment when nothing is said.
    #[schemars(extend("examples" = ["dev"]))]
    pub user_name: Option<String>,
    /// Its path.
    #[schemars(extend("examples" = ["/people/"]))]
    pub path: Option<String>,
}

/// A new group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Group {
    /// Its physical name; made on deployment when nothing is said.
    #[schemars(extend("examples" = ["readers"]))]
    pub group_name: Option<String>,
}
