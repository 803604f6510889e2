//! The templates are equal, as JSON, to what the AWS CDK synthesizes.

#![expect(clippy::disallowed_methods, reason = "only the crate itself is without I/O")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::Path;

use ecrane_cloudformation::{Options, render};
use ecrane_config::Config;
use ecrane_core::Style;
use ecrane_core::{Problems, Severity};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Vector {
    config: Value,
    expected: Expected,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Expected {
    Templates(BTreeMap<String, Value>),
    Error(String),
}

fn templates(config: Value) -> Result<BTreeMap<String, Value>, Problems> {
    let config: Config = serde_json::from_value(config).unwrap();
    let graph = config.build()?;
    let options = Options::default();
    let read = render(&graph, &options)?.files.into_iter().map(|file| {
        let name = file.path.strip_suffix(".template.json").unwrap().to_owned();
        (name, serde_json::from_slice(&file.to_vec(Style::Compact).unwrap()).unwrap())
    });
    Ok(read.collect())
}

fn equals_the_cdk(path: &Path) -> datatest_stable::Result<()> {
    let vector: Vector = serde_json::from_slice(&std::fs::read(path)?)?;
    match (templates(vector.config), vector.expected) {
        (Ok(ours), Expected::Templates(cdk)) => {
            for (stack, expected) in &cdk {
                let actual = ours.get(stack).unwrap_or(&Value::Null);
                let mut found = Vec::new();
                differences(stack, actual, expected, &mut found);
                assert!(found.is_empty(), "ours and the CDK's differ:\n{}", found.join("\n"));
            }
            assert!(ours.keys().eq(cdk.keys()), "other stacks than the CDK's");
        }
        (Ok(_), Expected::Error(error)) => panic!("the CDK refuses it: {error}"),
        (Err(problems), Expected::Templates(_)) => {
            panic!("refused, and the CDK takes it:\n{problems}")
        }
        (Err(problems), Expected::Error(_)) => {
            assert!(problems.iter().any(|p| p.severity == Severity::Error));
        }
    }
    Ok(())
}

/// Every place at which two documents differ, with what stands there.
fn differences(at: &str, ours: &Value, cdk: &Value, found: &mut Vec<String>) {
    match (ours, cdk) {
        (Value::Object(ours), Value::Object(cdk)) => {
            let keys: std::collections::BTreeSet<_> = ours.keys().chain(cdk.keys()).collect();
            for key in keys {
                let null = Value::Null;
                let ours = ours.get(key).unwrap_or(&null);
                let cdk = cdk.get(key).unwrap_or(&null);
                differences(&format!("{at}/{key}"), ours, cdk, found);
            }
        }
        (Value::Array(ours), Value::Array(cdk)) if ours.len() == cdk.len() => {
            for (index, (ours, cdk)) in ours.iter().zip(cdk).enumerate() {
                differences(&format!("{at}/{index}"), ours, cdk, found);
            }
        }
        (ours, cdk) if ours == cdk => {}
        (ours, cdk) => found.push(format!("{at}\n  ours {ours}\n  CDK  {cdk}")),
    }
}

datatest_stable::harness! {
    { test = equals_the_cdk, root = "tests/vectors", pattern = r"\.json$" },
}
