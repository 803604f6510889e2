//! IAM roles, users and groups.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer};

use super::PrincipalRef;
use super::addresses::addressed;
use super::exactly_one::exactly_one;

/// A role, user or group: a new one, or by its ARN one that exists.
#[derive(Debug, Clone, PartialEq)]
pub enum Principal {
    /// A new role.
    Role(Box<Role>),
    /// A new user.
    User(User),
    /// A new group.
    Group(Group),
    /// The ARN of a role that exists.
    RoleArn(String),
    /// The ARN of a user that exists.
    UserArn(String),
    /// The ARN of a group that exists.
    GroupArn(String),
}

/// A role, user or group: a new one, or by its ARN one that exists.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(
    rename = "Principal",
    extend("oneOf" = [
        { "required": ["role"] },
        { "required": ["user"] },
        { "required": ["group"] },
        { "required": ["roleArn"] },
        { "required": ["userArn"] },
        { "required": ["groupArn"] }
    ])
)]
struct Fields {
    /// A new role.
    #[schemars(extend("examples" = [{ "assumedBy": { "service": "codebuild.amazonaws.com" } }]))]
    role: Option<Box<Role>>,
    /// A new user.
    #[schemars(extend("examples" = [{ "userName": "dev" }]))]
    user: Option<User>,
    /// A new group.
    #[schemars(extend("examples" = [{ "groupName": "readers" }]))]
    group: Option<Group>,
    /// The ARN of a role that exists.
    #[schemars(extend("examples" = ["arn:aws:iam::111122223333:role/deployer"]))]
    role_arn: Option<String>,
    /// The ARN of a user that exists.
    #[schemars(extend("examples" = ["arn:aws:iam::111122223333:user/alice"]))]
    user_arn: Option<String>,
    /// The ARN of a group that exists.
    #[schemars(extend("examples" = ["arn:aws:iam::111122223333:group/ops"]))]
    group_arn: Option<String>,
}

impl<'de> Deserialize<'de> for Principal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Fields::deserialize(deserializer)?;
        exactly_one([
            ("role", fields.role.map(Self::Role)),
            ("user", fields.user.map(Self::User)),
            ("group", fields.group.map(Self::Group)),
            ("roleArn", fields.role_arn.map(Self::RoleArn)),
            ("userArn", fields.user_arn.map(Self::UserArn)),
            ("groupArn", fields.group_arn.map(Self::GroupArn)),
        ])
    }
}

impl JsonSchema for Principal {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Fields::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Fields::json_schema(generator)
    }
}

addressed! {
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
    examples: "legacy_ci", "LegacyCi", { "properties": { "Tags": [{ "Key": "team", "Value": "core" }] } }, { "force_detach_policies": true }
}

addressed! {
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
    examples: "legacy_dev", "LegacyDev", { "properties": { "Groups": ["readers"] } }, { "force_destroy": true }
}

addressed! {
    /// A new group.
    #[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Group {
        /// Its physical name; made on deployment when nothing is said.
        #[schemars(extend("examples" = ["readers"]))]
        pub group_name: Option<String>,
    }
    examples: "legacy_readers", "LegacyReaders", { "properties": { "ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"] } }, { "path": "/people/" }
}
