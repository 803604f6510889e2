//! The changes of stacks are those that the AWS CDK's own differ finds.
//!
//! `cases.json` holds pairs of configs, and the impacts that `@aws-cdk/cloudformation-diff` gives to
//! the resources of the templates that the CDK synthesizes for them.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use ecrane_cloudformation::{Options, render};
use ecrane_config::Config;
use ecrane_core::Style;
use ecrane_diff::{Change, Document, Engine, Stack, compare};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Case {
    name: String,
    before: Value,
    after: Value,
    changes: BTreeMap<String, BTreeMap<String, Expected>>,
}

#[derive(Deserialize)]
struct Expected {
    r#type: String,
    impact: String,
    properties: Vec<String>,
}

fn templates(config: Value) -> BTreeMap<String, Stack> {
    let config: Config = serde_json::from_value(config).unwrap();
    let graph = config.build().unwrap();
    let options = Options::default();
    let files = render(&graph, &options).unwrap().files;
    let read = files.into_iter().map(|file| {
        let name = file.path.strip_suffix(".template.json").unwrap().to_owned();
        let text = String::from_utf8(file.to_vec(Style::Compact).unwrap()).unwrap();
        let Document::Stack(stack) = Document::parse(&text).unwrap() else { panic!("{text}") };
        (name, stack)
    });
    read.collect()
}

fn impact(change: &Change) -> &'static str {
    match change.action.as_str() {
        "add" => "WILL_CREATE",
        "update" => "WILL_UPDATE",
        "remove" => "WILL_DESTROY",
        "orphan" => "WILL_ORPHAN",
        "replace" => "WILL_REPLACE",
        "mayReplace" => "MAY_REPLACE",
        other => panic!("{other}"),
    }
}

#[test]
fn equals_the_cdks_differ() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("cases.json")).unwrap();
    assert!(!cases.is_empty());
    let mut wrong = Vec::new();
    for case in cases {
        let (before, after) = (templates(case.before), templates(case.after));
        let nothing = Stack::empty(Engine::CloudFormation);
        let mut found: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
        for (name, after) in &after {
            let changes = compare(name, before.get(name).unwrap_or(&nothing), after);
            for change in changes {
                let what = json!([change.r#type, impact(&change), change.properties]);
                found.entry(change.stack).or_default().insert(change.address, what);
            }
        }
        let expected = case.changes.into_iter().map(|(stack, changes)| {
            let changes = changes.into_iter();
            let what = |it: Expected| json!([it.r#type, it.impact, it.properties]);
            (stack, changes.map(|(id, it)| (id, what(it))).collect())
        });
        let expected: BTreeMap<String, BTreeMap<String, Value>> = expected.collect();
        if found != expected {
            wrong.push(format!("{}: expected {expected:?}, found {found:?}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
