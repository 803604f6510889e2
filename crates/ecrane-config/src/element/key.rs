//! KMS keys.

use std::fmt;

use ecrane_core::Addresses;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::addresses::addressed;
use super::{RemovalPolicy, Statement};

addressed! {
    /// A KMS key. Set only `keyArn` to import an existing key.
    #[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct Key {
        /// The ARN of an existing key to import. Excludes all other keys.
        #[schemars(extend("examples" = ["arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d"]))]
        pub key_arn: Option<String>,
        /// A description of the key.
        #[schemars(extend("examples" = ["Images at rest"]))]
        pub description: Option<String>,
        /// Whether KMS rotates the key material every year. Default: `false`.
        #[schemars(extend("examples" = [true]))]
        pub enable_key_rotation: Option<bool>,
        /// The alias of the key: its name, with or without the prefix `alias/`, or a map that also pins
        /// its addresses.
        #[schemars(extend("examples" = ["images", { "name": "images", "logicalId": "ImagesAlias" }]))]
        pub alias: Option<KeyAlias>,
        /// What happens to the key when it is removed from the stack. Default: `retain`.
        #[schemars(extend("examples" = ["retain"]))]
        pub removal_policy: Option<RemovalPolicy>,
        /// Statements of the key policy, after the one that lets the IAM policies of the account
        /// control access. They apply to the key: `resources` is not allowed.
        #[schemars(extend("examples" = [[{
            "principals": [{ "account": "444455556666" }],
            "actions": ["kms:Decrypt", "kms:DescribeKey"]
        }]]))]
        #[serde(default)]
        pub resource_policy: Vec<Statement>,
    }
    examples: "legacy_key", "LegacyKey", { "properties": { "PendingWindowInDays": 7 } }, { "deletion_window_in_days": 7 }
}

addressed! {
    /// An alias with an address of its own.
    #[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct AddressedAlias {
        /// The name, with or without the prefix `alias/`.
        #[schemars(extend("examples" = ["images"]))]
        pub name: String,
    }
    examples: "legacy_alias", "LegacyAlias", { "properties": { "AliasName": "alias/images" } }, { "name": "alias/images" }
}

/// The alias of a KMS key.
#[derive(Debug, Clone, PartialEq)]
pub enum KeyAlias {
    /// The name, with or without the prefix `alias/`.
    Name(String),
    /// An alias with an address of its own.
    Addressed(Box<AddressedAlias>),
}

impl KeyAlias {
    /// The name, with or without the prefix `alias/`.
    pub fn name(&self) -> &str {
        match self {
            Self::Name(name) => name,
            Self::Addressed(alias) => &alias.name,
        }
    }

    /// The pinned addresses and the overrides.
    pub(crate) fn addresses(&self) -> Addresses {
        match self {
            Self::Name(_) => Addresses::default(),
            Self::Addressed(alias) => alias.address_keys().addresses(),
        }
    }
}

impl<'de> Deserialize<'de> for KeyAlias {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KeyAliasVisitor)
    }
}

struct KeyAliasVisitor;

impl<'de> Visitor<'de> for KeyAliasVisitor {
    type Value = KeyAlias;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string (the name of an alias) or a map (its `name` and addresses)")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(KeyAlias::Name(name.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let alias = AddressedAlias::deserialize(MapAccessDeserializer::new(map))?;
        Ok(KeyAlias::Addressed(Box::new(alias)))
    }
}

impl JsonSchema for KeyAlias {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "KeyAlias".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "anyOf": [
                {
                    "type": "string",
                    "description": "The name, with or without the prefix `alias/`.",
                },
                generator.subschema_for::<AddressedAlias>()
            ]
        })
    }
}

/// The KMS key that encrypts images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyRef {
    /// The ID of a key declared under `keys`, after the ID of its stack and a slash if that is another one.
    Id(String),
    /// An existing key.
    Imported(ImportedKey),
}

/// An existing KMS key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ImportedKey {
    /// The ARN of the key.
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
        f.write_str("a string (the id of a key) or a map (its `keyArn`)")
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
                { "type": "string", "description": "The ID of a key declared under `keys`, or `Stack/Id` for one of another stack." },
                generator.subschema_for::<ImportedKey>()
            ]
        })
    }
}
