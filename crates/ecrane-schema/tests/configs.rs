//! The types and the schema accept the same valid configs, and no invalid config makes either of
//! them panic.

#![expect(clippy::disallowed_methods, reason = "only the crate itself is without I/O")]
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ecrane_config::{Config, Document, Format};
use ecrane_document::{Node, NodeKind};
use ecrane_schema::{judge, load, schema};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.is_file());
    files.sort();
    files
}

fn take(name: &str, document: &Document) -> Config {
    let problems: Vec<String> = judge(document)
        .iter()
        .map(|problem| format!("{}: {}", problem.place, problem.fact))
        .collect();
    assert!(problems.is_empty(), "{name}: {problems:#?}");
    load(document).unwrap_or_else(|problems| panic!("{name}: {problems}"))
}

#[test]
fn takes_right_configs() {
    let files = files("tests/configs");
    assert_eq!(files.len(), 4);
    for file in files {
        take(&file.display().to_string(), &Document::load(&file).unwrap());
    }
}

/// The `config` of each vector.
#[test]
fn takes_the_configs_of_the_vectors() {
    for file in files("../ecrane-cloudformation/tests/vectors") {
        if file.extension().is_some_and(|extension| extension == "json") {
            let name = file.display().to_string();
            let vector: Value =
                serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
            let text = serde_json::to_string_pretty(&vector["config"]).unwrap();
            let json = Document::parse(&name, Format::Json, &text).unwrap();
            // JSON is also YAML, and both parsers must return the same tree.
            let yaml = Document::parse(&name, Format::Yaml, &text).unwrap();
            assert_eq!(take(&name, &json), take(&name, &yaml), "{name}");
        }
    }
}

fn keys(node: &Node, into: &mut BTreeSet<String>) {
    match &node.kind {
        NodeKind::Map(entries) => {
            for (key, entry) in entries.iter() {
                into.insert(key.as_ref().to_owned());
                keys(&entry.node, into);
            }
        }
        NodeKind::List(items) => items.iter().for_each(|item| keys(item, into)),
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) => {}
    }
}

/// Ensures that the fixture, and the tests that use it, cover the entire format.
#[test]
fn the_full_config_has_every_key() {
    let mut given = BTreeSet::new();
    keys(Document::parse("full", Format::Yaml, FULL).unwrap().root(), &mut given);
    let schema = schema();
    let maps = schema["$defs"].as_object().unwrap().values().chain([&schema]);
    let known = maps.filter_map(|map| map["properties"].as_object()).flat_map(|map| map.keys());
    let missing: Vec<&String> = known.filter(|key| !given.contains(*key)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

const FULL: &str = include_str!("configs/full.yaml");
const OLD: &str = include_str!("configs/old.json");
const TABLES: &str = include_str!("configs/tables.toml");

/// Every text is accepted or rejected, and every problem has a location in it.
fn survive(format: Format, text: &str) {
    match Document::parse("test", format, text) {
        Err(error) => {
            let (file, span) = error.location().unwrap();
            assert!(file.text.get(span.clone()).is_some(), "{span:?} of {error} in {text:?}");
            if let Some((first, _)) = error.related() {
                assert!(file.text.get(first).is_some(), "{error} in {text:?}");
            }
        }
        Ok(document) => {
            let judged = judge(&document);
            let decoded = document.decode();
            for problem in judged.iter().chain(decoded.as_ref().err()) {
                let location = document.locate(&problem.place).unwrap();
                let text = &document.files()[location.file].text;
                assert!(text.get(location.span).is_some(), "{} in {text:?}", problem.place);
                let _ = (problem.fact.to_string(), problem.fact.help());
            }
            // The types reject everything that the schema rejects.
            assert!(judged.is_empty() || decoded.is_err(), "{judged:?} in {text:?}");
        }
    }
}

/// Strings that are syntax in one of the languages.
const BITS: [&str; 28] = [
    "{", "}", "[", "]", ":", ": ", ",", "\"", "'", "\n", " ", "  ", "- ", "#", "&a ", "*a", "*old",
    "!!str ", "|\n", "---\n", "null", "true", "1.10", "\\", "\\ud83d", "\u{feff}", "é", "\0",
];

/// Replaces byte ranges of a text, at character boundaries.
fn mutate(text: &str, edits: &[(Index, usize, &str)]) -> String {
    let mut text = text.to_owned();
    for (at, length, bit) in edits {
        let boundary = |mut at: usize| {
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = boundary(at.index(text.len() + 1));
        let end = boundary((start + length).min(text.len())).max(start);
        text.replace_range(start..end, bit);
    }
    text
}

fn edits() -> impl Strategy<Value = Vec<(Index, usize, &'static str)>> {
    prop::collection::vec((any::<Index>(), 0_usize..8, select(BITS.as_slice())), 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn survives_broken_yaml(edits in edits()) {
        // A string cannot include files; without the include, only problems of the shape remain.
        let alone = FULL.replace("include: [teams/*.yaml]\n", "");
        assert_ne!(alone, FULL);
        survive(Format::Yaml, &mutate(&alone, &edits));
    }

    #[test]
    fn survives_broken_json(edits in edits()) {
        survive(Format::Json, &mutate(OLD, &edits));
        // Mutated JSON is mostly valid YAML.
        survive(Format::Yaml, &mutate(OLD, &edits));
    }

    #[test]
    fn survives_broken_toml(edits in edits()) {
        survive(Format::Toml, &mutate(TABLES, &edits));
    }

    #[test]
    fn survives_anything(text in ".{0,60}") {
        for format in [Format::Yaml, Format::Json, Format::Toml] {
            survive(format, &text);
        }
    }

    /// JSON is parsed as by `serde_json`, and invalid JSON is rejected, except for duplicate keys
    /// and numbers that cannot be represented exactly.
    #[test]
    fn reads_json_as_serde_json_does(edits in edits()) {
        let text = mutate(OLD, &edits);
        // A byte-order mark is removed before parsing.
        let bare = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let theirs = serde_json::from_str::<Value>(bare).ok();
        match Document::parse("test", Format::Json, &text) {
            Ok(document) => prop_assert_eq!(Some(document.to_json()), theirs),
            Err(error) => {
                let stricter = ["config::duplicate_key", "config::number_out_of_range"];
                prop_assert!(
                    theirs.is_none() || stricter.contains(&ecrane_core::Explain::code(&error)),
                    "{} in {:?}", error, text
                );
            }
        }
    }
}
