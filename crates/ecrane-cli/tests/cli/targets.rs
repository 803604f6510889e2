//! A stack that is deployed to many accounts and regions is one stack.

use crate::case::Case;

const CONFIG: &str = "
stacks:
  Registry:
    stackName: acme-registry
    targets:
      accounts: ['111122223333', '444455556666']
      regions: [eu-west-1, us-east-1]
    principals:
      Ci: { role: { assumedBy: { service: codebuild.amazonaws.com } } }
    repositories:
      App: { repositoryName: shop/app, grants: [{ to: Ci, allow: pull }] }
";

#[test]
fn a_change_is_shown_once() {
    let case = Case::with(CONFIG);
    assert_eq!(case.run(&["synth", "-b", "cfn", "--out", "cfn"]).code, Some(0));
    assert_eq!(case.run(&["synth", "-b", "tf", "--out", "tf"]).code, Some(0));
    assert_eq!(case.run(&["synth", "--layout", "cdktf", "--out", "cdktf"]).code, Some(0));
    let printed = case.run(&["synth", "-b", "tf", "--stdout"]);
    case.write("printed.json", printed.stdout);
    let against = [
        "cfn",
        "cfn/acme-registry.template.json",
        "cfn/acme-registry.stack-set.json",
        "tf",
        "tf/modules/acme-registry/main.tf.json",
        "cdktf",
        "printed.json",
    ];
    for earlier in against {
        let ran = case.run(&["diff", "--against", earlier]);
        assert_eq!(ran.code, Some(0), "{earlier}: {}", ran.stderr);
        assert!(!ran.stdout.contains("to add"), "{earlier}: {}", ran.stdout);
        assert!(!ran.stdout.contains("to remove"), "{earlier}: {}", ran.stdout);
    }
    case.write("ecrane.yaml", CONFIG.replace("allow: pull", "allow: pullPush"));
    for earlier in against {
        let ran = case.run(&["diff", "--against", earlier]);
        assert!(ran.stdout.contains("to update"), "{earlier}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.contains("may now push to `shop/app`"), "{earlier}: {}", ran.stdout);
        assert!(!ran.stdout.contains("to add"), "{earlier}: {}", ran.stdout);
    }
}

#[test]
fn a_stack_can_be_selected() {
    let other = "  Other: { repositories: { Base: {} } }\n";
    let case = Case::with(&format!("{CONFIG}{other}"));
    let ran = case.run(&["synth", "-b", "tf", "--stack", "Registry"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("wrote 5 files"), "{}", ran.stderr);
    assert!(ran.stderr.contains("and so on for the 4 root modules"), "{}", ran.stderr);
    assert!(!case.path("ecrane.out/Other").exists());
    assert!(case.path("ecrane.out/acme-registry/444455556666/us-east-1/target.tf.json").exists());
}

/// No account is claimed: what is allowed is allowed in each of them.
#[test]
fn access_names_no_account() {
    let case = Case::with(CONFIG);
    let ran = case.run(&["access"]);
    assert!(ran.stdout.contains("arn:aws:iam::<account>:role/<Registry/Ci>"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("111122223333"), "{}", ran.stdout);
}

#[test]
fn one_state_is_not_that_of_all_targets() {
    let case = Case::with(CONFIG);
    case.write(
        "state.json",
        r#"{"version":4,"terraform_version":"1.11.4","lineage":"x","resources":[]}"#,
    );
    for command in [
        ["synth", "-b", "tf", "--from-state", "state.json"].as_slice(),
        &["diff", "--against", "state.json"],
    ] {
        let ran = case.run(command);
        assert_eq!(ran.code, Some(2), "{command:?}: {}", ran.stderr);
        assert!(ran.stderr.contains("ledger::state_of_targets"), "{command:?}: {}", ran.stderr);
    }
    assert!(!case.path("ecrane.out").exists());
}

/// The addresses of a retained repository that leaves the config stay in the ledger, once for all
/// targets, and the module forgets it without destroying it.
#[test]
fn the_ledger_is_that_of_the_module() {
    let two = format!("{CONFIG}      Old: {{ repositoryName: shop/old }}\n");
    let case = Case::with(&two);
    assert_eq!(case.run(&["synth", "-b", "tf"]).code, Some(0));
    case.write("ecrane.yaml", CONFIG);
    assert_eq!(case.run(&["synth", "-b", "tf"]).code, Some(0));
    let module = case.json("ecrane.out/modules/acme-registry/main.tf.json");
    assert_eq!(module["removed"][0]["from"], "aws_ecr_repository.old");
    let root = case.json("ecrane.out/acme-registry/111122223333/us-east-1/target.tf.json");
    assert_eq!(root["terraform"]["required_version"], ">= 1.7.0");
    // Without a ledger, the earlier output says the same.
    std::fs::remove_file(case.path("ecrane.addresses.json")).unwrap();
    case.write("ecrane.yaml", two);
    assert_eq!(case.run(&["synth", "-b", "tf", "--out", "again"]).code, Some(0));
    std::fs::remove_file(case.path("ecrane.addresses.json")).unwrap();
    case.write("ecrane.yaml", CONFIG);
    assert_eq!(case.run(&["synth", "-b", "tf", "--out", "again"]).code, Some(0));
    let module = case.json("again/modules/acme-registry/main.tf.json");
    assert_eq!(module["removed"][0]["from"], "aws_ecr_repository.old");
}
