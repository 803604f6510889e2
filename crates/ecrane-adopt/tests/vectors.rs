//! A template of the AWS CDK, adopted, renders to an equal template.

#![expect(clippy::disallowed_methods, reason = "only the crate itself is without I/O")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "the figures are what the test is about")]
#![expect(clippy::wildcard_enum_match_arm, reason = "the rest of JSON is left as it is")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use ecrane_adopt::{Source, adopt};
use ecrane_cloudformation::{Options, render};
use ecrane_config::{Config, Document, Format};
use ecrane_core::Style;
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    /// The templates are equal, as JSON.
    Equal,
    /// They are, but for partitions and URL suffixes that one of them writes out, and the order of
    /// actions.
    Same,
    /// The config says what it does not contain.
    Listed(Vec<String>),
    /// The config says that it is equal, and is not.
    Different(Vec<String>),
}

/// The cloud assembly of the vector: its templates, and the manifest that the AWS CDK writes with them.
fn assembly(config: &Value, templates: &Map<String, Value>) -> Vec<Source> {
    let mut artifacts = Map::new();
    for (id, stack) in config["stacks"].as_object().unwrap() {
        let name = stack.get("stackName").and_then(Value::as_str).unwrap_or(id);
        let file = if templates.contains_key(id) { id } else { name };
        if !templates.contains_key(name) {
            continue;
        }
        let env = |key: &str| stack["env"].get(key).and_then(Value::as_str).map(str::to_owned);
        let account = env("account").unwrap_or_else(|| "unknown-account".to_owned());
        let region = env("region").unwrap_or_else(|| "unknown-region".to_owned());
        let properties = json!({
            "templateFile": format!("{file}.template.json"),
            "stackName": name,
            "tags": stack.get("tags").cloned().unwrap_or_else(|| json!({})),
            "terminationProtection": stack.get("terminationProtection").cloned().unwrap_or(false.into()),
        });
        let environment = format!("aws://{account}/{region}");
        artifacts.insert(
            id.clone(),
            json!({ "type": "aws:cloudformation:stack", "environment": environment, "properties": properties }),
        );
    }
    let manifest = json!({ "version": "36.0.0", "artifacts": artifacts });
    let mut sources = vec![Source { name: "manifest.json".to_owned(), text: manifest.to_string() }];
    sources.extend(templates.iter().map(|(name, template)| Source {
        name: format!("{name}.template.json"),
        text: template.to_string(),
    }));
    sources
}

fn rendered(config: &Value) -> BTreeMap<String, Value> {
    let config: Config = serde_json::from_value(config.clone()).unwrap();
    let graph = config.build().unwrap();
    let options = Options::default();
    let output = render(&graph, &options).unwrap();
    let read = output.files.into_iter().filter_map(|file| {
        let name = file.path.strip_suffix(".template.json")?.to_owned();
        Some((name, serde_json::from_slice(&file.to_vec(Style::Compact).unwrap()).unwrap()))
    });
    read.collect()
}

/// The templates with the construct paths that the AWS CDK notes by default. The vectors are made
/// without them; each path is checked by the logical ID, which has a hash of it.
fn with_paths(config: &Value, templates: &Map<String, Value>) -> Map<String, Value> {
    let config: Config = serde_json::from_value(config.clone()).unwrap();
    let options = Options { path_metadata: true, ..Options::default() };
    let Ok(graph) = config.build() else { return templates.clone() };
    let output = render(&graph, &options).unwrap();
    let mut templates = templates.clone();
    for file in output.files {
        let Some(name) = file.path.strip_suffix(".template.json") else { continue };
        let ours: Value = serde_json::from_slice(&file.to_vec(Style::Compact).unwrap()).unwrap();
        let Some(template) = templates.get_mut(name) else { continue };
        for (id, resource) in ours["Resources"].as_object().into_iter().flatten() {
            template["Resources"][id]["Metadata"] = resource["Metadata"].clone();
        }
    }
    templates
}

fn verdict(vector: &Value, paths: bool) -> Option<Verdict> {
    let templates = vector["expected"].get("templates")?.as_object()?;
    let sources = if paths {
        assembly(&vector["config"], &with_paths(&vector["config"], templates))
    } else {
        assembly(&vector["config"], templates)
    };
    let adoption = match adopt(&sources, &IndexMap::new()) {
        Ok(adoption) => adoption,
        Err(errors) => {
            return Some(Verdict::Listed(errors.iter().map(ToString::to_string).collect()));
        }
    };
    let document = Document::parse("ecrane.yaml", Format::Yaml, &adoption.yaml()).unwrap();
    let mut listed: Vec<String> = adoption.not_adopted.iter().map(ToString::to_string).collect();
    listed.extend(adoption.problems.iter().flat_map(|it| it.iter()).map(|it| it.fact.to_string()));
    if !listed.is_empty() {
        return Some(Verdict::Listed(listed));
    }
    let (mut found, mut is_equal) = (Vec::new(), true);
    // With the presets merged into the repositories.
    let ours = rendered(&document.to_json());
    for (name, expected) in templates {
        let mut strict = Vec::new();
        let ours = ours.get(name).unwrap_or(&Value::Null);
        differences(name, ours, expected, &mut strict);
        is_equal &= strict.is_empty();
        let stacks = vector["config"]["stacks"].as_object().unwrap();
        let stack = stacks
            .iter()
            .find(|(id, it)| *id == name || it.get("stackName").is_some_and(|it| it == name));
        let region = stack.and_then(|(_, it)| it["env"]["region"].as_str()).unwrap_or_default();
        let partition = match region {
            it if it.starts_with("cn-") => "aws-cn",
            it if it.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        };
        differences(
            name,
            &written_out(ours, partition),
            &written_out(expected, partition),
            &mut found,
        );
    }
    Some(match (is_equal, found.is_empty()) {
        (true, _) => Verdict::Equal,
        (false, true) => Verdict::Same,
        (false, false) => Verdict::Different(found),
    })
}

