//! Pictures.

use std::fs;

use crate::case::Case;

const CONFIG: &str = r#"
stacks:
  Shop:
    env: { account: "111122223333", region: eu-west-1 }
    principals:
      Ci: { role: { roleName: ci, assumedBy: { service: codebuild.amazonaws.com } } }
      Web: { role: { roleName: web, assumedBy: { service: ecs-tasks.amazonaws.com } } }
    repositories:
      App: { repositoryName: shop/app, grants: [{ to: Ci, allow: pullPush }] }
      Site: { repositoryName: shop/web, grants: [{ to: Web, allow: pull }] }
"#;

#[test]
fn draws_every_format() {
    let case = Case::with(CONFIG);
    for (format, start) in [("svg", "<svg"), ("dot", "digraph"), ("mermaid", "flowchart")] {
        let ran = case.run(&["graph", "--format", format]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{format}");
        assert!(ran.stdout.starts_with(start), "{}", ran.stdout);
        assert!(ran.stdout.contains("shop/app"), "{}", ran.stdout);
        assert_eq!(ran.stdout, case.run(&["graph", "--format", format]).stdout);
    }
}

#[test]
fn shows_a_part() {
    let case = Case::with(CONFIG);
    let shown = |args: &[&str]| case.run(&[&["graph"], args].concat()).stdout;
    let part = shown(&["--principal", "Web"]);
    assert!(part.contains("shop/web") && !part.contains("shop/app"), "{part}");
    let part = shown(&["--repository", "shop/a*"]);
    assert!(part.contains("shop/app") && !part.contains("shop/web"), "{part}");
    let two =
        format!("{CONFIG}  Tools:\n    repositories: {{ Lint: {{ repositoryName: lint }} }}\n");
    let other = Case::with(&two);
    for format in ["svg", "dot", "mermaid"] {
        let part = other.run(&["graph", "--stack", "Tools", "--format", format]).stdout;
        assert!(part.contains("lint") && !part.contains("shop/app"), "{part}");
    }
    let ran = case.run(&["graph", "--stack", "Shp", "--out", "registry.svg"]);
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains("`Shop`"), "{}", ran.stderr);
    assert!(!case.path("registry.svg").exists());
}

/// A graph has no imported principals, and the config does.
#[test]
fn an_imported_principal_is_known_by_its_id() {
    let case = Case::with(
        r#"
stacks:
  Shop:
    env: { account: "111122223333", region: eu-west-1 }
    principals:
      Deployer: { roleArn: "arn:aws:iam::111122223333:role/shop-deployer" }
      Other: { roleArn: "arn:aws:iam::111122223333:role/other" }
    repositories:
      App: { repositoryName: shop/app, grants: [{ to: Deployer, allow: pull }] }
      Web: { repositoryName: shop/web, grants: [{ to: Other, allow: pull }] }
"#,
    );
    for word in ["Deployer", "Shop/Deployer", "shop-deployer"] {
        let ran = case.run(&["graph", "--principal", word]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{word}");
        assert!(ran.stdout.contains("shop/app") && !ran.stdout.contains("shop/web"), "{word}");
    }
    let query = ["--principal", "Deployer", "--action", "ecr:BatchGetImage", "--repository", "App"];
    let ran = case.run(&[&["access"], &query[..]].concat());
    assert!(ran.stdout.contains("on App: allowed"), "{}{}", ran.stdout, ran.stderr);
    let ran = case.run(&["graph", "--principal", "shop-deployr"]);
    assert_eq!(ran.code, Some(2));
    assert_eq!(ran.stderr.matches("did you mean").count(), 1, "{}", ran.stderr);
}

#[test]
fn writes_a_file_whole() {
    let case = Case::with(CONFIG);
    let ran = case.run(&["graph", "--out", "registry.svg"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{}", ran.stderr);
    let written = fs::read_to_string(case.path("registry.svg")).unwrap();
    assert_eq!(written, case.run(&["graph"]).stdout);
    let ran = case.run(&["graph", "--out", "no/registry.svg"]);
    assert_eq!(ran.code, Some(3), "{}", ran.stderr);
    assert!(ran.stderr.contains("file::io"), "{}", ran.stderr);
}
