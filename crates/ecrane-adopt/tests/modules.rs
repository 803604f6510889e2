//! A module of ecrane, adopted, renders to an equal module; and so does the state that it leaves.

#![expect(clippy::disallowed_methods, reason = "only the crate itself is without I/O")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "the figures are what the test is about")]

use std::collections::BTreeMap;
use std::path::Path;

use ecrane_adopt::{Source, adopt};
use ecrane_config::{Config, Document, Format};
use ecrane_core::Style;
use ecrane_terraform::{Layout, Ledger, Options, render_over};
use indexmap::IndexMap;
use serde_json::Value;

/// The modules of a config, by path.
fn rendered(
    config: &Value,
    layout: Layout,
    ledger: Option<&Ledger>,
) -> Option<BTreeMap<String, Value>> {
    let config: Config = serde_json::from_value(config.clone()).ok()?;
    let graph = config.build().ok()?;
    let options = Options { layout, ..Options::default() };
    let known = ledger.cloned().unwrap_or_default();
    let output = render_over(&graph, &options, &known).ok()?.rendered;
    let files = output.files.iter().filter(|it| it.path.ends_with(".tf.json"));
    let read =
        |it: &ecrane_core::File<'_>| serde_json::from_slice(&it.to_vec(Style::Compact).unwrap());
    Some(files.map(|it| (it.path.clone(), read(it).unwrap())).collect())
}

/// Every place at which two documents differ, with what stands there.
fn differences(at: &str, ours: &Value, theirs: &Value, found: &mut Vec<String>) {
    let text = |it: &Value| it.as_str().and_then(|it| serde_json::from_str::<Value>(it).ok());
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            let keys: std::collections::BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
            for key in keys {
                let null = Value::Null;
                let (ours, theirs) =
                    (ours.get(key).unwrap_or(&null), theirs.get(key).unwrap_or(&null));
                differences(&format!("{at}/{key}"), ours, theirs, found);
            }
        }
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => {
            // The provider sees no difference in the order of actions and of statements.
            let is_set = at.ends_with("/Action") || at.ends_with("/Statement");
            let (mut ours, mut theirs) = (ours.clone(), theirs.clone());
            if is_set {
                ours.iter_mut().chain(&mut theirs).for_each(sort_actions);
                ours.sort_by_key(ToString::to_string);
                theirs.sort_by_key(ToString::to_string);
            }
            for (index, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
                differences(&format!("{at}/{index}"), ours, theirs, found);
            }
        }
        (ours, theirs) if ours == theirs => {}
        (ours, theirs) => match text(ours).zip(text(theirs)) {
            Some((ours, theirs)) if ours.is_object() => differences(at, &ours, &theirs, found),
            _ => found.push(format!("{at}\n  ours   {ours}\n  source {theirs}")),
        },
    }
}

fn sort_actions(statement: &mut Value) {
    if let Some(Value::Array(actions)) = statement.get_mut("Action") {
        actions.sort_by_key(ToString::to_string);
    }
}

#[derive(Default)]
struct Figures {
    equal: usize,
    listed: usize,
    different: usize,
}

fn check(name: &str, config: &Value, layout: Layout, figures: &mut Figures) {
    let Some(modules) = rendered(config, layout, None) else { return };
    let sources: Vec<Source> = modules
        .iter()
        .map(|(path, module)| Source { name: path.clone(), text: module.to_string() })
        .collect();
    let adoption = match adopt(&sources, &IndexMap::new()) {
        Ok(adoption) => adoption,
        Err(errors) => {
            figures.listed += 1;
            println!("LISTED {name}\n  {}", errors[0]);
            return;
        }
    };
    let mut listed: Vec<String> = adoption.not_adopted.iter().map(ToString::to_string).collect();
    listed.extend(adoption.problems.iter().flat_map(|it| it.iter()).map(|it| it.fact.to_string()));
    if !listed.is_empty() {
        figures.listed += 1;
        println!("LISTED {name}\n  {}", listed.join("\n  "));
        if std::env::var_os("ADOPT_VECTORS").is_none() {
            return;
        }
    }
    // With the presets merged into the repositories.
    let document = Document::parse("ecrane.yaml", Format::Yaml, &adoption.yaml()).unwrap();
    let ours = rendered(&document.to_json(), layout, adoption.ledger.as_ref()).unwrap_or_default();
    let mut found = Vec::new();
    for (path, theirs) in &modules {
        // The construct paths in comments are not those of the source, and change nothing.
        let mut ours = bare(ours.get(path));
        move_back(&mut ours);
        differences(path, &ours, &bare(Some(theirs)), &mut found);
    }
    if !listed.is_empty() {
        println!("  {}", found.join("\n  "));
    } else if found.is_empty() {
        figures.equal += 1;
    } else {
        figures.different += 1;
        println!("DIFFERENT {name}\n  {}", found.join("\n  "));
    }
}

/// Undoes the `moved` blocks of a module.
fn move_back(module: &mut Value) {
    let moved = module.as_object_mut().and_then(|it| it.shift_remove("moved"));
    let address = |block: &Value, key: &str| {
        let (kind, name) = block[key].as_str().unwrap().split_once('.').unwrap();
        (kind.to_owned(), name.to_owned())
    };
    for block in moved.iter().flat_map(|it| it.as_array().unwrap()) {
        let ((kind, from), (_, to)) = (address(block, "from"), address(block, "to"));
        let blocks = module["resource"][kind].as_object_mut().unwrap();
        let moved = blocks.shift_remove(&to).unwrap();
        blocks.insert(from, moved);
        module["terraform"].as_object_mut().unwrap().shift_remove("required_version");
    }
}

/// A module without comments.
fn bare(module: Option<&Value>) -> Value {
    match module {
        Some(Value::Object(entries)) => entries
            .iter()
            .filter(|(key, _)| *key != "//")
            .map(|(key, it)| (key.clone(), bare(Some(it))))
            .collect(),
        Some(Value::Array(items)) => items.iter().map(|it| bare(Some(it))).collect(),
        Some(other) => other.clone(),
        None => Value::Null,
    }
}

#[test]
fn modules_come_back() {
    let folder = std::env::var("ADOPT_VECTORS").unwrap_or_else(|_| {
        concat!(env!("CARGO_MANIFEST_DIR"), "/../ecrane-cloudformation/tests/vectors").to_owned()
    });
    let mut files: Vec<_> = std::fs::read_dir(Path::new(&folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "json"))
        .collect();
    files.sort();
    // All of them take minutes in a debug build; `cargo xtask conformance adopt` reads all.
    let step = if std::env::var_os("ADOPT_VECTORS").is_some() { 1 } else { 12 };
    let mut figures = [Figures::default(), Figures::default()];
    for path in files.iter().step_by(step) {
        let vector: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        for (layout, figures) in [Layout::Plain, Layout::Cdktf].into_iter().zip(&mut figures) {
            check(&format!("{name} {layout:?}"), &vector["config"], layout, figures);
        }
    }
    for Figures { equal, listed, different } in &figures {
        println!("equal {equal}, listed {listed}, different {different}");
        assert_eq!(*different, 0);
        assert!(*equal > 0);
    }
}
