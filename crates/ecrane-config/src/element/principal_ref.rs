//! References to principals in grants, policy statements and trust policies.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use super::Conditions;
use super::exactly_one::exactly_one;

/// A principal of a grant, a policy statement or a trust policy.
#[derive(Debug, Clone, PartialEq)]
pub enum PrincipalRef {
    /// The ID of a role, user or group in this stack, or `Stack/Id` for one in another stack.
    Id(String),
    /// An inline principal.
    Inline(Box<InlinePrincipal>),
}

/// A principal that is not a construct.
#[derive(Debug, Clone, PartialEq)]
pub struct InlinePrincipal {
    /// The kind of principal.
    pub kind: PrincipalKind,
    /// Conditions under which the principal is granted access.
    pub conditions: Option<Conditions>,
}

/// The kind of an inline principal.
#[derive(Debug, Clone, PartialEq)]
pub enum PrincipalKind {
    /// An AWS account: its 12-digit ID.
    Account(String),
    /// An AWS service, such as `ecs-tasks.amazonaws.com`.
    Service(String),
    /// An IAM principal: its ARN.
    Arn(String),
    /// An AWS organization: its ID.
    Organization(String),
    /// An organizational unit: its path.
    OrganizationalUnit(String),
    /// The Lambda functions of an AWS account.
    Lambda(LambdaFunctions),
    /// Everyone, rendered as `AWS: "*"`.
    Any,
    /// Everyone, rendered as `"*"`.
    Star,
    /// A federated identity provider.
    Federated {
        /// The identity provider.
        provider: String,
        /// The action that assumes the role. Default: `sts:AssumeRole`.
        assume_role_action: Option<String>,
    },
    /// An OpenID Connect provider: its ARN.
    WebIdentity(String),
    /// A canonical user: its ID.
    CanonicalUser(String),
    /// Several principals.
    Composite(Vec<PrincipalRef>),
}

/// The Lambda functions of an AWS account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LambdaFunctions {
    /// The 12-digit AWS account ID, as a string.
    #[schemars(extend("examples" = ["444455556666"]))]
    pub account: String,
}

/// An inline principal: exactly one kind of principal, and optional conditions.
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
    /// A 12-digit AWS account ID, as a string. Counterpart of the AWS CDK's `AccountPrincipal`.
    #[schemars(extend("examples" = ["444455556666"]))]
    account: Option<String>,
    /// The full name of an AWS service, with its domain. Counterpart of the AWS CDK's `ServicePrincipal`.
    #[schemars(extend("examples" = ["codebuild.amazonaws.com"]))]
    service: Option<String>,
    /// The ARN of an account, role, user or session, without wildcards, or the unique ID of a role or
    /// user (`AROA…`, `AIDA…`). Counterpart of the AWS CDK's `ArnPrincipal`.
    #[schemars(extend("examples" = ["arn:aws:iam::444455556666:role/ci"]))]
    arn: Option<String>,
    /// The ID of an AWS organization. Counterpart of the AWS CDK's `OrganizationPrincipal`.
    #[schemars(extend("examples" = ["o-abcde12345"]))]
    organization: Option<String>,
    /// The path of an organizational unit, which grants access to its accounts. A path that ends in
    /// `/*` includes the accounts of all units below it; a path that ends in `/` does not. Renders
    /// as a condition on `aws:PrincipalOrgPaths`; not available in the AWS CDK.
    #[schemars(extend("examples" = ["o-abcde12345/r-ab12/ou-ab12-11111111/*"]))]
    organizational_unit: Option<String>,
    /// The Lambda functions of an AWS account. Can be granted `pull`. Not available in the AWS CDK.
    #[schemars(extend("examples" = [{ "account": "444455556666" }]))]
    lambda: Option<LambdaFunctions>,
    /// Everyone, rendered as `AWS: "*"`. Counterpart of the AWS CDK's `AnyPrincipal`.
    #[schemars(extend("examples" = [true]))]
    any: Option<Yes>,
    /// Everyone, rendered as `"*"`. Counterpart of the AWS CDK's `StarPrincipal`.
    #[schemars(extend("examples" = [true]))]
    star: Option<Yes>,
    /// A federated identity provider. Counterpart of the AWS CDK's `FederatedPrincipal`.
    #[schemars(extend("examples" = ["cognito-identity.amazonaws.com"]))]
    federated: Option<String>,
    /// The action with which a federated identity assumes the role. Only with `federated`. Default:
    /// `sts:AssumeRole`.
    #[schemars(extend("examples" = ["sts:AssumeRoleWithWebIdentity"]))]
    assume_role_action: Option<String>,
    /// The ARN of an OpenID Connect provider. Counterpart of the AWS CDK's `WebIdentityPrincipal`.
    #[schemars(extend("examples" = ["arn:aws:iam::111122223333:oidc-provider/example.com"]))]
    web_identity: Option<String>,
    /// The ID of a canonical user. Counterpart of the AWS CDK's `CanonicalUserPrincipal`.
    #[schemars(extend("examples" = ["79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7c"]))]
    canonical_user: Option<String>,
    /// A list of principals. Counterpart of the AWS CDK's `CompositePrincipal`.
    #[schemars(extend("examples" = [
        [{ "account": "444455556666" }, { "service": "ecs-tasks.amazonaws.com" }]
    ]))]
    composite: Option<Vec<PrincipalRef>>,
    /// Conditions, as in an IAM policy: values by operator and condition key.
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

/// `true`. `false` is invalid.
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
        f.write_str("a string (the id of a principal) or a map (one kind of principal)")
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
                        "The ID of a role, user or group in this stack, or `Stack/Id` for one in another stack."
                },
                generator.subschema_for::<Fields>()
            ]
        })
    }
}
