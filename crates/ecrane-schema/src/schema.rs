//! Generates the JSON Schema of the config from its types.

use ecrane_config::Config;
use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, transform_subschemas};
use serde_json::{Map, Value, json};

/// The `$id` of the schema.
const ID: &str = "urn:ecrane:config";

/// The JSON Schema of the config, draft 2020-12.
pub fn schema() -> Value {
    let settings = SchemaSettings::draft2020_12()
        .with_transform(drop_null)
        .with_transform(RecursiveTransform(fold_words))
        .with_transform(RecursiveTransform(bound_numbers));
    let made = settings.into_generator().into_root_schema_for::<Config>().to_value();
    let Value::Object(made) = made else { return made };
    let mut root: Map<String, Value> = Map::new();
    root.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    root.insert("$id".to_owned(), json!(ID));
    root.insert("title".to_owned(), json!("ecrane config"));
    root.extend(made.into_iter().filter(|(key, _)| key != "$schema" && key != "title"));
    Value::Object(root)
}

/// The schema as text: the content of `schemas/ecrane.schema.json`.
pub fn schema_text() -> String {
    format!("{:#}\n", schema())
}

/// Removes `null`: an optional key may be omitted, but not `null`.
fn drop_null(schema: &mut Schema) {
    transform_subschemas(&mut drop_null, schema);
    let Some(object) = schema.as_object_mut() else { return };
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            object.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(words)) = object.get_mut("enum") {
        words.retain(|word| !word.is_null());
    }
    if let Some(Value::Array(branches)) = object.get_mut("anyOf") {
        let before = branches.len();
        branches.retain(|branch| branch != &json!({ "type": "null" }));
        if let (true, [Value::Object(only)]) = (branches.len() < before, branches.as_slice()) {
            let only = only.clone();
            object.remove("anyOf");
            object.extend(only);
        }
    }
}

/// Merges a choice of words into one `enum`, with the descriptions in `enumDescriptions`.
fn fold_words(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    let Some(Value::Array(branches)) = object.get("oneOf") else { return };
    let words: Option<Vec<Value>> =
        branches.iter().map(|branch| branch.get("const").cloned()).collect();
    let Some(words) = words else { return };
    let meanings: Value =
        branches.iter().map(|branch| branch.get("description").cloned()).collect();
    object.remove("oneOf");
    object.insert("type".to_owned(), json!("string"));
    object.insert("enum".to_owned(), Value::Array(words));
    object.insert("enumDescriptions".to_owned(), meanings);
}

/// Adds the range of integer types, which schemars expresses only by a Rust-specific `format`.
fn bound_numbers(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    if object.get("format") == Some(&json!("uint32")) {
        object.remove("format");
        object.insert("minimum".to_owned(), json!(u32::MIN));
        object.insert("maximum".to_owned(), json!(u32::MAX));
    }
}
