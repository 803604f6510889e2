//! `ecrane adopt`.

use crate::case::Case;

const TEMPLATE: &str = r#"{
  "Parameters": { "Stage": { "Type": "String" } },
  "Resources": {
    "App": {
      "Type": "AWS::ECR::Repository",
      "DeletionPolicy": "Retain",
      "UpdateReplacePolicy": "Retain",
      "Properties": { "RepositoryName": { "Fn::Sub": "shop/${Stage}" } }
    }
  }
}"#;

#[test]
fn writes_a_config_that_passes_check() {
    let case = Case::new();
    case.write("Shop.json", TEMPLATE);
    let ran = case.run(&["adopt", "Shop.json", "--parameter", "Stage=prod"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{}", ran.stderr);
    assert!(case.read("ecrane.yaml").contains("repositoryName: shop/prod\n"));
    assert_eq!(case.run(&["check"]).code, Some(0));
    // Overwrites nothing.
    let before = case.contents();
    let ran = case.run(&["adopt", "Shop.json", "--parameter", "Stage=prod"]);
    assert!(ran.code == Some(3) && ran.stderr.contains("adopt::exists"), "{}", ran.stderr);
    assert_eq!(case.contents(), before);
}

#[test]
fn lists_what_it_lacks_and_writes_nothing() {
    let case = Case::new();
    let bucket = r#""Resources": { "Logs": { "Type": "AWS::S3::Bucket" },"#;
    case.write("Shop.json", TEMPLATE.replace(r#""Resources": {"#, bucket));
    let ran = case.run(&["adopt", "Shop.json"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("error[adopt::foreign_resource]: `Logs`"), "{}", ran.stderr);
    assert!(ran.stderr.contains("error[adopt::parameter_unknown]"), "{}", ran.stderr);
    assert_eq!(case.names(""), ["Shop.json"]);
    let ran = case.run(&["adopt", "Shop.json", "--partial", "--parameter", "Stage=prod"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("warning[adopt::foreign_resource]"), "{}", ran.stderr);
}

#[test]
fn refuses_what_is_no_source() {
    let case = Case::new();
    case.write("a.json", "{}");
    case.write("b.yaml", "a: [");
    let ran = case.run(&["adopt", "a.json", "b.yaml"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("adopt::unknown_source"), "{}", ran.stderr);
    assert!(ran.stderr.contains("adopt::syntax"), "{}", ran.stderr);
    assert_eq!(case.run(&["adopt", "a.json", "--parameter", "x"]).code, Some(2));
}
