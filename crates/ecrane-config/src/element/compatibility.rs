//! AWS CDK compatibility settings.

use std::fmt;

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// The AWS CDK version and feature flags whose templates ecrane reproduces.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Compatibility {
    /// The major version of the AWS CDK. Default: `2`. If set, the config stands for an AWS CDK
    /// program: what AWS refuses and this version of the AWS CDK writes is a warning instead of an
    /// error.
    #[schemars(extend("examples" = ["2"]))]
    pub aws_cdk: Option<AwsCdk>,
    /// The AWS CDK feature flags to enable: `recommended`, or a map of flags as in the `context` of
    /// a `cdk.json`. Default: none.
    #[schemars(extend("examples" = ["recommended", { "@aws-cdk/aws-iam:minimizePolicies": true }]))]
    pub feature_flags: Option<FeatureFlags>,
    /// Whether templates contain the `BootstrapVersion` parameter and the `CheckBootstrapVersion`
    /// rule, which require a bootstrapped environment. Counterpart of the
    /// `generateBootstrapVersionRule` property of the AWS CDK's `DefaultStackSynthesizer`. Default:
    /// `false`.
    #[schemars(extend("examples" = [true]))]
    pub generate_bootstrap_version_rule: Option<bool>,
}

/// The major version of the AWS CDK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum AwsCdk {
    /// AWS CDK 1.130.0.
    #[serde(rename = "1")]
    V1,
    /// AWS CDK 2.
    #[serde(rename = "2")]
    V2,
}

/// The feature flags to enable.
#[derive(Debug, Clone, PartialEq)]
pub enum FeatureFlags {
    /// The flags that `cdk init` writes.
    Recommended,
    /// A map of flags, as in the `context` of a `cdk.json`.
    Map(IndexMap<String, serde_json::Value>),
}

impl<'de> Deserialize<'de> for FeatureFlags {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FeatureFlagsVisitor)
    }
}

struct FeatureFlagsVisitor;

impl<'de> Visitor<'de> for FeatureFlagsVisitor {
    type Value = FeatureFlags;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string (`recommended`) or a map (of feature flags)")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Self::Value, E> {
        match word {
            "recommended" => Ok(FeatureFlags::Recommended),
            _ => Err(E::unknown_variant(word, &["recommended"])),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        IndexMap::deserialize(MapAccessDeserializer::new(map)).map(FeatureFlags::Map)
    }
}

impl JsonSchema for FeatureFlags {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FeatureFlags".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "anyOf": [
                {
                    "type": "string",
                    "enum": ["recommended"],
                    "description": "The flags that `cdk init` writes."
                },
                {
                    "type": "object",
                    "additionalProperties": true,
                    "description": "A map of flags, as in the `context` of a `cdk.json`."
                }
            ]
        })
    }
}
