//! IAM roles, users and groups.

use ecrane_core::Addresses;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer};

use super::PrincipalRef;
use super::addresses::addressed;
use super::exactly_one::exactly_one;

/// An IAM role, user or group, with its inline policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Principal {
    /// The role, user or group.
    pub identity: Identity,
    /// The inline policy with the grants.
    pub inline_policy: Option<InlinePolicy>,
}

/// An IAM role, user or group: a new one, or an existing one by its ARN.
#[derive(Debug, Clone, PartialEq)]
pub enum Identity {
    /// A new role.
    Role(Box<Role>),
    /// A new user.
    User(User),
    /// A new group.
    Group(Group),
    /// The ARN of an existing role.
    RoleArn(String),
    /// The ARN of an existing user.
    UserArn(String),
    /// The ARN of an existing group.
    GroupArn(String),
}

/// An IAM role, user or group: a new one, or an existing one by its ARN. Set exactly one key.
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
    /// Create an IAM role.
    #[schemars(extend("examples" = [{ "assumedBy": { "service": "codebuild.amazonaws.com" } }]))]
    role: Option<Box<Role>>,
    /// Create an IAM user.
    #[schemars(extend("examples" = [{ "userName": "dev" }]))]
    user: Option<User>,
    /// Create an IAM group.
    #[schemars(extend("examples" = [{ "groupName": "readers" }]))]
    group: Option<Group>,
    /// Import the existing IAM role with this ARN.
    #[schemars(extend("examples" = ["arn:aws:iam::111122223333:role/deployer"]))]
    role_arn: Option<String>,
    /// Import the existing IAM user with this ARN.
    #[schemars(extend("examples" = ["arn:aws:iam::111122223333:user/alice"]))]
    user_arn: Option<String>,
    /// Import the existing IAM group with this ARN.
    #[schemars(extend("examples" = ["arn:aws:iam::111122223333:group/ops"]))]
    group_arn: Option<String>,
    /// The inline policy with the grants of the principal: its name and its addresses, if they are
    /// not those that the AWS CDK derives.
    #[schemars(extend("examples" = [{ "policyName": "push-images" }]))]
    inline_policy: Option<InlinePolicy>,
}

impl<'de> Deserialize<'de> for Principal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Fields::deserialize(deserializer)?;
        let identity = exactly_one([
            ("role", fields.role.map(Identity::Role)),
            ("user", fields.user.map(Identity::User)),
            ("group", fields.group.map(Identity::Group)),
            ("roleArn", fields.role_arn.map(Identity::RoleArn)),
            ("userArn", fields.user_arn.map(Identity::UserArn)),
            ("groupArn", fields.group_arn.map(Identity::GroupArn)),
        ])?;
        Ok(Self { identity, inline_policy: fields.inline_policy })
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
    /// An IAM role.
    #[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Role {
        /// The principal that can assume the role.
        #[schemars(extend("examples" = [{ "service": "codebuild.amazonaws.com" }]))]
        pub assumed_by: PrincipalRef,
        /// The physical name of the role. Default: generated on deployment.
        #[schemars(extend("examples" = ["ci"]))]
        pub role_name: Option<String>,
        /// A description of the role.
        #[schemars(extend("examples" = ["Builds images"]))]
        pub description: Option<String>,
        /// The maximum session duration, in seconds, from 3,600 to 43,200. Default: 3,600, set by
        /// IAM.
        #[schemars(extend("examples" = [3600]))]
        pub max_session_duration: Option<u32>,
        /// The path of the role. Default: `/`.
        #[schemars(extend("examples" = ["/ci/"]))]
        pub path: Option<String>,
        /// The managed policies to attach to the role: names of AWS managed policies, or ARNs.
        #[serde(default)]
        #[schemars(extend("examples" = [["ReadOnlyAccess"]]))]
        pub managed_policies: Vec<String>,
        /// The ARN of the managed policy that is the role's permissions boundary.
        #[schemars(extend("examples" = ["arn:aws:iam::111122223333:policy/boundary"]))]
        pub permissions_boundary: Option<String>,
    }
    examples: "legacy_ci", "LegacyCi", { "properties": { "Tags": [{ "Key": "team", "Value": "core" }] } }, { "force_detach_policies": true }
}

addressed! {
    /// An IAM user.
    #[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct User {
        /// The physical name of the user. Default: generated on deployment.
        #[schemars(extend("examples" = ["dev"]))]
        pub user_name: Option<String>,
        /// The path of the user. Default: `/`.
        #[schemars(extend("examples" = ["/people/"]))]
        pub path: Option<String>,
    }
    examples: "legacy_dev", "LegacyDev", { "properties": { "Groups": ["readers"] } }, { "force_destroy": true }
}

addressed! {
    /// An IAM group.
    #[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Group {
        /// The physical name of the group. Default: generated on deployment.
        #[schemars(extend("examples" = ["readers"]))]
        pub group_name: Option<String>,
    }
    examples: "legacy_readers", "LegacyReaders", { "properties": { "ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"] } }, { "path": "/people/" }
}

addressed! {
    /// The inline policy of a principal, which contains the statements of its grants.
    #[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct InlinePolicy {
        /// The name of the policy. Default: derived from the construct ID, as in the AWS CDK.
        #[schemars(extend("examples" = ["push-images"]))]
        pub policy_name: Option<String>,
    }
    examples: "ci_push", "CiPolicy", { "properties": { "PolicyName": "push" } }, { "name": "push" }
}

impl InlinePolicy {
    /// The pinned addresses and overrides, by backend.
    pub(crate) fn addresses(&self) -> Addresses {
        let mut addresses = Addresses::default();
        if let Some(name) = &self.policy_name {
            for (target, property) in [("cloudformation", "PolicyName"), ("terraform", "name")] {
                addresses.lay_over(target, [(property.to_owned(), name.as_str().into())]);
            }
        }
        addresses.extend(self.address_keys().addresses());
        addresses
    }
}
