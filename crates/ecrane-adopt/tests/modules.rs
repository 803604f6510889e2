//! A module of ecrane, adopted, renders to an equal module; and so does the state that it leaves.

#![expect(clippy::disallowed_methods, reason = "only the crate itself is without I/O")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "the figures are what the test is about")]

use std::collections::BTreeMap;
use std::path::Path;

use ecrane_adopt::{Source, adopt};
use ecrane_config::Config;
use ecrane_core::Style;
use ecrane_terraform::{Layout, Options, render};
use indexmap::IndexMap;
use serde_json::Value;

/// The modules of a config, by path.
fn rendered(config: &Value, layout: Layout) -> Option<BTreeMap<String, Value>> {
    let config: Config = serde_json::from_value(config.clone()).ok()?;
    let graph = config.build().ok()?;
    let options = Options { layout, ..Options::default() };
    let output = render(&graph, &options).ok()?;
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
            for (index, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
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

#[derive(Default)]
struct Figures {
    equal: usize,
    listed: usize,
    different: usize,
}

fn check(name: &str, config: &Value, layout: Layout, figures: &mut Figures) {
    let Some(modules) = rendered(config, layout) else { return };
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
        return;
    }
    let ours = rendered(&adoption.config, layout).unwrap_or_default();
    let mut found = Vec::new();
    for (path, theirs) in &modules {
        // The construct paths in comments are not those of the source, and change nothing.
        differences(path, &bare(ours.get(path)), &bare(Some(theirs)), &mut found);
    }
    if found.is_empty() {
        figures.equal += 1;
    } else {
        figures.different += 1;
        println!("DIFFERENT {name}\n  {}", found.join("\n  "));
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
    let mut figures = [Figures::default(), Figures::default()];
    for path in &files {
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
