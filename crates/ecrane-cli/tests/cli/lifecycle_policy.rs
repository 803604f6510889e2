//! Policies that somebody else has written.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use crate::case::{Case, Ran};

const RIGHT: &str = r#"{
  "rules": [
    {
      "rulePriority": 1,
      "selection": { "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 10 },
      "action": { "type": "expire" }
    }
  ]
}
"#;

fn check(policy: &[u8]) -> Ran {
    let case = Case::new();
    case.write("policy.json", policy);
    case.run(&["check", "--lifecycle-policy", "policy.json"])
}

#[test]
fn a_right_policy() {
    let ran = check(RIGHT.as_bytes());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", "no problem in policy.json\n"));
}

/// What `aws ecr get-lifecycle-policy` prints.
#[test]
fn the_output_of_the_aws_cli() {
    let output = |policy: &str| {
        serde_json::json!({
            "registryId": "111122223333",
            "repositoryName": "shop/app",
            "lifecyclePolicyText": policy,
            "lastEvaluatedAt": 1_700_000_000.5,
        })
    };
    let ran = check(output(RIGHT).to_string().as_bytes());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(ran.stderr, "no problem in lifecyclePolicyText of policy.json\n");
    let ran = check(output(&RIGHT.replace("\"expire\"", "\"archive\"")).to_string().as_bytes());
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.starts_with("error[lifecycle::bad_action_type]"), "{}", ran.stderr);
    assert!(ran.stderr.contains("--> lifecyclePolicyText of policy.json:6:27"), "{}", ran.stderr);
}

#[test]
fn a_key_twice() {
    let ran = check(
        RIGHT.replace("\"rulePriority\": 1", "\"rulePriority\": 2, \"rulePriority\": 1").as_bytes(),
    );
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.starts_with("warning[lifecycle::duplicate_key]"), "{}", ran.stderr);
    // The last one counts, and is validated.
    let ran = check(
        RIGHT.replace("\"rulePriority\": 1", "\"rulePriority\": 2, \"rulePriority\": 0").as_bytes(),
    );
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(ran.stderr.contains("error[lifecycle::"), "{}", ran.stderr);
}

#[test]
fn a_wrong_policy() {
    let ran = check(RIGHT.replace("\"expire\"", "\"archive\"").as_bytes());
    assert_eq!(ran.code, Some(1));
    assert_eq!(
        ran.stderr,
        r#"error[lifecycle::bad_action_type]: `type` is not `expire` or `transition`
 --> policy.json:6:27
  |
4 |       "rulePriority": 1,
5 |       "selection": { "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 10 },
6 |       "action": { "type": "archive" }
  |                           ^^^^^^^^^
7 |     }
8 |   ]
  |
  = help: use `expire` or `transition` (https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html)

error: 1 problem in policy.json

For an explanation, run `ecrane explain lifecycle::bad_action_type`.
"#
    );
}

#[test]
fn tells_programs_all_of_it() {
    let case = Case::new();
    case.write("policy.json", RIGHT.replace("10 }", "0, \"countUnit\": null }"));
    let args = ["check", "--lifecycle-policy", "policy.json", "--message-format", "json"];
    let ran = case.run(&args);
    assert_eq!(ran.code, Some(1));
    let found: Vec<serde_json::Value> =
        ran.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> = found.iter().map(|f| (f["code"].as_str().unwrap(), &f["pointer"])).collect();
    let selection = "/rules/0/selection";
    assert_eq!(
        told,
        [
            ("lifecycle::countNumber_below_1", &format!("{selection}/countNumber").into()),
            ("lifecycle::null_countUnit", &format!("{selection}/countUnit").into()),
        ]
    );
    assert!(found.iter().all(|f| f["line"] == 5 && f["file"] == "policy.json"), "{found:?}");
}

#[test]
fn a_warning_does_not_fail() {
    let selection = r#""tagStatus": "tagged", "tagPrefixList": ["a", "b"]"#;
    let ran = check(RIGHT.replace(r#""tagStatus": "any""#, selection).as_bytes());
    assert_eq!(ran.code, Some(0));
    assert!(ran.stderr.starts_with("warning[lifecycle::every_tag_needed]"), "{}", ran.stderr);
}

#[test]
fn what_is_no_json() {
    let ran = check(RIGHT.replace("10 }", "10, }").as_bytes());
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.starts_with("error[lifecycle::not_json]: lifecycle policy is not JSON: "));
    assert!(ran.stderr.contains(" --> policy.json:5:"), "{}", ran.stderr);
    for policy in [b"".as_slice(), b"\xff", &[b' '; 200]] {
        let ran = check(policy);
        assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    }
    assert_eq!(check(format!("\u{feff}{RIGHT}").as_bytes()).code, Some(1));
}

#[test]
fn from_stdin() {
    for (policy, code) in [(RIGHT, 0), ("{}", 1)] {
        let case = Case::new();
        let mut child = case
            .ecrane()
            .args(["check", "--lifecycle-policy", "-"])
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(policy.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{stderr}");
        assert!(stderr.contains("in stdin"), "{stderr}");
    }
}

#[test]
fn what_cannot_be_read() {
    let case = Case::with("stacks: {}");
    for path in ["nothing.json", "."] {
        let ran = case.run(&["check", "--lifecycle-policy", path]);
        assert_eq!(ran.code, Some(3), "{}", ran.stderr);
    }
    for args in [["ecrane.yaml", "--lifecycle-policy=x"], ["-bcfn", "--lifecycle-policy=x"]] {
        let ran = case.run(&[&["check"], args.as_slice()].concat());
        assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    }
}

/// What is written for a config is what a policy may say, with the rules of the archive, too.
#[test]
fn what_is_written_is_taken() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/archive-lifecycle");
    let case = Case::with(&fs::read_to_string(example.join("ecrane.yaml")).unwrap());
    let mut texts = Vec::new();
    for (backend, at) in [
        ("cloudformation", "/Resources/Service/Properties/LifecyclePolicy/LifecyclePolicyText"),
        ("terraform", "/resource/aws_ecr_lifecycle_policy/service/policy"),
    ] {
        let ran = case.run(&["synth", "--backend", backend, "--stdout"]);
        let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        // Only a logical id of CloudFormation has a hash behind it.
        let id = document["Resources"].as_object().and_then(|all| all.keys().next());
        let at = id.map_or(at.to_owned(), |id| at.replace("Service", id));
        let text = document.pointer(&at).unwrap().as_str().unwrap().to_owned();
        let ran = check(text.as_bytes());
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), "no problem in policy.json\n"));
        texts.push(text);
    }
    assert_eq!(texts[0], texts[1]);
    let policy: serde_json::Value = serde_json::from_str(&texts[0]).unwrap();
    let rules = policy["rules"].as_array().unwrap();
    assert_eq!(rules.len(), 4);
    assert_eq!(rules[2]["selection"]["countType"], "sinceImagePulled");
    assert_eq!(rules[2]["action"]["targetStorageClass"], "archive");
    assert_eq!(rules[3]["selection"]["storageClass"], "archive");
}
