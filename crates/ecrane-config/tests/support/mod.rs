//! The problems of configs, as lines that tests compare.

#![allow(dead_code, reason = "each test uses a part")]

use ecrane_config::Config;
use ecrane_core::Severity;
use serde_json::{Value, json};

/// The codes and places of all problems; warnings are marked.
pub(crate) fn reported(config: Value) -> Vec<String> {
    reported_of(&serde_json::from_value(config).unwrap())
}

pub(crate) fn reported_of(config: &Config) -> Vec<String> {
    let problems = match config.build() {
        Ok(graph) => graph.warnings().to_vec(),
        Err(problems) => problems.into_iter().collect(),
    };
    let lines = problems.iter().map(|problem| {
        let mark = if problem.severity == Severity::Warning { "warning " } else { "" };
        assert!(problem.fact.help().is_some_and(|help| !help.is_empty()), "{}", problem.fact);
        format!("{mark}{} {}", problem.fact.code(), problem.place)
    });
    lines.collect()
}

pub(crate) fn home() -> Value {
    json!({ "account": "111122223333", "region": "eu-west-1" })
}

/// The problems of one stack in eu-west-1.
pub(crate) fn stack(mut stack: Value) -> Vec<String> {
    if stack.get("env").is_none() {
        stack["env"] = home();
    }
    let lines = reported(json!({ "stacks": { "S": stack } }));
    lines.into_iter().map(|line| line.replace("/stacks/S/", "")).collect()
}

pub(crate) const NONE: [&str; 0] = [];
