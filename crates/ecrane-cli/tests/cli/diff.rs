//! `ecrane diff` as its users run it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::case::{Case, Ran, run};

fn diff(case: &Case, args: &[&str]) -> Value {
    let ran = case.run(&[&["diff", "--format", "json"], args].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

/// The changes by stack and address, as the vectors have them.
fn by_address(found: &Value) -> Value {
    let mut stacks: BTreeMap<&str, BTreeMap<&str, Value>> = BTreeMap::new();
    for change in found["changes"].as_array().unwrap() {
        let impact = match change["change"].as_str().unwrap() {
            "add" => "WILL_CREATE",
            "update" => "WILL_UPDATE",
            "remove" => "WILL_DESTROY",
            "orphan" => "WILL_ORPHAN",
            "replace" => "WILL_REPLACE",
            "mayReplace" => "MAY_REPLACE",
            other => other,
        };
        let what = json!({
            "type": change["type"], "impact": impact, "properties": change["properties"]
        });
        let stack = stacks.entry(change["stack"].as_str().unwrap()).or_default();
        stack.insert(change["address"].as_str().unwrap(), what);
    }
    json!(stacks)
}

/// Each case against the directory that `synth` writes, against what `synth --stdout` prints, and
/// against the earlier config.
#[test]
fn finds_what_the_cdks_differ_finds() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ecrane-diff/tests/cases.json");
    let cases: Vec<Value> = serde_json::from_slice(&fs::read(cases).unwrap()).unwrap();
    assert!(!cases.is_empty());
    let mut wrong = Vec::new();
    for it in &cases {
        let case = Case::new();
        case.write("before.json", it["before"].to_string());
        case.write("after.json", it["after"].to_string());
        let synth = ["synth", "before.json", "--backend", "cfn"];
        assert_eq!(case.run(&[&synth[..], &["--out", "out"]].concat()).code, Some(0));
        let printed = case.run(&[&synth[..], &["--stdout"]].concat());
        case.write("printed.json", printed.stdout);
        for against in ["out", "printed.json", "before.json"] {
            let found = by_address(&diff(&case, &["after.json", "--against", against]));
            if found != it["changes"] {
                wrong.push(format!("{} against {against}: {found}, not {}", it["name"], it["changes"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const BEFORE: &str = "\
stacks:
  Registry:
    repositories:
      App: { repositoryName: shop/app }
      Web: { repositoryName: shop/web, removalPolicy: destroy, emptyOnDelete: true }
      Old: { repositoryName: shop/old }
";

const AFTER: &str = "\
stacks:
  Registry:
    repositories:
      App: { repositoryName: shop/main }
      Base: { repositoryName: shop/base }
";

fn changed() -> Case {
    let case = Case::with(AFTER);
    case.write("before.yaml", BEFORE);
    case
}

fn synth(case: &Case, args: &[&str]) -> Ran {
    let ran = case.run(&[&["synth", "before.yaml"], args].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    ran
}

/// The action and address of each change.
fn actions(found: &Value) -> Vec<String> {
    let changes = found["changes"].as_array().unwrap().iter();
    changes
        .map(|it| format!("{} {}", it["change"].as_str().unwrap(), it["address"].as_str().unwrap()))
        .collect()
}

#[test]
fn says_what_becomes_of_images() {
    let case = changed();
    let found = diff(&case, &["--against", "before.yaml"]);
    let changes = &found["changes"];
    assert_eq!(
        actions(&found),
        [
            "replace App15F57F9D",
            "add Base4B9D0A1A",
            "orphan Old0E4B2A2F",
            "remove Web3F2A0B8C"
        ]
        .map(|it| it.to_owned())
        .map(|it| {
            // The hashes are the CDK's.
            let (action, id) = it.split_once(' ').unwrap();
            let name = &id[..id.len() - 8];
            let found = changes.as_array().unwrap().iter();
            let mut ids = found.map(|it| it["address"].as_str().unwrap());
            format!("{action} {}", ids.find(|it| it.starts_with(name)).unwrap())
        })
    );
}
