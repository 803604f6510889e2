//! Grants.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::PrincipalRef;
use super::exactly_one::exactly_one;

/// Who may do what with a repository.
#[derive(Debug, Clone, PartialEq)]
pub struct Grant {
    /// Who.
    pub to: Grantees,
    /// What.
    pub permission: Permission,
}

/// What a grant lets do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Permission {
    /// What usually goes together (`allow`).
    Allow(Allow),
    /// Single actions (`actions`).
    Actions(Vec<String>),
}

/// Actions that usually go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Allow {
    /// Look at the images, without pulling them.
    Read,
    /// Pull images.
    Pull,
    /// Push images.
    Push,
    /// Pull and push images.
    PullPush,
}

/// Who may do what with a repository: `allow` or `actions`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(
    rename = "Grant",
    extend("oneOf" = [{ "required": ["allow"] }, { "required": ["actions"] }])
)]
struct Fields {
    /// Who: one principal, or a list of them.
    #[schemars(extend("examples" = ["CiRole", ["Dev", { "account": "444455556666" }]]))]
    to: Grantees,
    /// Actions that usually go together.
    #[schemars(extend("examples" = ["pullPush"]))]
    allow: Option<Allow>,
    /// Single actions.
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

/// Whom a grant is for.
#[derive(Debug, Clone, PartialEq)]
pub enum Grantees {
    /// The principal that stands at `to` itself.
    One(PrincipalRef),
    /// The principals of the list that stands at `to`.
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
            "a text (the id of a principal), a map (one kind of principal) or a list of them",
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
