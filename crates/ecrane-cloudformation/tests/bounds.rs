//! What a template cannot hold, with the neighbours that it can.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use ecrane_cloudformation::{Options, render};
use ecrane_config::Config;
use ecrane_core::Severity;
use serde_json::{Value, json};

/// The codes and places of the errors of a stack.
fn errors(stack: &Value, compatibility: &Value) -> Vec<String> {
    let config = json!({ "compatibility": compatibility, "stacks": { "S": stack } });
    let graph = serde_json::from_value::<Config>(config).unwrap().build().unwrap();
    let problems = render(&graph, &Options::default()).err();
    let problems = problems.iter().flat_map(|problems| problems.iter());
    let errors = problems.filter(|problem| problem.severity == Severity::Error);
    errors.map(|p| format!("{} {}", p.fact.code(), p.place).replace("/stacks/S/", "")).collect()
}

const NONE: [&str; 0] = [];

fn cdk() -> Value {
    json!({ "awsCdk": "2" })
}

fn with_rules() -> Value {
    json!({ "awsCdk": "2", "featureFlags": { "@aws-cdk/core:validateAgainstDefaultRules": true } })
}

#[test]
fn two_hundred_outputs() {
    let stack = |count: usize| {
        let output = json!({ "repository": "A", "attribute": "repositoryUri" });
        let outputs: Value = (0..count).map(|i| (format!("O{i}"), output.clone())).collect();
        json!({ "repositories": { "A": {} }, "outputs": outputs })
    };
    let wanted = ["cloudformation::too_many_outputs outputs"];
    assert_eq!(errors(&stack(200), &json!({})), NONE);
    assert_eq!(errors(&stack(201), &json!({})), wanted);
    assert_eq!(errors(&stack(201), &cdk()), NONE);
    assert_eq!(errors(&stack(201), &with_rules()), wanted);
}

#[test]
fn a_description_of_1024_bytes() {
    let stack =
        |description: String| json!({ "description": description, "repositories": { "A": {} } });
    let too_long = ["cloudformation::description_too_long description"];
    assert_eq!(errors(&stack("a".repeat(1024)), &json!({})), NONE);
    assert_eq!(errors(&stack("a".repeat(1025)), &json!({})), too_long);
    assert_eq!(errors(&stack("ü".repeat(512)), &json!({})), NONE);
    assert_eq!(errors(&stack("ü".repeat(513)), &json!({})), too_long);
    // The CDK refuses more than 512 characters.
    let of_the_cdk = ["cloudformation::description_of_the_cdk description"];
    assert_eq!(errors(&stack("a".repeat(512)), &cdk()), NONE);
    assert_eq!(errors(&stack("a".repeat(513)), &cdk()), of_the_cdk);
}

#[test]
fn repository_names_of_the_cdk() {
    let stack = |repository: Value| json!({ "repositories": { "A": repository } });
    for name in ["a--b", "a__b"] {
        let wanted = ["cloudformation::repository_name repositories/A/repositoryName"];
        assert_eq!(errors(&stack(json!({ "repositoryName": name })), &json!({})), wanted);
        let import = json!({ "import": { "repositoryName": name } });
        assert_eq!(errors(&stack(import), &json!({})), NONE);
    }
    assert_eq!(errors(&stack(json!({ "repositoryName": "a-b" })), &json!({})), NONE);
}
