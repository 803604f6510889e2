//! Stack sets: the templates that deploy a template to many accounts and regions.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::needless_pass_by_value, reason = "values are written where they are passed")]

use std::collections::BTreeMap;

use ecrane_cloudformation::{Layout, Options, render};
use ecrane_config::Config;
use ecrane_core::{Graph, Style};
use serde_json::{Value, json};

fn graph(stacks: Value) -> Graph {
    let config = json!({ "stacks": stacks });
    serde_json::from_value::<Config>(config).unwrap().build().unwrap()
}

fn files(graph: &Graph, options: &Options) -> BTreeMap<String, Value> {
    let files = render(graph, options).unwrap().files;
    let read = |file: &ecrane_core::File<'_>| {
        serde_json::from_slice(&file.to_vec(Style::Pretty).unwrap()).unwrap()
    };
    files.iter().map(|file| (file.path.clone(), read(file))).collect()
}

fn codes(graph: &Graph, options: &Options) -> Vec<String> {
    let problems = render(graph, options).unwrap_err();
    problems.iter().map(|it| format!("{} {}", it.fact.code(), it.place)).collect()
}

fn registry(targets: Value, count: usize) -> Value {
    let repository =
        |index| (format!("App{index}"), json!({ "repositoryName": format!("shop/{index}") }));
    let repositories: Value = (0..count).map(repository).collect();
    json!({ "Registry": {
        "stackName": "acme-registry",
        "description": "Images",
        "tags": { "team": "platform", "cost": "42" },
        "targets": targets,
        "repositories": repositories,
    } })
}

fn accounts() -> Value {
    json!({ "accounts": ["111122223333", "444455556666"], "regions": ["eu-west-1", "us-east-1"] })
}

#[test]
fn a_template_deploys_the_template() {
    let graph = graph(registry(accounts(), 1));
    let files = files(&graph, &Options::default());
    let names: Vec<_> = files.keys().map(String::as_str).collect();
    assert_eq!(names, ["acme-registry.stack-set.json", "acme-registry.template.json"]);
    let mut set = files["acme-registry.stack-set.json"].clone();
    let body = set["Resources"]["StackSet"]["Properties"]["TemplateBody"].take();
    let body: Value = serde_json::from_str(body.as_str().unwrap()).unwrap();
    assert_eq!(body, files["acme-registry.template.json"]);
    assert_eq!(
        set,
        json!({
            "Description": "Images",
            "Resources": { "StackSet": {
                "Type": "AWS::CloudFormation::StackSet",
                "Properties": {
                    "StackSetName": "acme-registry",
                    "Description": "Images",
                    "PermissionModel": "SELF_MANAGED",
                    "StackInstancesGroup": [{
                        "DeploymentTargets": { "Accounts": ["111122223333", "444455556666"] },
                        "Regions": ["eu-west-1", "us-east-1"],
                    }],
                    "Tags": [
                        { "Key": "cost", "Value": "42" },
                        { "Key": "team", "Value": "platform" },
                    ],
                    "TemplateBody": null,
                },
            } },
        })
    );
}

#[test]
fn all_properties() {
    let properties = |targets: Value| {
        let graph = graph(registry(targets, 1));
        let files = files(&graph, &Options::default());
        files["acme-registry.stack-set.json"]["Resources"]["StackSet"]["Properties"].clone()
    };
    let mut targets = accounts();
    targets["executionRoleName"] = "deploy".into();
    targets["administrationRoleArn"] = "arn:aws:iam::111122223333:role/admin".into();
    targets["operationPreferences"] = json!({
        "failureToleranceCount": 2,
        "maxConcurrentPercentage": 25,
        "concurrencyMode": "SOFT_FAILURE_TOLERANCE",
        "regionConcurrencyType": "PARALLEL",
        "regionOrder": ["us-east-1", "eu-west-1"],
    });
    let found = properties(targets);
    assert_eq!(found["ExecutionRoleName"], "deploy");
    assert_eq!(found["AdministrationRoleARN"], "arn:aws:iam::111122223333:role/admin");
    assert_eq!(
        found["OperationPreferences"],
        json!({
            "FailureToleranceCount": 2,
            "MaxConcurrentPercentage": 25,
            "ConcurrencyMode": "SOFT_FAILURE_TOLERANCE",
            "RegionConcurrencyType": "PARALLEL",
            "RegionOrder": ["us-east-1", "eu-west-1"],
        })
    );
    let units = |more: Value| {
        let mut targets =
            json!({ "organizationalUnits": ["ou-ab12-11111111"], "regions": ["eu-west-1"] });
        for (key, value) in more.as_object().unwrap() {
            targets[key] = value.clone();
        }
        properties(targets)
    };
    let found = units(json!({ "callAs": "DELEGATED_ADMIN" }));
    assert_eq!(found["PermissionModel"], "SERVICE_MANAGED");
    assert_eq!(found["CallAs"], "DELEGATED_ADMIN");
    assert_eq!(
        found["StackInstancesGroup"][0]["DeploymentTargets"],
        json!({ "OrganizationalUnitIds": ["ou-ab12-11111111"] })
    );
    // AWS requires the property, and stacks stay unless the config says otherwise.
    assert_eq!(
        found["AutoDeployment"],
        json!({ "Enabled": true, "RetainStacksOnAccountRemoval": true })
    );
    let found = units(json!({ "autoDeployment": { "enabled": false } }));
    assert_eq!(found["AutoDeployment"], json!({ "Enabled": false }));
}

