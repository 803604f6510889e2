//! The SARIF log of a run, against the schema of SARIF 2.1.0.
//!
//! Apart from the other tests of the command line, as the validator takes long to compile.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::fs;
use std::process::Command;

use jsonschema::Validator;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A folder with files, and the validator for what is reported in it.
struct Case {
    folder: TempDir,
    validator: Validator,
}

impl Case {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        // The pattern of a language has a bracket too many, which only some engines read as text.
        let schema = include_str!("sarif-schema-2.1.0.json").replace("{2}]?$", "{2}$");
        let schema = serde_json::from_str(&schema).unwrap();
        Self { folder, validator: jsonschema::validator_for(&schema).unwrap() }
    }

    /// The run of the log of a command, once the log is valid.
    fn run(&self, below: &str, args: &[&str], code: i32) -> Value {
        let output = Command::new(env!("CARGO_BIN_EXE_ecrane"))
            .current_dir(self.folder.path().join(below))
            .args(args)
            .args(["--message-format", "sarif"])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        let mut log: Value = serde_json::from_slice(&output.stderr).unwrap();
        let errors: Vec<_> =
            self.validator.iter_errors(&log).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}\n{log:#}");
        log["runs"][0].take()
    }
}

#[test]
fn the_validator_finds_what_is_not_sarif() {
    let validator = Case::new(&[]).validator;
    let log = |level| {
        json!({ "version": "2.1.0", "runs": [{
            "tool": { "driver": { "name": "ecrane" } },
            "results": [{ "message": { "text": "" }, "level": level }],
        }] })
    };
    assert!(validator.is_valid(&log("error")));
    assert!(!validator.is_valid(&log("fatal")));
}

#[test]
fn every_problem_is_a_result_with_its_rule_and_region() {
    let config = "include: [\"teams/a b.yaml\"]\nstacks:\n  S:\n    repositories:\n      A: { repositoryName: \"日本/🚀\", imageScanOnPsh: true }\n";
    let team = "stacks:\n  T:\n    repositories:\n      B: { imageScanOnPsh: true }\n";
    let case = Case::new(&[("shop/ecrane.yaml", config), ("shop/teams/a b.yaml", team)]);
    fs::create_dir(case.folder.path().join(".git")).unwrap();
    let run = case.run("shop", &["check"], 1);

    let results = run["results"].as_array().unwrap();
    let seen: Vec<_> = results
        .iter()
        .map(|result| {
            let at = &result["locations"][0]["physicalLocation"];
            let region = &at["region"];
            assert_eq!(at["artifactLocation"]["uriBaseId"], "%SRCROOT%");
            assert_eq!(result["level"], "error");
            let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], result["ruleId"]);
            (
                result["ruleId"].as_str().unwrap(),
                at["artifactLocation"]["uri"].as_str().unwrap(),
                ["startLine", "startColumn", "endLine", "endColumn"]
                    .map(|key| region[key].as_u64()),
            )
        })
        .collect();
    // The column behind the rocket counts it once, as `columnKind` says.
    assert_eq!(
        seen,
        [
            (
                "repository::name_malformed",
                "shop/ecrane.yaml",
                [Some(5), Some(28), Some(5), Some(34)]
            ),
            ("config::unknown_key", "shop/ecrane.yaml", [Some(5), Some(36), Some(5), Some(50)]),
            (
                "config::unknown_key",
                "shop/teams/a%20b.yaml",
                [Some(4), Some(12), Some(4), Some(26)]
            ),
        ]
    );
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["tool"]["driver"]["rules"].as_array().unwrap().len(), 2);
    let rule = &run["tool"]["driver"]["rules"][1];
    assert_eq!(rule["id"], "config::unknown_key");
    assert_eq!(rule["defaultConfiguration"]["level"], "error");
    assert!(rule["help"]["markdown"].is_string(), "{rule}");
    assert!(
        results[1]["message"]["text"]
            .as_str()
            .unwrap()
            .ends_with("`imageScanOnPsh`\ndid you mean `imageScanOnPush`?"),
        "{run}"
    );
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    assert_eq!(run["invocations"][0]["exitCode"], 1);
}

#[test]
fn a_run_without_findings_has_an_empty_list_which_closes_alerts() {
    let case = Case::new(&[("ecrane.yaml", "stacks: { S: { repositories: { A: {} } } }\n")]);
    let run = case.run("", &["synth", "--backend", "cfn"], 0);
    assert_eq!(run["results"], json!([]));
    assert_eq!(run["invocations"][0]["toolExecutionNotifications"], json!([]));
}

#[test]
fn warnings_of_one_run_are_one_log() {
    let grant = "stacks: { S: { repositories: { A: { grants: [{ to: { any: true }, allow: pull }] } } } }\n";
    let case = Case::new(&[("ecrane.yaml", grant)]);
    let run = case.run("", &["synth", "--backend", "tf"], 0);
    let codes: Vec<_> =
        run["results"].as_array().unwrap().iter().map(|r| (&r["ruleId"], &r["level"])).collect();
    assert!(codes.contains(&(&json!("policy::public"), &json!("warning"))), "{codes:?}");
}

#[test]
fn what_has_no_file_is_a_notification_of_the_run() {
    let run = Case::new(&[]).run("", &["check", "missing.yaml"], 3);
    assert_eq!(run["results"], json!([]));
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notification = &invocation["toolExecutionNotifications"][0];
    assert_eq!(notification["descriptor"], json!({ "id": "config::missing_file", "index": 0 }));
    assert_eq!(run["tool"]["driver"]["notifications"][0]["id"], "config::missing_file");
}