/// A value with the partition and the URL suffix written out: the AWS CDK writes them as references or
/// not, depending on a flag, and both deploy the same.
fn written_out(value: &Value, partition: &str) -> Value {
    match value {
        Value::Object(entries) => {
            let entry = entries.iter().next();
            match entry.filter(|_| entries.len() == 1).map(|(key, it)| (key.as_str(), it)) {
                Some(("Ref", name)) if name == "AWS::Partition" => partition.into(),
                Some(("Ref", name)) if name == "AWS::URLSuffix" => {
                    if partition == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" }.into()
                }
                Some(("Fn::Join", parts)) => {
                    let mut joined: Vec<Value> = Vec::new();
                    for part in parts[1].as_array().unwrap() {
                        match (joined.last_mut(), written_out(part, partition)) {
                            (Some(Value::String(text)), Value::String(more)) => {
                                text.push_str(&more);
                            }
                            (_, part) => joined.push(part),
                        }
                    }
                    if joined.len() == 1 {
                        joined[0].clone()
                    } else {
                        json!({ "Fn::Join": ["", joined] })
                    }
                }
                _ => Value::Object(
                    entries
                        .iter()
                        .map(|(key, it)| (key.clone(), written_out(it, partition)))
                        .collect(),
                ),
            }
        }
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(|it| written_out(it, partition)).collect();
            // Actions, in any order.
            if items.iter().all(|it| it.as_str().is_some_and(|it| it.starts_with("ecr"))) {
                items.sort_by_key(ToString::to_string);
            }
            items.into()
        }
        _ => value.clone(),
    }
}

/// The resources and outputs of two templates that differ, and what each of them has. `cargo xtask
/// conformance adopt` says where in them.
fn differences(name: &str, ours: &Value, theirs: &Value, found: &mut Vec<String>) {
    for section in ["Resources", "Outputs", "Parameters", "Rules"] {
        let (ours, theirs) = (&ours[section], &theirs[section]);
        let ids = |it| Value::as_object(it).into_iter().flat_map(Map::keys);
        let all: BTreeSet<&String> = ids(ours).chain(ids(theirs)).collect();
        for id in all.into_iter().filter(|id| ours[*id] != theirs[*id]) {
            found.push(format!("{name}/{id}\n  ours   {}\n  source {}", ours[id], theirs[id]));
        }
    }
}

#[test]
fn templates_of_the_cdk_come_back() {
    assert!(adopted(true).0 > 0);
}

/// A template without the paths of its constructs: their IDs are found by the hashes.
#[test]
fn templates_without_paths_come_back() {
    assert!(adopted(false).0 > 0);
}

fn adopted(paths: bool) -> (usize, usize) {
    let folder = std::env::var("ADOPT_VECTORS").unwrap_or_else(|_| {
        concat!(env!("CARGO_MANIFEST_DIR"), "/../ecrane-cloudformation/tests/vectors").to_owned()
    });
    let mut files: Vec<_> = std::fs::read_dir(Path::new(&folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "json"))
        .collect();
    files.sort();
    let (mut equal, mut same, mut listed, mut different) = (0, 0, 0, 0);
    // All of them take minutes in a debug build; `cargo xtask conformance adopt` reads all.
    let step = if std::env::var_os("ADOPT_VECTORS").is_some() { 1 } else { 12 };
    for path in files.iter().step_by(step) {
        let vector: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        match verdict(&vector, paths) {
            None => {}
            Some(Verdict::Equal) => equal += 1,
            Some(Verdict::Same) => same += 1,
            Some(Verdict::Listed(reasons)) => {
                listed += 1;
                println!("LISTED {name}\n  {}", reasons.join("\n  "));
            }
            Some(Verdict::Different(found)) => {
                different += 1;
                println!("DIFFERENT {name}\n  {}", found.join("\n  "));
            }
        }
    }
    println!("paths {paths}: equal {equal}, same {same}, listed {listed}, different {different}");
    assert_eq!(different, 0);
    (equal, listed)
}
