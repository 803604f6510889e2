//! Cloud assemblies of the AWS CDK (`cdk.out`).

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use ecrane_adopt::{Source, SourceError, adopt};
use ecrane_document::Explain as _;
use indexmap::IndexMap;
use serde_json::{Value, json};

fn source(name: &str, document: &Value) -> Source {
    Source { name: name.to_owned(), text: document.to_string() }
}

/// A manifest with artifacts by ID.
fn manifest(artifacts: &Value) -> Value {
    json!({ "version": "36.0.0", "artifacts": artifacts })
}

fn stack(file: &str) -> Value {
    json!({ "type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-west-1",
        "properties": { "templateFile": file } })
}

fn template(name: &str, path: &str) -> Value {
    json!({ "Resources": { "AppF1B96344": {
        "Type": "AWS::ECR::Repository", "Metadata": { "aws:cdk:path": path },
        "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain",
        "Properties": { "RepositoryName": name } } } })
}

fn shop() -> Source {
    source("cdk.out/manifest.json", &manifest(&json!({ "Shop": stack("Shop.template.json") })))
}

fn refused(sources: &[Source]) -> Vec<SourceError> {
    adopt(sources, &IndexMap::new()).unwrap_err()
}

/// The assembly of a stage is below that of the app.
#[test]
fn a_stage() {
    let mut of_stage = stack("ProdShop3F2A.template.json");
    of_stage["displayName"] = "Prod/Shop".into();
    of_stage["properties"]["stackName"] = "Prod-Shop".into();
    let nested = json!({ "Prod": { "type": "cdk:cloud-assembly",
        "properties": { "directoryName": "assembly-Prod" } } });
    let sources = [
        source("cdk.out/manifest.json", &manifest(&nested)),
        source(
            "cdk.out/assembly-Prod/manifest.json",
            &manifest(&json!({ "ProdShop3F2A": of_stage })),
        ),
        source(
            "cdk.out/assembly-Prod/ProdShop3F2A.template.json",
            &template("shop/app", "Prod/Shop/App/Resource"),
        ),
    ];
    let adoption = adopt(&sources, &IndexMap::new()).unwrap();
    assert_eq!(adoption.not_adopted, []);
    let expected = "\
stacks:
  Prod/Shop:
    stackName: Prod-Shop
    env:
      account: \"111122223333\"
      region: eu-west-1
    repositories:
      App:
        repositoryName: shop/app
";
    assert_eq!(adoption.yaml(), expected);
    // The template alone says the ID, and the CDK's default is the name.
    let [.., template] = sources;
    let adoption = adopt(&[template], &IndexMap::new()).unwrap();
    let expected = expected.replace("    env:\n      account: \"111122223333\"\n", "");
    assert_eq!(adoption.yaml(), expected.replace("      region: eu-west-1\n", ""));
}

/// `cdk synth` leaves the templates of stacks that have gone.
#[test]
fn what_an_earlier_synthesis_left() {
    let sources = [
        shop(),
        source("cdk.out/Old.template.json", &template("old/app", "Old/App/Resource")),
        source("cdk.out/Shop.template.json", &template("shop/app", "Shop/App/Resource")),
    ];
    let adoption = adopt(&sources, &IndexMap::new()).unwrap();
    let stacks = adoption.config["stacks"].as_object().unwrap();
    assert_eq!(stacks.keys().collect::<Vec<_>>(), ["Shop"]);
}

#[test]
fn a_manifest_alone() {
    let [error] = refused(&[shop()]).try_into().unwrap();
    assert_eq!(error.code(), "adopt::no_template");
    assert!(error.to_string().contains("`Shop.template.json`"), "{error}");
}

/// An assembly does not know the values of parameters, and the deployed stack does.
#[test]
fn a_deployed_stack_with_parameters() {
    let mut template = template("shop/app", "Shop/App/Resource");
    template["Parameters"] = json!({ "Stage": { "Type": "String" } });
    template["Resources"]["AppF1B96344"]["Properties"]["RepositoryName"] =
        json!({ "Ref": "Stage" });
    let described = json!({ "Stacks": [{
        "StackName": "Shop", "StackId": "arn:aws:cloudformation:eu-west-1:111122223333:stack/Shop/1a",
        "Parameters": [{ "ParameterKey": "Stage", "ParameterValue": "prod" }] }] });
    let sources = [
        shop(),
        source("cdk.out/Shop.template.json", &template),
        source("stacks.json", &described),
    ];
    let adoption = adopt(&sources, &IndexMap::new()).unwrap();
    assert_eq!(adoption.not_adopted, []);
    let app = &adoption.config["stacks"]["Shop"]["repositories"]["App"];
    assert_eq!(app["repositoryName"], "prod");
}
