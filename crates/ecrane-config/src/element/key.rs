//! KMS keys.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::RemovalPolicy;
use super::addresses::addressed;

addressed! {
    /// A KMS key: a new one, or with `keyArn` alone one that exists.
    #[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Key {
        /// The ARN of a key that exists; nothing else is said of it then.
        #[schemars(extend("examples" = ["arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d"]))]
        pub key_arn: Option<String>,
        /// What the key is for.
        #[schemars(extend("examples" = ["Images at rest"]))]
        pub description: Option<String>,
        /// Whether its material is replaced every year.
        #[schemars(extend("examples" = [true]))]
        pub enable_key_rotation: Option<bool>,
        /// Its alias, with or without `alias/` before it.
        #[schemars(extend("examples" = ["images"]))]
        pub alias: Option<String>,
        /// What becomes of it when it leaves the stack; it is retained when nothing is said.
        #[schemars(extend("examples" = ["retain"]))]
        pub removal_policy: Option<RemovalPolicy>,
    }
    examples: "legacy_key", "LegacyKey", { "properties": { "PendingWindowInDays": 7 } }, { "deletion_window_in_days": 7 }
}

/// A key that images are encrypted with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyRef {
    /// The id of one that is declared.
    Id(String),
    /// One that exists.
    Imported(ImportedKey),
}

/// A key that exists.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ImportedKey {
    /// Its ARN.
    #[schemars(extend("examples" = ["arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d"]))]
    pub key_arn: String,
}

impl<'de> Deserialize<'de> for KeyRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KeyRefVisitor)
    }
}

struct KeyRefVisitor;

impl<'de> Visitor<'de> for KeyRefVisitor {
    type Value = KeyRef;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text (the id of a key) or a map (its `keyArn`)")
    }

    fn visit_str<E: Error>(self, id: &str) -> Result<Self::Value, E> {
        Ok(KeyRef::Id(id.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        ImportedKey::deserialize(MapAccessDeserializer::new(map)).map(KeyRef::Imported)
    }
}

impl JsonSchema for KeyRef {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "KeyRef".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "anyOf": [
                { "type": "string", "description": "The id of a key that is declared." },
                generator.subschema_for::<ImportedKey>()
            ]
        })
    }
}
