//! A version of the aws provider, and what it says against a module.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// A version: major, minor, patch.
pub(crate) type Version = (u32, u32, u32);

pub(crate) fn version(text: &str) -> Version {
    let mut numbers = text.trim().split('.').map(|number| number.parse().unwrap());
    let mut next = || numbers.next().unwrap_or(0);
    (next(), next(), next())
}

#[derive(Debug, Deserialize)]
struct Schema {
    resource: BTreeMap<String, Block>,
    #[serde(default)]
    data: BTreeMap<String, Block>,
    #[serde(default)]
    provider: BTreeMap<String, Block>,
}

#[derive(Debug, Deserialize)]
struct Block {
    attributes: BTreeMap<String, Attribute>,
    blocks: BTreeMap<String, NestedBlock>,
}

#[derive(Debug, Deserialize)]
struct Attribute {
    kind: String,
    required: bool,
    r#type: Option<String>,
}

#[derive(Debug, Deserialize)]
struct NestedBlock {
    required: bool,
    max: Option<usize>,
    block: Block,
}

#[derive(Debug, Deserialize)]
struct Documented {
    words: BTreeMap<String, BTreeMap<String, String>>,
    resource: BTreeMap<String, Block>,
}

/// A version of the provider.
#[derive(Debug)]
pub(crate) struct Provider {
    pub(crate) version: Version,
    schema: Schema,
    words: BTreeMap<String, BTreeMap<String, String>>,
}

/// The versions whose arguments are known, the oldest first.
pub(crate) fn providers() -> Vec<Provider> {
    let known = [
        ("5.100", include_str!("aws-5.100.json")),
        ("6.8", include_str!("aws-6.8.json")),
        ("6.10", include_str!("aws-6.10.json")),
        ("6.40", include_str!("aws-6.40.json")),
        ("6.66", include_str!("aws-6.66.json")),
    ];
    let provider = |(text, schema): (&str, &str)| {
        let mut schema: Schema = serde_json::from_str(schema).unwrap();
        let documented: Documented = serde_json::from_str(include_str!("documented.json")).unwrap();
        schema.resource.extend(documented.resource);
        Provider { version: version(text), schema, words: documented.words }
    };
    known.map(provider).into()
}

impl Provider {
    /// All that it says against a module.
    pub(crate) fn judge(&self, module: &Value) -> Vec<String> {
        let mut wrong = Vec::new();
        for (section, schemas) in [("resource", &self.schema.resource), ("data", &self.schema.data)]
        {
            for (kind, blocks) in module[section].as_object().into_iter().flatten() {
                if kind == "terraform_remote_state" {
                    continue;
                }
                let Some(schema) = schemas.get(kind) else {
                    wrong.push(format!("there is no {section} {kind}"));
                    continue;
                };
                for block in blocks.as_object().unwrap().values() {
                    self.block(kind, block, schema, &["//", "depends_on", "lifecycle"], &mut wrong);
                }
            }
        }
        for provider in module["provider"]["aws"].as_array().into_iter().flatten() {
            let schema = &self.schema.provider["aws"];
            // What a config gives goes through as it is, and is not among what is known.
            let known = |name: &&String| {
                schema.attributes.contains_key(*name) || schema.blocks.contains_key(*name)
            };
            let given: Vec<&str> = provider
                .as_object()
                .unwrap()
                .keys()
                .collect::<Vec<_>>()
                .into_iter()
                .filter(|name| !known(name))
                .map(String::as_str)
                .collect();
            self.block("provider.aws", provider, schema, &given, &mut wrong);
        }
        self.references(module, &mut wrong);
        wrong
    }

