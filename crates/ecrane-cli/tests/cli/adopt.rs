//! `ecrane adopt`.

use serde_json::json;

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

/// `serde_json` would keep the last: a repository would be lost in silence.
#[test]
fn refuses_a_key_twice() {
    let case = Case::new();
    let app = r#"{ "Type": "AWS::ECR::Repository" }"#;
    case.write("a.json", format!(r#"{{ "Resources": {{ "App": {app}, "App": {app} }} }}"#));
    case.write("b.yaml", format!("Resources:\n  App: {app}\n  App: {app}\n"));
    case.write("c.json", r#"{ "TemplateBody": "Resources: {}\nOutputs: {}\nResources: {}" }"#);
    case.write("d.json", r#"{"repositories": []} {"imageDetails": [], "imageDetails": []}"#);
    let ran = case.run(&["adopt", "a.json", "b.yaml", "c.json", "d.json", "--partial"]);
    assert_eq!(ran.code, Some(1));
    for said in [
        "`a.json` contains the key `App` twice in one map: at line 1, column 18, and at line 1, column 61",
        "`b.yaml` contains the key `App` twice in one map: at line 2, column 3, and at line 3, column 3",
        "`c.json#/TemplateBody` contains the key `Resources` twice in one map: at line 1, column 1, and at line 3, column 1",
        "`d.json` contains the key `imageDetails` twice",
    ] {
        let said = format!("error[adopt::duplicate_key]: {said}");
        assert!(ran.stderr.contains(&said), "{said}: {}", ran.stderr);
    }
    assert_eq!(case.names(""), ["a.json", "b.yaml", "c.json", "d.json"]);
    // A text in a template is kept as it is.
    let policy = r#"{\"rules\": [], \"rules\": []}"#;
    let properties = format!(r#"{{ "LifecyclePolicy": {{ "LifecyclePolicyText": "{policy}" }} }}"#);
    let app = format!(r#"{{ "Type": "AWS::ECR::Repository", "Properties": {properties} }}"#);
    case.write("a.json", format!(r#"{{ "Resources": {{ "App": {app} }} }}"#));
    let ran = case.run(&["adopt", "a.json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let config = case.read("ecrane.yaml");
    assert!(config.contains("lifecycle policy text: duplicate key `rules`"), "{config}");
    assert!(config.contains(policy), "{config}");
}

/// A module of ecrane, in either layout, comes back.
#[test]
fn modules_and_cdktf_out() {
    let case = Case::new();
    case.write(
        "ecrane.yaml",
        "backend: terraform\nstacks:\n  Shop:\n    principals:\n      Ci:\n        role: { assumedBy: { service: codebuild.amazonaws.com }, roleName: ci }\n    repositories:\n      App:\n        repositoryName: shop/app\n        lifecycleRules: [{ maxImageCount: 10 }]\n        grants: [{ to: Ci, allow: pullPush }]\n",
    );
    for layout in ["plain", "cdktf"] {
        let folder = format!("{layout}.out");
        let ran = case.run(&["synth", "--layout", layout, "--out", &folder]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        let config = format!("{layout}.yaml");
        let ran = case.run(&["adopt", &folder, "--out", &config]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        let text = case.read(&config);
        assert!(text.contains("- { to: Ci, allow: pullPush }"), "{text}");
        assert_eq!(text.contains("terraformName"), layout == "cdktf", "{text}");
        let ran = case.run(&["diff", &config, "-b", "terraform", "--against", &folder]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), "no changes\n"), "{}", ran.stderr);
    }
}

/// Resources of modules move, by the ledger beside the config.
#[test]
fn a_state_with_a_module() {
    let case = Case::new();
    let instance = r#"{ "attributes": { "name": "shop/app" }, "index_key": 0 }"#;
    let state = format!(
        r#"{{ "version": 4, "terraform_version": "1.11.4", "lineage": "x", "resources": [
            {{ "module": "module.ecr[\"app\"]", "mode": "managed", "type": "aws_ecr_repository",
               "name": "this", "instances": [{instance}] }}] }}"#
    );
    case.write("Shop.tfstate", state);
    let ran = case.run(&["adopt", "Shop.tfstate"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(case.names(""), ["Shop.tfstate", "ecrane.addresses.json", "ecrane.yaml"]);
    let ran = case.run(&["synth", "-b", "terraform", "--stdout"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let from = r#""from": "module.ecr[\"app\"].aws_ecr_repository.this[0]""#;
    assert!(ran.stdout.contains(from), "{}", ran.stdout);
    assert!(ran.stdout.contains(r#""to": "aws_ecr_repository.app""#), "{}", ran.stdout);
}

/// What a registry has once, and what only Terraform has.
#[test]
fn settings_of_a_registry_from_the_aws_cli() {
    let case = Case::new();
    let profile = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/images";
    let scanner = "arn:aws:iam::111122223333:role/scanner";
    for (name, answer) in [
        (
            "repositories",
            json!({ "repositories": [{ "repositoryName": "shop/app", "registryId": "111122223333",
                "repositoryArn": "arn:aws:ecr:eu-west-1:111122223333:repository/shop/app" }] }),
        ),
        (
            "signing",
            json!({ "registryId": "111122223333",
                "signingConfiguration": { "rules": [{ "signingProfileArn": profile }] } }),
        ),
        ("exclusions", json!({ "pullTimeUpdateExclusions": [scanner] })),
        ("mounting", json!({ "name": "BLOB_MOUNTING", "value": "ENABLED" })),
        ("scope", json!({ "name": "REGISTRY_POLICY_SCOPE", "value": "V2" })),
    ] {
        case.write(&format!("account/{name}.json"), answer.to_string());
    }
    let ran = case.run(&["adopt", "account", "--out", "-"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let comment =
        "# CloudFormation has no resource type for account settings\nbackend: terraform\n";
    assert!(ran.stdout.starts_with(comment), "{}", ran.stdout);
    let registry = ran.stdout.split("    registry:\n").nth(1).unwrap();
    assert!(registry.contains("blobMounting: ENABLED"), "{registry}");
    assert!(registry.contains(profile) && registry.contains(scanner), "{registry}");
    assert!(!ran.stdout.contains("registryPolicyScope"), "{}", ran.stdout);
    case.write("ecrane.yaml", &ran.stdout);
    case.write("ecrane.addresses.json", r#"{ "version": 1, "plain": {} }"#);
    let ran = case.run(&["synth", "--import"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let module = case.json("ecrane.out/Registry/main.tf.json").to_string();
    let ids = ["BLOB_MOUNTING", scanner, "111122223333", "shop/app"];
    for id in ids.map(|id| format!(r#""id":"{id}""#)) {
        assert!(module.contains(&id), "{id}: {module}");
    }
}

/// The assemblies of stages are in directories of their own; other directories are assets.
#[test]
fn stages_of_the_cdk() {
    let case = Case::new();
    let template = TEMPLATE.replace(r#"{ "Fn::Sub": "shop/${Stage}" }"#, r#""shop/app""#);
    let stack = |file: &str| {
        json!({ "type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region",
            "properties": { "templateFile": file } })
    };
    let stage = json!({ "artifacts": { "Prod": { "type": "cdk:cloud-assembly" } } });
    let shop = json!({ "artifacts": { "ProdShop": stack("ProdShop.template.json") } });
    case.write("cdk.out/manifest.json", stage.to_string());
    case.write("cdk.out/assembly-Prod/manifest.json", shop.to_string());
    case.write("cdk.out/assembly-Prod/ProdShop.template.json", &template);
    case.write("cdk.out/asset.0a1b/manifest.json", "{");
    let ran = case.run(&["adopt", "cdk.out", "--out", "-"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("\n  ProdShop:\n"), "{}", ran.stdout);
}

#[test]
fn writes_yaml_only() {
    let case = Case::new();
    case.write("Shop.json", TEMPLATE);
    let ran = case.run(&["adopt", "Shop.json", "--parameter", "Stage=prod", "--out", "a.json"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("adopt::not_yaml"), "{}", ran.stderr);
    assert_eq!(case.names(""), ["Shop.json"]);
}
