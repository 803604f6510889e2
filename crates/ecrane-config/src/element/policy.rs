//! Policies: a list of statements, or a document that contains them.

use std::fmt;
use std::marker::PhantomData;

use ecrane_core::Place;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::Statement;
use super::addresses::addressed;

/// The policy of a repository or key.
pub type Policy = StatementsOr<PolicyDocument>;

/// The registry permissions policy.
pub type RegistryPolicy = StatementsOr<RegistryPolicyDocument>;

/// A policy: the list of its statements, or a document.
#[derive(Debug, Clone, PartialEq)]
pub enum StatementsOr<D> {
    /// The statements.
    Statements(Vec<Statement>),
    /// The document.
    Document(Box<D>),
}

/// A policy document.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PolicyDocument {
    /// The version of the policy language. Default: `2012-10-17`. With `2008-10-17`, IAM does not
    /// evaluate policy variables such as `${aws:username}`.
    #[schemars(extend("examples" = ["2008-10-17"]))]
    pub version: Option<PolicyVersion>,
    /// The statements of the policy.
    #[serde(default)]
    #[schemars(extend("examples" = [
        [{ "principals": [{ "account": "444455556666" }], "actions": ["ecr:BatchGetImage"] }]
    ]))]
    pub statements: Vec<Statement>,
}

addressed! {
    /// The registry permissions policy. Counterpart of the CloudFormation type
    /// `AWS::ECR::RegistryPolicy`.
    #[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct RegistryPolicyDocument {
        /// The version of the policy language. Default: `2012-10-17`. With `2008-10-17`, IAM does
        /// not evaluate policy variables such as `${aws:username}`.
        #[schemars(extend("examples" = ["2008-10-17"]))]
        pub version: Option<PolicyVersion>,
        /// The statements of the policy.
        #[schemars(extend("examples" = [[{
            "principals": [{ "account": "444455556666" }],
            "actions": ["ecr:ReplicateImage"],
            "resources": ["*"]
        }]]))]
        pub statements: Vec<Statement>,
    }
    examples: "legacy", "Legacy", { "properties": { "PolicyText": { "Version": "2008-10-17" } } }, { "lifecycle": { "ignore_changes": ["policy"] } }
}

/// A version of the policy language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum PolicyVersion {
    /// The earlier version, which the ECR console writes.
    #[serde(rename = "2008-10-17")]
    V2008,
    /// The current version.
    #[serde(rename = "2012-10-17")]
    V2012,
}

/// A policy document of the config.
pub(crate) trait Document {
    fn version(&self) -> Option<PolicyVersion>;

    fn statements(&self) -> &[Statement];
}

impl Document for PolicyDocument {
    fn version(&self) -> Option<PolicyVersion> {
        self.version
    }

    fn statements(&self) -> &[Statement] {
        &self.statements
    }
}

impl Document for RegistryPolicyDocument {
    fn version(&self) -> Option<PolicyVersion> {
        self.version
    }

    fn statements(&self) -> &[Statement] {
        &self.statements
    }
}

#[expect(private_bounds, reason = "the two documents are all there are")]
impl<D: Document> StatementsOr<D> {
    /// The version of the policy language, if specified.
    pub fn version(&self) -> Option<PolicyVersion> {
        match self {
            Self::Statements(_) => None,
            Self::Document(document) => document.version(),
        }
    }

    /// The statements.
    pub fn statements(&self) -> &[Statement] {
        match self {
            Self::Statements(statements) => statements,
            Self::Document(document) => document.statements(),
        }
    }

    /// The place of the statements of the policy at a place.
    pub fn place_of_statements(&self, place: &Place) -> Place {
        match self {
            Self::Statements(_) => place.clone(),
            Self::Document(_) => place.key("statements"),
        }
    }
}

impl<D> Default for StatementsOr<D> {
    fn default() -> Self {
        Self::Statements(Vec::new())
    }
}

impl<'de, D: Deserialize<'de>> Deserialize<'de> for StatementsOr<D> {
    fn deserialize<T: Deserializer<'de>>(deserializer: T) -> Result<Self, T::Error> {
        deserializer.deserialize_any(PolicyVisitor(PhantomData))
    }
}

struct PolicyVisitor<D>(PhantomData<D>);

impl<'de, D: Deserialize<'de>> Visitor<'de> for PolicyVisitor<D> {
    type Value = StatementsOr<D>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list (the statements) or a map (a document with `statements`)")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(list)).map(StatementsOr::Statements)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let document = D::deserialize(MapAccessDeserializer::new(map))?;
        Ok(StatementsOr::Document(Box::new(document)))
    }
}

impl<D: JsonSchema> JsonSchema for StatementsOr<D> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        let document = D::schema_name();
        document.strip_suffix("Document").unwrap_or(&document).to_owned().into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "anyOf": [
                generator.subschema_for::<Vec<Statement>>(),
                generator.subschema_for::<D>()
            ]
        })
    }
}
