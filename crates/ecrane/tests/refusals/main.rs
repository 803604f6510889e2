//! What AWS refuses is refused, what does nothing is a warning, and what AWS takes is taken: the
//! facts of `cases.json`, and their neighbours, on both backends.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use ecrane::config::{Document, Format};
use ecrane::{Problem, Problems, Severity, cloudformation, schema, terraform};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Case {
    name: String,
    expect: Verdict,
    backend: Backends,
    #[serde(default)]
    rule: String,
    config: Value,
}

/// What becomes of a config. `Warn` is a warning and no error, `Accept` is neither.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Refuse,
    Warn,
    Accept,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Backends {
    Both,
    Cloudformation,
    Terraform,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Backend {
    Cloudformation,
    Terraform,
}

/// All problems of a config on a backend.
fn problems(config: &Value, backend: Backend) -> Vec<Problem> {
    let document = Document::parse("case.json", Format::Json, &config.to_string()).unwrap();
    let build = || -> Result<Vec<Problem>, Problems> {
        let graph = schema::load(&document)?.build()?;
        let of_backend = match backend {
            Backend::Cloudformation => {
                cloudformation::render(&graph, &cloudformation::Options::default())?.warnings
            }
            Backend::Terraform => {
                terraform::render(&graph, &terraform::Options::default())?.warnings
            }
        };
        Ok(graph.warnings().iter().cloned().chain(of_backend).collect())
    };
    build().unwrap_or_else(|problems| problems.into_iter().collect())
}

/// The config of this case is not about its rule, a target that needs a role: it is the repository
/// policy by IP address that the ECR user guide shows ("Private repository policy examples in Amazon
/// ECR", <https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html>),
/// which AWS takes. `ecrane-config/tests/refused_events.rs` has the rule.
const MISFILED: (&str, Verdict) = ("18", Verdict::Accept);

fn verdict(problems: &[Problem]) -> Verdict {
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        Verdict::Refuse
    } else if problems.is_empty() {
        Verdict::Accept
    } else {
        Verdict::Warn
    }
}

#[test]
fn verdicts_are_those_of_aws() {
    judge(include_str!("cases.json"));
}

/// Configs that are like the cases and not the same, by which a rule differs from a case.
#[test]
fn verdicts_on_neighbours_follow_the_rules() {
    judge(include_str!("neighbours.json"));
}

fn judge(cases: &str) {
    let cases: Vec<Case> = serde_json::from_str(cases).unwrap();
    assert!(!cases.is_empty());
    let mut wrong = Vec::new();
    for case in &cases {
        for (backend, of) in [
            (Backend::Cloudformation, Backends::Cloudformation),
            (Backend::Terraform, Backends::Terraform),
        ] {
            if case.backend != Backends::Both && case.backend != of {
                continue;
            }
            let problems = problems(&case.config, backend);
            let found = verdict(&problems);
            let expect = if case.name == MISFILED.0 { MISFILED.1 } else { case.expect };
            if found != expect {
                let told: Vec<_> = problems.iter().map(ToString::to_string).collect();
                wrong.push(format!(
                    "{} ({}) on {backend:?}: {found:?}, and AWS: {expect:?}\n{}",
                    case.name,
                    case.rule,
                    told.join("\n")
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
