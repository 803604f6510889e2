//! The decisions of an independent simulator of IAM.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use ecrane_access::{Context, Permissions, Query};
use ecrane_config::{Document, Format};
use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Deserialize)]
struct Case {
    name: String,
    config: Value,
    queries: Vec<Asked>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    principal: String,
    action: String,
    repository: String,
    context: Map<String, Value>,
    identity_allows_all: bool,
    decision: String,
}

fn string(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The facts of `cases.json`; the README says where they come from.
#[test]
fn decides_as_the_simulator() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("cases.json")).unwrap();
    assert!(!cases.is_empty());
    let mut wrong = Vec::new();
    for case in cases {
        let text = case.config.to_string();
        let document = Document::parse("case.json", Format::Json, &text).unwrap();
        let graph = document.decode().unwrap().build().unwrap();
        let permissions = Permissions::new(&graph);
        for asked in case.queries {
            let mut context = Context::default();
            for (key, value) in &asked.context {
                if let Value::Array(values) = value {
                    context.set(key, values.iter().map(string));
                } else {
                    context.add(key, string(value));
                }
            }
            let query = Query {
                principal: asked.principal.clone(),
                action: asked.action.clone(),
                repository: Some(asked.repository.clone()),
                context,
                assume_identity_allows: asked.identity_allows_all,
            };
            let decision = permissions.decide(&query).unwrap();
            if !decision.verdict.as_str().eq_ignore_ascii_case(&asked.decision) {
                wrong.push(format!(
                    "{}: {query:?}: {}, found {decision:#?}",
                    case.name, asked.decision
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
