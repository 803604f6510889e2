//! Whom a grant, a statement or a role's trust is for.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use super::Conditions;
use super::exactly_one::exactly_one;

/// Whom a grant, a statement or a role's trust is for.
#[derive(Debug, Clone, PartialEq)]
pub enum PrincipalRef {
    /// The id of a role, user or group of this stack, or `Stack/Id` of another.
    Id(String),
    /// A principal that needs no construct.
    Inline(Box<InlinePrincipal>),
}

/// A principal that needs no construct.
#[derive(Debug, Clone, PartialEq)]
pub struct InlinePrincipal {
    /// What it is.
    pub kind: PrincipalKind,
    /// What has to be true besides.
    pub conditions: Option<Conditions>,
}

/// What a principal is.
#[derive(Debug, Clone, PartialEq)]
pub enum PrincipalKind {
    /// An account, 12 digits.
    Account(String),
    /// An AWS service.
    Service(String),
    /// A principal by its ARN.
    Arn(String),
    /// An organization by its id.
    Organization(String),
    /// An organizational unit by its path.
    OrganizationalUnit(String),
    /// The Lambda functions of an account.
    Lambda(LambdaFunctions),
    /// Everyone: `AWS: "*"`.
    Any,
    /// Everyone: `"*"`.
    Star,
    /// A federated identity provider.
    Federated {
        /// The provider.
        provider: String,
        /// The action that assumes a role; `sts:AssumeRole` when nothing is said.
        assume_role_action: Option<String>,
    },
    /// An OpenID Connect provider by its ARN.
    WebIdentity(String),
    /// A canonical user by its id.
    CanonicalUser(String),
    /// Each of several principals.
    Composite(Vec<PrincipalRef>),
}

/// The Lambda functions of an account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LambdaFunctions {
    /// The account, 12 digits as a text.
    #[schemars(extend("examples" = ["444455556666"]))]
    pub account: String,
}

/// A principal that needs no construct: exactly one kind, and conditions.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(
    rename = "InlinePrincipal",
    extend("oneOf" = [
        { "required": ["account"] },
        { "required": ["service"] },
        { "required": ["arn"] },
        { "required": ["organization"] },
        { "required": ["organizationalUnit"] },
        { "required": ["lambda"] },
        { "required": ["any"] },
        { "required": ["star"] },
        { "required": ["federated"] },
        { "required": ["webIdentity"] },
        { "required": ["canonicalUser"] },
        { "required": ["composite"] }
    ]),
    extend("dependentRequired" = { "assumeRoleAction": ["federated"] })
)]
struct Fields {
    /// An account, 12 digits as a text.
    #[schemars(extend("examples" = ["444455556666"]))]
    account: Option<String>,
    /// An AWS service.
    #[schemars(extend("examples" = ["codebuild.amazonaws.com"]))]
    service: Option<String>,
    /// A principal by its ARN.
    #[schemars(extend("examples" = ["arn:aws:iam::444455556666:role/ci"]))]
    arn: Option<String>,
    /// An organization by its id.
    #[schemars(extend("examples" = ["o-abcde12345"]))]
    organization: Option<String>,
    /// The accounts of an organizational unit by its path: `/*` at the end for those of units below
    /// it too, `/` for those right in it.
    #[schemars(extend("examples" = ["o-abcde12345/r-ab12/ou-ab12-11111111/*"]))]
    organizational_unit: Option<String>,
    /// The Lambda functions of an account, which may be granted to pull.
    #[schemars(extend("examples" = [{ "account": "444455556666" }]))]
    lambda: Option<LambdaFunctions>,
    /// Everyone, as `AWS: "*"`.
    #[schemars(extend("examples" = [true]))]
    any: Option<Yes>,
    /// Everyone, as `"*"`.
    #[schemars(extend("examples" = [true]))]
    star: Option<Yes>,
    /// A federated identity provider.
    #[schemars(extend("examples" = ["cognito-identity.amazonaws.com"]))]
    federated: Option<String>,
    /// The action by which a federated identity assumes a role; `sts:AssumeRole` when nothing is
    /// said.
    #[schemars(extend("examples" = ["sts:AssumeRoleWithWebIdentity"]))]
    assume_role_action: Option<String>,
    /// An OpenID Connect provider by its ARN.
    #[schemars(extend("examples" = ["arn:aws:iam::111122223333:oidc-provider/example.com"]))]
    web_identity: Option<String>,
    /// A canonical user by its id.
    #[schemars(extend("examples" = ["79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7c"]))]
    canonical_user: Option<String>,
    /// Each of several principals.
    #[schemars(extend("examples" = [
        [{ "account": "444455556666" }, { "service": "ecs-tasks.amazonaws.com" }]
    ]))]
    composite: Option<Vec<PrincipalRef>>,
    /// What has to be true besides: operators, their keys and values.
    #[schemars(extend("examples" = [{ "StringEquals": { "aws:SourceAccount": "444455556666" } }]))]
    conditions: Option<Conditions>,
}

impl Fields {
    fn principal<E: Error>(self) -> Result<InlinePrincipal, E> {
        let assume_role_action = self.assume_role_action;
        if assume_role_action.is_some() && self.federated.is_none() {
            return Err(E::missing_field("federated"));
        }
        let federated = |provider| PrincipalKind::Federated { provider, assume_role_action };
        let kind = exactly_one([
            ("account", self.account.map(PrincipalKind::Account)),
            ("service", self.service.map(PrincipalKind::Service)),
            ("arn", self.arn.map(PrincipalKind::Arn)),
            ("organization", self.organization.map(PrincipalKind::Organization)),
            ("organizationalUnit", self.organizational_unit.map(PrincipalKind::OrganizationalUnit)),
            ("lambda", self.lambda.map(PrincipalKind::Lambda)),
            ("any", self.any.map(|Yes| PrincipalKind::Any)),
            ("star", self.star.map(|Yes| PrincipalKind::Star)),
            ("federated", self.federated.map(federated)),
            ("webIdentity", self.web_identity.map(PrincipalKind::WebIdentity)),
            ("canonicalUser", self.canonical_user.map(PrincipalKind::CanonicalUser)),
            ("composite", self.composite.map(PrincipalKind::Composite)),
        ])?;
        Ok(InlinePrincipal { kind, conditions: self.conditions })
    }
}

/// `true`, where `false` would mean nothing.
struct Yes;

impl<'de> Deserialize<'de> for Yes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if bool::deserialize(deserializer)? {
            Ok(Self)
        } else {
            Err(D::Error::invalid_value(Unexpected::Bool(false), &"true"))
        }
    }
}

impl JsonSchema for Yes {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Yes".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "boolean", "enum": [true] })
    }
}

impl<'de> Deserialize<'de> for PrincipalRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PrincipalRefVisitor)
    }
}

struct PrincipalRefVisitor;

impl<'de> Visitor<'de> for PrincipalRefVisitor {
    type Value = PrincipalRef;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text (the id of a principal) or a map (one kind of principal)")
    }

    fn visit_str<E: Error>(self, id: &str) -> Result<Self::Value, E> {
        Ok(PrincipalRef::Id(id.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let principal = Fields::deserialize(MapAccessDeserializer::new(map))?.principal()?;
        Ok(PrincipalRef::Inline(Box::new(principal)))
    }
}

impl JsonSchema for PrincipalRef {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PrincipalRef".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "anyOf": [
                {
                    "type": "string",
                    "description":
                        "The id of a role, user or group of this stack, or `Stack/Id` of another."
                },
                generator.subschema_for::<Fields>()
            ]
        })
    }
}