#[test]
fn capabilities() {
    let found = |principals: Value, regions: &[&str]| {
        let graph = graph(json!({ "S": {
            "targets": { "accounts": ["111122223333"], "regions": regions },
            "principals": principals,
            "repositories": { "App": {} },
        } }));
        let files = files(&graph, &Options::default());
        files["S.stack-set.json"]["Resources"]["StackSet"]["Properties"]["Capabilities"].clone()
    };
    let role = |more: Value| {
        let mut role = json!({ "assumedBy": { "service": "ec2.amazonaws.com" } });
        role.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "R": { "role": role } })
    };
    assert_eq!(found(json!({}), &["eu-west-1"]), Value::Null);
    assert_eq!(found(role(json!({})), &["eu-west-1", "us-east-1"]), json!(["CAPABILITY_IAM"]));
    let named = json!(["CAPABILITY_NAMED_IAM"]);
    assert_eq!(found(role(json!({ "roleName": "r" })), &["eu-west-1"]), named);
    let overridden = json!({ "cloudformation": { "properties": { "RoleName": "r" } } });
    assert_eq!(found(role(overridden), &["eu-west-1"]), named);
}

/// 51,200 bytes within the stack set, 1 MB in Amazon S3.
#[test]
fn sizes() {
    let inline = |count| graph(registry(accounts(), count));
    let size = |graph: &Graph| {
        let files = files(graph, &Options::default());
        let body = &files["acme-registry.stack-set.json"]["Resources"]["StackSet"]["Properties"];
        body["TemplateBody"].as_str().unwrap().len()
    };
    let fits = (1..500).rev().find(|count| render(&inline(*count), &Options::default()).is_ok());
    let fits = fits.unwrap();
    let (least, most) = (size(&inline(fits)), 51_200);
    assert!((51_000..=most).contains(&least), "{fits} repositories have {least} bytes");
    assert_eq!(
        codes(&inline(fits + 1), &Options::default()),
        ["cloudformation::stack_set_too_large /stacks/Registry/targets"]
    );

    let mut targets = accounts();
    let url = "https://acme-templates.s3.eu-west-1.amazonaws.com/ecrane";
    targets["templateUrlPrefix"] = url.into();
    let uploaded = |count| {
        let graph = graph(registry(targets.clone(), count));
        let files = files(&graph, &Options::default());
        let properties =
            &files["acme-registry.stack-set.json"]["Resources"]["StackSet"]["Properties"];
        assert!(properties.get("TemplateBody").is_none());
        let object = properties["TemplateURL"].as_str().unwrap().strip_prefix(url).unwrap();
        let file = format!("stack-set-templates{object}");
        assert_eq!(files[&file], files["acme-registry.template.json"]);
        file
    };
    // CloudFormation updates the stack set, because another template has another URL.
    assert_eq!(uploaded(fits + 1), uploaded(fits + 1));
    assert_ne!(uploaded(fits + 1), uploaded(fits + 2));
}

#[test]
fn the_cdk_deploys_the_stack_set() {
    let config = json!({
        "compatibility": { "awsCdk": "2", "generateBootstrapVersionRule": true },
        "stacks": registry(accounts(), 1),
    });
    let graph = serde_json::from_value::<Config>(config).unwrap().build().unwrap();
    let layout = Layout::Cdk { assembly_version: None, stacks: None };
    let options = Options { layout, path_metadata: true, ..Options::default() };
    let files = files(&graph, &options);
    let artifact = &files["manifest.json"]["artifacts"]["Registry"];
    assert_eq!(artifact["properties"]["templateFile"], "Registry.stack-set.json");
    assert_eq!(artifact["properties"]["stackName"], "acme-registry");
    let set = &files["Registry.stack-set.json"];
    assert_eq!(set["Resources"]["StackSet"]["Metadata"]["aws:cdk:path"], "Registry/StackSet");
    // Whoever deploys the stack set is bootstrapped, and not each account.
    assert!(set["Rules"].is_object() && set["Parameters"].is_object());
    assert!(files["Registry.template.json"].get("Rules").is_none());
}

#[test]
fn references_and_imports() {
    let refusal = |strength: &str| {
        let config = json!({
            "compatibility": { "featureFlags": {
                "@aws-cdk/core:defaultCrossStackReferences": strength,
            } },
            "stacks": {
                "Roles": {
                    "targets": accounts(),
                    "principals": { "R": { "role": { "assumedBy": { "service": "ec2.amazonaws.com" } } } },
                },
                "Images": {
                    "targets": accounts(),
                    "repositories": { "App": { "grants": [{ "to": "Roles/R", "allow": "pull" }] } },
                },
            },
        });
        let graph = serde_json::from_value::<Config>(config).unwrap().build().unwrap();
        let problems = render(&graph, &Options::default()).err();
        problems.iter().flat_map(|it| it.iter()).map(|it| it.fact.code()).collect::<Vec<_>>()
    };
    assert_eq!(refusal("strong"), [""; 0]);
    assert_eq!(refusal("weak"), ["cloudformation::stack_set_weak_reference"]);
    assert_eq!(refusal("both"), ["cloudformation::stack_set_weak_reference"]);

    let graph = graph(registry(accounts(), 1));
    let options =
        Options { import: Some(ecrane_core::PhysicalIds::default()), ..Options::default() };
    assert_eq!(codes(&graph, &options), ["targets::no_import /stacks/Registry/targets"]);
}
