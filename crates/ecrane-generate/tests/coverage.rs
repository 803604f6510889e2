//! Generated configs use the entire format, according to the schema.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use ecrane_config::{Document, Format};
use ecrane_generate::{Dialect, config};
use serde_json::Value;

/// Keys and values that no generated config uses, with the reason.
const UNUSED: [(&str, &str); 1] = [(".include", "it names files, and a generated config is one")];

/// Keys that CDK 2 does not support, at any depth.
const BEYOND_CDK: [&str; 21] = [
    "$schema",
    "AddressedAlias.name",
    "accountSettings",
    "action",
    "backend",
    "cloudformation",
    "defaults",
    "inlinePolicy",
    "lambda",
    "logicalId",
    "maxTimeSinceArchive",
    "maxTimeSincePull",
    "organizationalUnit",
    "policyName",
    "preset",
    "presets",
    "shards",
    "Stack.targets",
    "terraform",
    "terraformName",
    "terraformNames",
];

/// Additional keys that CDK 1.130 does not support.
const BEYOND_CDK_1: [&str; 12] = [
    "creationTemplates",
    "emptyOnDelete",
    "encryption",
    "encryptionKey",
    "featureFlags",
    "generateBootstrapVersionRule",
    "imageTagMutabilityExclusionFilters",
    "pullThroughCacheRules",
    "pullTimeUpdateExclusions",
    "scanning",
    "signing",
    "tagPatternList",
];

/// The number of configs to generate.
const COUNT: u64 = 600;

/// Keys of definitions after `.`, and values after `=`.
type Uses = BTreeSet<String>;

struct Schema {
    root: Value,
    /// Keys to ignore.
    without: Vec<&'static str>,
}

impl Schema {
    fn definition(&self, reference: &str) -> (String, &Value) {
        let pointer = reference.trim_start_matches('#');
        (pointer.rsplit('/').next().unwrap().to_owned(), self.root.pointer(pointer).unwrap())
    }

    /// Collects all keys and values of the schema `node` in the definition `name`.
    fn all(&self, name: &str, node: &Value, seen: &mut BTreeSet<String>, uses: &mut Uses) {
        if let Some(reference) = node.get("$ref").and_then(Value::as_str) {
            let (name, definition) = self.definition(reference);
            if seen.insert(name.clone()) {
                self.all(&name, definition, seen, uses);
            }
        }
        for value in list(node, "enum") {
            uses.insert(format!("{name}={value}"));
        }
        let properties = node.get("properties").and_then(Value::as_object);
        for (key, property) in properties.into_iter().flatten() {
            let use_of_key = format!("{name}.{key}");
            if self.without.contains(&key.as_str()) || self.without.contains(&use_of_key.as_str()) {
                continue;
            }
            uses.insert(use_of_key.clone());
            self.all(&use_of_key, property, seen, uses);
        }
        for option in list(node, "anyOf").iter().chain(node.get("items")) {
            self.all(name, option, seen, uses);
        }
        if let Some(rest) = node.get("additionalProperties").filter(|rest| rest.is_object()) {
            self.all(name, rest, seen, uses);
        }
    }

    /// Collects the keys and values that `value` uses.
    fn used(&self, name: &str, node: &Value, value: &Value, uses: &mut Uses) {
        if let Some(reference) = node.get("$ref").and_then(Value::as_str) {
            let (name, definition) = self.definition(reference);
            return self.used(&name, definition, value, uses);
        }
        if list(node, "enum").contains(value) {
            uses.insert(format!("{name}={value}"));
        }
        for option in list(node, "anyOf").iter().filter(|option| self.is_for(option, value)) {
            self.used(name, option, value, uses);
        }
        for (key, entry) in value.as_object().into_iter().flatten() {
            if let Some(property) = node.pointer(&format!("/properties/{key}")) {
                uses.insert(format!("{name}.{key}"));
                self.used(&format!("{name}.{key}"), property, entry, uses);
            } else if let Some(rest) = node.get("additionalProperties") {
                self.used(name, rest, entry, uses);
            }
        }
        for item in value.as_array().into_iter().flatten() {
            self.used(name, node.get("items").unwrap_or(&Value::Null), item, uses);
        }
    }

    /// Whether a subschema accepts values of this type.
    fn is_for(&self, node: &Value, value: &Value) -> bool {
        if let Some(reference) = node.get("$ref").and_then(Value::as_str) {
            return self.is_for(self.definition(reference).1, value);
        }
        let options = list(node, "anyOf");
        options.iter().any(|option| self.is_for(option, value))
            || match node.get("type").and_then(Value::as_str) {
                Some("object") => value.is_object(),
                Some("array") => value.is_array(),
                Some("string") => value.is_string(),
                _ => false,
            }
    }
}

fn list<'v>(node: &'v Value, key: &str) -> &'v [Value] {
    node.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The keys and values that generated configs of a dialect, without the keys `without`, do not use.
fn unused(dialect: Dialect, without: &[&'static str]) -> Vec<String> {
    let schema = Schema { root: ecrane_schema::schema(), without: without.to_vec() };
    let (mut all, mut used) = (Uses::new(), Uses::new());
    schema.all("", &schema.root, &mut BTreeSet::new(), &mut all);
    for seed in 0..COUNT {
        schema.used("", &schema.root, &config(dialect, seed), &mut used);
    }
    assert_eq!(used.difference(&all).collect::<Vec<_>>(), [""; 0], "{dialect:?} uses more");
    all.difference(&used).cloned().collect()
}

#[test]
fn ecrane_configs_use_the_whole_format() {
    assert_eq!(unused(Dialect::Ecrane, &[]), UNUSED.map(|(key, _)| key));
}

#[test]
fn cdk_configs_use_all_that_the_cdk_has_words_for() {
    let [(include, _)] = UNUSED;
    assert_eq!(unused(Dialect::Cdk2, &BEYOND_CDK), [include, "AwsCdk=\"1\""]);

    let of_cdk_2 = [
        "Allow=\"push\"",
        "Allow=\"read\"",
        "AwsCdk=\"2\"",
        "ImageTagMutability=\"IMMUTABLE_WITH_EXCLUSION\"",
        "ImageTagMutability=\"MUTABLE_WITH_EXCLUSION\"",
        "OutputAttribute=\"registryUri\"",
    ];
    let without = [BEYOND_CDK.as_slice(), BEYOND_CDK_1.as_slice()].concat();
    assert_eq!(unused(Dialect::Cdk1, &without), [&[include], of_cdk_2.as_slice()].concat());
}

#[test]
fn configs_are_valid() {
    for dialect in [Dialect::Cdk1, Dialect::Cdk2, Dialect::Ecrane] {
        for seed in 0..COUNT {
            let text = config(dialect, seed).to_string();
            let document = Document::parse("ecrane.json", Format::Json, &text).unwrap();
            let problems = ecrane_schema::judge(&document);
            assert!(problems.is_empty(), "{dialect:?} {seed}: {problems:?} {text}");
        }
    }
}