    fn block(
        &self,
        at: &str,
        block: &Value,
        schema: &Block,
        ignored: &[&str],
        wrong: &mut Vec<String>,
    ) {
        let Some(block) = block.as_object() else {
            wrong.push(format!("{at} is no block"));
            return;
        };
        let given = |name: &String| block.get(name).is_some_and(|value| !value.is_null());
        let attributes = schema.attributes.iter().filter(|(_, it)| it.required).map(|(n, _)| n);
        let blocks = schema.blocks.iter().filter(|(_, it)| it.required).map(|(n, _)| n);
        for name in attributes.chain(blocks).filter(|name| !given(name)) {
            wrong.push(format!("{at} lacks {name}"));
        }
        for (name, value) in block {
            if ignored.contains(&name.as_str()) || value.is_null() {
                continue;
            }
            let at = format!("{at}.{name}");
            if let Some(attribute) = schema.attributes.get(name) {
                attribute.judge(&at, value, wrong);
                self.words(&at, value, wrong);
            } else if let Some(nested) = schema.blocks.get(name) {
                let one = std::slice::from_ref(value);
                let items = value.as_array().map_or(one, Vec::as_slice);
                if nested.max.is_some_and(|max| items.len() > max) {
                    wrong.push(format!("{at} has {} blocks", items.len()));
                }
                for item in items {
                    self.block(&at, item, &nested.block, &[], wrong);
                }
            } else {
                wrong.push(format!("{at} is not an argument"));
            }
        }
    }

    /// Words that the argument does not take, or not yet.
    fn words(&self, at: &str, value: &Value, wrong: &mut Vec<String>) {
        let Some(words) = self.words.get(at) else { return };
        let one = std::slice::from_ref(value);
        for word in value.as_array().map_or(one, Vec::as_slice) {
            let since = words.get(word.as_str().unwrap_or_default());
            if since.is_none_or(|since| version(since) > self.version) {
                wrong.push(format!("{at} cannot be {word}"));
            }
        }
    }

    /// References to what a resource or data source of the module does not have.
    fn references(&self, value: &Value, wrong: &mut Vec<String>) {
        match value {
            Value::String(text) => {
                for reference in references(text) {
                    let (schemas, steps) = match reference.as_slice() {
                        ["data", steps @ ..] => (&self.schema.data, steps),
                        steps => (&self.schema.resource, steps),
                    };
                    let [kind, _, attribute, ..] = steps else { continue };
                    let Some(schema) = schemas.get(*kind) else { continue };
                    if !schema.attributes.contains_key(*attribute) {
                        wrong.push(format!("{kind} has no attribute {attribute}"));
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.references(item, wrong)),
            Value::Object(entries) => {
                entries.values().for_each(|item| self.references(item, wrong));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

impl Attribute {
    fn judge(&self, at: &str, value: &Value, wrong: &mut Vec<String>) {
        if self.kind == "computed" {
            wrong.push(format!("{at} cannot be given"));
        }
        // An expression stands for a value of whatever type.
        let is_expression = value.as_str().is_some_and(|text| text.starts_with("${"));
        let fits = match self.r#type.as_deref() {
            None => true,
            // Terraform turns these into each other.
            Some("string" | "number" | "boolean") => !value.is_array() && !value.is_object(),
            Some("stringList") => value.is_array(),
            Some("stringMap") => value.is_object(),
            Some(other) => panic!("{at} has the type {other}"),
        };
        if !fits && !is_expression {
            wrong.push(format!("{at} is not a {}", self.r#type.as_deref().unwrap_or_default()));
        }
    }
}

/// The references in the expressions of a text, by their steps.
fn references(text: &str) -> Vec<Vec<&str>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let escaped = rest[..at].ends_with('$');
        rest = &rest[at + 2..];
        if escaped {
            continue;
        }
        let (expression, behind) = rest.split_once('}').unwrap_or((rest, ""));
        // What is quoted in an expression is a text.
        for code in expression.split('"').step_by(2) {
            let words = code.split(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c)));
            found.extend(words.filter(|w| w.contains('.')).map(|w| w.split('.').collect()));
        }
        rest = behind;
    }
    found
}
