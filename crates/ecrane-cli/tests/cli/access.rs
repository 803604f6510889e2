//! Who can do what.

use serde_json::Value;

use crate::case::{Case, Ran};

const CONFIG: &str = r#"
stacks:
  Shop:
    env: { account: "111122223333", region: eu-west-1 }
    principals:
      Ci: { role: { roleName: ci, assumedBy: { service: codebuild.amazonaws.com } } }
    repositories:
      App:
        repositoryName: shop/app
        grants:
          - { to: Ci, allow: pullPush }
          - { to: { organization: o-abcde12345 }, allow: pull }
          - { to: Ci, actions: ["ecr:BatchDeleteImage"] }
          - { to: { account: "444455556666" }, allow: push }
"#;

fn decision(case: &Case, more: &[&str]) -> Value {
    let Ran { code, stdout, stderr } =
        case.run(&[&["access", "--format", "json", "--repository", "App"], more].concat());
    assert_eq!(code, Some(0), "{stderr}");
    serde_json::from_str(&stdout).unwrap()
}

#[test]
fn answers_with_the_places_of_statements() {
    let case = Case::with(CONFIG);
    let found = decision(&case, &["--principal", "Ci", "--action", "ecr:PutImage"]);
    assert_eq!(found["decision"], "allowed");
    assert_eq!(found["because"][0]["place"]["file"], "ecrane.yaml");
    assert_eq!(found["because"][0]["place"]["line"], 11);

    let other = ["--principal", "arn:aws:iam::444455556666:role/x", "--action", "ecr:PutImage"];
    assert_eq!(decision(&case, &other)["decision"], "implicitlyDenied");
    let assumed = [&other[..], &["--assume-identity-allows"]].concat();
    assert_eq!(decision(&case, &assumed)["decision"], "allowed");

    let member = ["--principal", "arn:aws:iam::777788889999:user/x", "--action"];
    let member = [&member[..], &["ecr:BatchGetImage", "--assume-identity-allows"]].concat();
    assert_eq!(decision(&case, &member)["decision"], "implicitlyDenied");
    let inside = [&member[..], &["--context", "aws:PrincipalOrgID=o-abcde12345"]].concat();
    assert_eq!(decision(&case, &inside)["decision"], "allowed");
}

#[test]
fn shows_the_matrix() {
    let case = Case::with(CONFIG);
    let text = case.run(&["access"]).stdout;
    assert!(text.contains("arn:aws:iam::111122223333:role/ci (Shop/Ci, ecrane.yaml:6:"), "{text}");
    assert!(text.contains("  assumed by  codebuild.amazonaws.com\n"), "{text}");
    assert!(text.contains("  log in      yes\n"), "{text}");
    assert!(text.contains("  pull        shop/app\n"), "{text}");
    assert!(text.contains("organization o-abcde12345"), "{text}");
    let json: Value =
        serde_json::from_str(&case.run(&["access", "--format", "json"]).stdout).unwrap();
    let rows = json["principals"].as_array().unwrap();
    let account = rows.iter().find(|row| row["principal"] == "account 444455556666").unwrap();
    assert_eq!(account["repositories"][0]["push"]["access"], "if");
    assert_eq!(account["repositories"][0]["administer"]["access"], "no");
    let csv = case.run(&["access", "--format", "csv"]).stdout;
    assert_eq!(csv.lines().count(), rows.len() + 1, "{csv}");
    assert!(csv.lines().next().unwrap().ends_with(",conditions,assumedBy,unknown"), "{csv}");
    assert!(csv.contains(",codebuild.amazonaws.com,\n"), "{csv}");
    let markdown = case.run(&["access", "--format", "markdown"]).stdout;
    assert_eq!(markdown.lines().filter(|line| line.starts_with("| ")).count(), rows.len() + 1);
}

#[test]
fn check_warns_and_synth_does_not() {
    let case = Case::with(CONFIG);
    let check = case.run(&["check"]);
    assert_eq!(check.code, Some(0), "{}", check.stderr);
    for code in ["access::write_elsewhere", "access::administer"] {
        assert!(check.stderr.contains(code), "{}", check.stderr);
    }
    let synth = case.run(&["synth", "--backend", "cloudformation"]);
    assert!(!synth.stderr.contains("access::"), "{}", synth.stderr);
}

