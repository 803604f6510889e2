//! Grants.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::PrincipalRef;
use super::exactly_one::exactly_one;

/// A grant of permissions on a repository.
#[derive(Debug, Clone, PartialEq)]
pub struct Grant {
    /// The principals that receive the permissions.
    pub to: Grantees,
    /// The permissions.
    pub permission: Permission,
}

/// The permissions of a grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Permission {
    /// A predefined set of actions (`allow`).
    Allow(Allow),
    /// A list of actions (`actions`).
    Actions(Vec<String>),
}

/// A predefined set of actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Allow {
    /// Describe images without pulling them. Counterpart of the AWS CDK's `grantRead`.
    Read,
    /// Pull images. Counterpart of the AWS CDK's `grantPull`.
    Pull,
    /// Push images. Counterpart of the AWS CDK's `grantPush`.
    Push,
    /// Pull and push images. Counterpart of the AWS CDK's `grantPullPush`.
    PullPush,
}

/// A grant of permissions on a repository: exactly one of `allow` and `actions`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(
    rename = "Grant",
    extend("oneOf" = [{ "required": ["allow"] }, { "required": ["actions"] }])
)]
struct Fields {
    /// The principal that receives the permissions, or a list of principals.
    #[schemars(extend("examples" = ["CiRole", ["Dev", { "account": "444455556666" }]]))]
    to: Grantees,
    /// The predefined set of actions to allow: `read`, `pull`, `push` or `pullPush`.
    #[schemars(extend("examples" = ["pullPush"]))]
    allow: Option<Allow>,
    /// The IAM actions to allow, which are about a repository. `*` and `?` are wildcards. Counterpart of
    /// the AWS CDK's `grant`.
    #[schemars(extend("examples" = [["ecr:BatchGetImage"]]))]
    actions: Option<Vec<String>>,
}

impl<'de> Deserialize<'de> for Grant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Fields { to, allow, actions } = Fields::deserialize(deserializer)?;
        let permission = exactly_one([
            ("allow", allow.map(Permission::Allow)),
            ("actions", actions.map(Permission::Actions)),
        ])?;
        Ok(Self { to, permission })
    }
}

impl JsonSchema for Grant {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Fields::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Fields::json_schema(generator)
    }
}

/// The principals of a grant.
#[derive(Debug, Clone, PartialEq)]
pub enum Grantees {
    /// A single principal.
    One(PrincipalRef),
    /// A list of principals.
    List(Vec<PrincipalRef>),
}

impl<'de> Deserialize<'de> for Grantees {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(GranteesVisitor)
    }
}

struct GranteesVisitor;

impl<'de> Visitor<'de> for GranteesVisitor {
    type Value = Grantees;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a string (the id of a principal), a map (one kind of principal) or a list of them",
        )
    }

    fn visit_str<E: Error>(self, id: &str) -> Result<Self::Value, E> {
        Ok(Grantees::One(PrincipalRef::Id(id.to_owned())))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        PrincipalRef::deserialize(MapAccessDeserializer::new(map)).map(Grantees::One)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(list)).map(Grantees::List)
    }
}

impl JsonSchema for Grantees {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Grantees".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "anyOf": [
                generator.subschema_for::<PrincipalRef>(),
                generator.subschema_for::<Vec<PrincipalRef>>()
            ]
        })
    }
}
