//! The schema matches the committed file, is documented, and accepts its own examples.

#![expect(clippy::disallowed_methods, reason = "only the crate itself is without I/O")]
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::PathBuf;

use ecrane_schema::{schema, schema_text};
use serde_json::{Map, Value, json};

fn published() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../schemas/ecrane.schema.json")
}

#[test]
fn is_current() {
    let path = published();
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, schema_text()).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == schema_text(), "{} is stale: run with UPDATE_SCHEMA=1", path.display());
}

#[test]
fn is_a_schema() {
    let schema = schema();
    assert!(jsonschema::draft202012::meta::is_valid(&schema));
    let text = schema.to_string();
    for word in ["\"null\"", "\"format\"", "\"const\""] {
        assert!(!text.contains(word), "{word}");
    }
}

/// Each property of each definition, with the name of the definition.
fn properties(schema: &Value) -> Vec<(String, &Map<String, Value>)> {
    let maps = schema["$defs"].as_object().unwrap().iter();
    maps.map(|(name, map)| (name.as_str(), map))
        .chain([("Config", schema)])
        .flat_map(|(name, map)| {
            let properties = map["properties"].as_object().into_iter().flatten();
            properties
                .map(move |(key, value)| (format!("{name}.{key}"), value.as_object().unwrap()))
        })
        .collect()
}

#[test]
fn every_property_has_a_description_and_an_example() {
    let schema = schema();
    let properties = properties(&schema);
    assert!(properties.len() > 100, "{}", properties.len());
    for (name, property) in properties {
        assert!(property["description"].as_str().is_some_and(|text| text.ends_with('.')), "{name}");
        assert!(property["examples"].as_array().is_some_and(|list| !list.is_empty()), "{name}");
    }
}

#[test]
fn every_example_is_valid() {
    let schema = schema();
    for (name, property) in properties(&schema) {
        let mut alone = property.clone();
        alone.insert("$defs".to_owned(), schema["$defs"].clone());
        let validator = jsonschema::options().offline().build(&Value::Object(alone)).unwrap();
        for example in property["examples"].as_array().unwrap() {
            if let Err(error) = validator.validate(example) {
                panic!("{name}: {example}: {error}");
            }
        }
    }
}

#[test]
fn every_map_of_known_keys_refuses_others() {
    let schema = schema();
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        if definition.get("properties").is_some() {
            assert_eq!(definition["additionalProperties"], json!(false), "{name}");
        }
    }
}

#[test]
fn words_say_what_they_mean() {
    let schema = schema();
    let mutability = &schema["$defs"]["ImageTagMutability"];
    assert_eq!(
        mutability["enum"],
        json!(["MUTABLE", "IMMUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION"])
    );
    assert_eq!(mutability["enumDescriptions"][1], "Image tags cannot be overwritten.");
}
