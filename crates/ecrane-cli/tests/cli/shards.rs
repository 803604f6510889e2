//! A stack that is deployed as several.

#![expect(clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::case::Case;

/// A registry of `count` repositories, a role that pushes to the first twelve, and a key. IAM has no
/// room for a statement about each of a thousand.
fn registry(count: usize, shards: &str, more: &str) -> String {
    let mut config = format!(
        "stacks:
  Registry:
    stackName: acme-registry
    env: {{ account: '111122223333', region: eu-west-1 }}
    {shards}
    keys: {{ Images: {{}} }}
    principals: {{ Ci: {{ role: {{ assumedBy: {{ service: codebuild.amazonaws.com }} }} }} }}
    authorizationTokens: {{ private: [Ci] }}
    outputs: {{ Uri: {{ repository: App7, attribute: repositoryUri }} }}
    repositories:
"
    );
    for index in 0..count {
        let grants = if index < 12 { "{ to: Ci, allow: pullPush }" } else { "" };
        let _ = writeln!(
            config,
            "      App{index}: {{ repositoryName: shop/app{index}, encryptionKey: Images, \
             grants: [{grants}] }}"
        );
    }
    config + more
}

/// The repositories of each shard, by physical name.
fn repositories(case: &Case, of: usize) -> Vec<BTreeSet<String>> {
    let shard = |number| {
        let template = case.json(&format!("out/acme-registry{number}.template.json"));
        let resources = template["Resources"].as_object().unwrap().values();
        resources
            .filter(|resource| resource["Type"] == "AWS::ECR::Repository")
            .map(|r| r["Properties"]["RepositoryName"].as_str().unwrap().to_owned())
            .collect()
    };
    (1..=of).map(shard).collect()
}

#[test]
fn more_than_a_template_takes_is_spread() {
    let case = Case::with(&registry(1_200, "", ""));
    let ran = case.run(&["synth", "-b", "cfn", "--out", "out"]);
    assert_eq!(ran.code, Some(1));
    for word in ["too_many_resources", "500 resources", "1 MB", "shards: 2"] {
        assert!(ran.stderr.contains(word), "{word}: {}", ran.stderr);
    }

    case.write("ecrane.yaml", registry(1_200, "shards: 4", ""));
    let ran = case.run(&["synth", "-b", "cfn", "--out", "out"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let before = repositories(&case, 4);
    assert_eq!(before.iter().map(BTreeSet::len).sum::<usize>(), 1_200);
    let key = case.json("out/acme-registry2.template.json").to_string();
    let first = case.json("out/acme-registry1.template.json").to_string();
    assert!(key.contains("AWS::KMS::Key") && !first.contains("AWS::KMS::Key"));
    assert!(first.contains("AWS::IAM::Role") && !key.contains("AWS::IAM::Role"));
    // CloudFormation takes 200 outputs; named repositories need none.
    for number in 1..=4 {
        let template = case.json(&format!("out/acme-registry{number}.template.json"));
        let outputs = template["Outputs"].as_object().map_or(0, serde_json::Map::len);
        assert!(outputs <= 2, "{number}: {outputs}");
    }

    // One more repository moves none of the others.
    case.write("ecrane.yaml", registry(1_201, "shards: 4", ""));
    assert_eq!(case.run(&["synth", "-b", "cfn", "--out", "out"]).code, Some(0));
    let after = repositories(&case, 4);
    assert!(before.iter().zip(&after).all(|(before, after)| before.is_subset(after)));

    // So it goes with the other backend, where the key is read from the state of its stack.
    let ran = case.run(&["synth", "-b", "tf", "--out", "tf"]);
    assert!(ran.stderr.contains("terraform::no_backend"), "{}", ran.stderr);
    let backend = "terraform: { backend: { local: { path: state.tfstate } } }\n";
    case.write("ecrane.yaml", registry(1_200, "shards: 4", backend));
    let ran = case.run(&["synth", "-b", "tf", "--out", "tf"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    for (number, names) in before.iter().enumerate() {
        let module = case.json(&format!("tf/acme-registry{}/main.tf.json", number + 1));
        let found = module["resource"]["aws_ecr_repository"].as_object().unwrap().values();
        let found: BTreeSet<String> =
            found.map(|r| r["name"].as_str().unwrap().to_owned()).collect();
        assert_eq!(&found, names, "{number}");
    }
}

#[test]
fn the_declared_stack_stands_for_its_shards() {
    let other = "  Other:
    env: { account: '111122223333', region: eu-west-1 }
    repositories: { Base: { grants: [{ to: Registry/Ci, allow: pull }] } }
";
    let case = Case::with(&registry(12, "shards: 3", other));
    let ran = case.run(&["synth", "-b", "cfn", "--out", "out"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let policy = case.json("out/acme-registry1.template.json").to_string();
    assert!(policy.contains("Other:ExportsOutput"), "{policy}");
    // An output goes with its repository.
    let homes = repositories(&case, 3);
    for (number, names) in homes.iter().enumerate() {
        let template = case.json(&format!("out/acme-registry{}.template.json", number + 1));
        let has_output = template["Outputs"].get("Uri").is_some();
        assert_eq!(has_output, names.contains("shop/app7"), "{number}");
    }
    // Problems stand where the text does.
    case.write("ecrane.yaml", registry(12, "shards: 3", "").replace("to: Ci", "to: Cj"));
    let ran = case.run(&["check"]);
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.stderr.matches("error[config::unknown_id]").count(), 12, "{}", ran.stderr);
}

#[test]
fn each_shard_has_a_state_of_its_own() {
    let backend = "terraform: { backend: { s3: { bucket: acme-state, key: registry } } }\n";
    let case = Case::with(&registry(12, "shards: 2", backend));
    let ran = case.run(&["synth", "-b", "tf", "--out", "out"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let module = |number| case.json(&format!("out/acme-registry{number}/main.tf.json"));
    for number in [1, 2] {
        let s3 = &module(number)["terraform"]["backend"]["s3"];
        assert_eq!(s3["key"], format!("registry{number}"));
    }
    // The key stands in the second.
    let state = &module(1)["data"]["terraform_remote_state"]["registry2"]["config"];
    assert_eq!(state["key"], "registry2");
}

#[test]
fn cdk_1_has_no_shards() {
    let config = registry(2, "shards: 2", "compatibility: { awsCdk: '1' }\n")
        .replace("encryptionKey: Images,", "");
    let ran = Case::with(&config).run(&["check"]);
    assert_eq!(ran.code, Some(1));
    let message = "AWS CDK 1.130 does not support `shards`";
    assert!(ran.stderr.contains(message), "{}", ran.stderr);
}