#[test]
fn refuses_what_makes_no_question() {
    let case = Case::with(CONFIG);
    let ask = |more: &[&str]| {
        let all = ["access", "--principal", "Ci", "--action", "ecr:PutImage"];
        case.run(&[&all[..], more].concat())
    };
    for (more, code, error) in [
        (&["--repository", "Ap"][..], 1, "access::unknown_repository"),
        (&[], 1, "access::no_repository"),
        (&["--repository", "App", "--context", "x"], 2, "access::no_value"),
        (&["--repository", "App", "--format", "csv"], 2, "access::format_of_matrix"),
    ] {
        let ran = ask(more);
        assert_eq!(ran.code, Some(code), "{}", ran.stderr);
        assert!(ran.stderr.contains(error), "{}", ran.stderr);
    }
}

/// What a policy of the config is about and the matrix is not, is told. A public repository is a
/// column like others, and its own login a line.
#[test]
fn public_repositories_and_what_it_does_not_evaluate() {
    let case = Case::with(
        r#"
stacks:
  Shop:
    env: { account: "111122223333", region: us-east-1 }
    principals:
      Publisher: { user: { userName: publisher } }
    publicRepositories:
      Tool:
        repositoryName: tool
        resourcePolicy:
          - { principals: [{ arn: "arn:aws:iam::111122223333:user/publisher" }], actions: ["ecr-public:*"] }
    authorizationTokens: { publicGallery: [Publisher] }
    registry:
      creationTemplates:
        Team:
          prefix: team
          appliedFor: [PULL_THROUGH_CACHE]
          resourcePolicy:
            - { principals: [{ account: "444455556666" }], actions: ["ecr:BatchGetImage"] }
"#,
    );
    for format in ["table", "markdown"] {
        let text = case.run(&["access", "--format", format]).stdout;
        assert!(text.contains("the creation template for `team`"), "{text}");
    }
    let json = case.run(&["access", "--format", "json"]).stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["notEvaluated"].as_array().unwrap().len(), 1, "{json}");
    let publisher = "arn:aws:iam::111122223333:user/publisher";
    let rows = json["principals"].as_array().unwrap();
    let row = |name: &str| rows.iter().find(|row| row["principal"] == name).unwrap();
    assert_eq!(row(publisher)["publicLogIn"]["access"], "yes", "{json}");
    assert_eq!(row(publisher)["repositories"][0]["push"]["access"], "yes", "{json}");
    assert_eq!(row("everyone")["repositories"][0]["pull"]["access"], "yes", "{json}");
    let table = case.run(&["access"]).stdout;
    for line in ["  log in      to Amazon ECR Public: yes\n", "  administer  tool\n"] {
        assert!(table.contains(line), "{table}");
    }
    let csv = case.run(&["access", "--format", "csv"]).stdout;
    let tool = "arn:aws:ecr-public::111122223333:repository/tool";
    assert!(csv.contains(&format!("{publisher},{tool},yes,yes,yes,yes,yes,")), "{csv}");
    let ask = |action| {
        case.run(&[
            "access",
            "--principal",
            "Publisher",
            "--action",
            action,
            "--repository",
            "Tool",
        ])
    };
    assert!(ask("ecr-public:PutImage").stdout.contains(": allowed"));
    assert!(ask("ecr:PutImage").stderr.contains("access::other_service"));
}

/// The id of a construct and the condition of a grant can be any text.
#[test]
fn hostile_names_are_only_text() {
    let case = Case::with(
        r#"
stacks:
  Shop:
    env: { account: "111122223333", region: eu-west-1 }
    principals:
      "=cmd|'/C calc'!A0\e[31m\u202e<b>": { role: { assumedBy: { service: codebuild.amazonaws.com } } }
    repositories:
      App:
        repositoryName: shop/app
        grants:
          - { to: "=cmd|'/C calc'!A0\e[31m\u202e<b>", allow: pull }
          - to: { account: "444455556666", conditions: { StringEquals: { "aws:PrincipalTag/team": "a|b\n# c <script>" } } }
            allow: pull
"#,
    );
    for format in ["table", "markdown", "csv", "json"] {
        let ran = case.run(&["access", "--format", format]);
        assert_eq!(ran.code, Some(0), "{format}: {}", ran.stderr);
        let tricky = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(format == "json" || !ran.stdout.contains(tricky), "{format}: {:?}", ran.stdout);
        assert!(
            format != "csv" || !ran.stdout.lines().any(|it| it.starts_with('=')),
            "{}",
            ran.stdout
        );
        if format == "markdown" {
            assert!(!ran.stdout.contains("<script>"), "{}", ran.stdout);
            let cells = |line: &str| line.replace("\\|", "").matches('|').count();
            let table = ran.stdout.lines().filter(|line| line.starts_with('|'));
            assert!(table.map(cells).all(|count| count == 9), "{}", ran.stdout);
        }
    }
}
