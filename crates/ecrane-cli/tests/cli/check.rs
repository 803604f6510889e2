//! `ecrane check`: all problems in one run.

use crate::case::Case;

/// What only a backend finds does not wait until the rest is mended.
#[test]
fn one_run_reports_the_problems_of_the_backend_too() {
    let config = "stacks:
  Shop:
    env: { account: '111122223333', region: eu-west-1 }
    registry: { accountSettings: { registryPolicyScope: V2 } }
    repositories:
      App:
        resourcePolicy:
          - principals: [{ arn: 'arn:aws:iam::444455556666:role/*' }]
            actions: ['ecr:BatchGetImage']
";
    let case = Case::with(config);
    for command in [&["check", "-b", "cfn"][..], &["synth", "-b", "cfn", "--out", "out"]] {
        let ran = case.run(command);
        assert_eq!(ran.code, Some(1));
        for code in ["principal::wildcard", "cloudformation::no_account_settings"] {
            assert!(ran.stderr.contains(code), "{code}: {}", ran.stderr);
        }
    }
    let ran = case.run(&["check", "-b", "tf"]);
    assert!(!ran.stderr.contains("account_settings"), "{}", ran.stderr);
    // A stack without resources can follow from an error in it.
    case.write("ecrane.yaml", "stacks: { Shop: { repositories: { App: { import: { repositoryName: a/b }, emptyOnDelete: true } } } }");
    let ran = case.run(&["check", "-b", "cfn"]);
    assert_eq!(ran.code, Some(1));
    assert!(!ran.stderr.contains("no_resources"), "{}", ran.stderr);
}

/// Both places of a duplicate id are told, once.
#[test]
fn a_duplicate_id_is_told_once() {
    let case = Case::with(
        "stacks:
  S:
    repositories: { App: {} }
    keys: { App: {} }
    registry:
      pullThroughCacheRules:
        Quay: { ecrRepositoryPrefix: quay, upstreamRegistryUrl: quay.io }
      creationTemplates:
        Quay: { prefix: quay, appliedFor: [PULL_THROUGH_CACHE] }
",
    );
    let ran = case.run(&["check"]);
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.stderr.matches("error[construct::id_taken]").count(), 2, "{}", ran.stderr);
    assert_eq!(ran.stderr.matches("first defined here: ecrane.yaml:").count(), 2, "{}", ran.stderr);
}

/// Problems come in the order of the file, whoever finds them: errors, and then warnings.
#[test]
fn warnings_come_in_the_order_of_the_file() {
    let case = Case::with(
        "stacks:
  S:
    terminationProtection: true
    env: { account: '111122223333', region: eu-west-1 }
    repositories:
      Public:
        grants: [{ to: { any: true }, allow: pull }]
      Tokens:
        grants: [{ to: { account: '444455556666' }, actions: ['ecr:GetAuthorizationToken'] }]
      Rules:
        lifecycleRules: [{ tagPrefixList: [a, b], maxImageCount: 3 }]
  T:
    terminationProtection: true
    repositories: { App: {} }
",
    );
    let ran = case.run(&["check", "-b", "tf", "--message-format", "json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let found: Vec<(u64, String)> = ran
        .stderr
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|it| Some((it["line"].as_u64()?, it["code"].as_str()?.to_owned())))
        .collect();
    let lines: Vec<u64> = found.iter().map(|(line, _)| *line).collect();
    assert!(lines.is_sorted() && lines.len() >= 5, "{found:?}");
}
