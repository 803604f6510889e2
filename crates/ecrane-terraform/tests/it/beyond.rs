//! What modules hold that the AWS CDK has no word for.

use ecrane_config::Config;
use ecrane_core::Graph;
use ecrane_terraform::{Options, render};
use serde_json::{Value, json};

use crate::support::{cdktf, json as parsed, pinned, rendered_graph};

fn graph(stack: &Value) -> Graph {
    let config = json!({ "stacks": { "Registry": stack } });
    serde_json::from_value::<Config>(config).unwrap().build().unwrap()
}

fn module(stack: &Value) -> Value {
    rendered_graph(&graph(stack), &Options::default()).files.pop_first().unwrap().1
}

#[test]
fn lambda_functions_and_organizational_units_may_pull() {
    let unit = "o-abcde12345/r-ab12/ou-ab12-11111111/*";
    let module = module(&json!({ "repositories": { "App": { "grants": [
        { "to": { "lambda": { "account": "444455556666" } }, "allow": "pull" },
        { "to": { "organizationalUnit": unit }, "actions": ["ecr:BatchGetImage"] },
    ] } } }));
    let policy = &module["resource"]["aws_ecr_repository_policy"]["app"]["policy"];
    let statements = parsed(policy)["Statement"].clone();
    let partition = "${data.aws_partition.current.partition}";
    assert_eq!(
        statements[0]["Principal"]["AWS"],
        format!("arn:{partition}:iam::444455556666:root")
    );
    assert_eq!(statements[1]["Principal"], json!({ "Service": "lambda.amazonaws.com" }));
    assert_eq!(
        statements[1]["Condition"],
        json!({ "StringLike": {
            "aws:sourceArn": format!("arn:{partition}:lambda:*:444455556666:function:*"),
        } })
    );
    assert_eq!(
        statements[2]["Condition"],
        json!({ "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": [unit] } })
    );
}

#[test]
fn an_account_setting_is_a_resource() {
    let stack = json!({ "registry": { "accountSettings": {
        "basicScanTypeVersion": "AWS_NATIVE", "registryPolicyScope": "V2",
    } } });
    let plain = module(&stack);
    assert_eq!(
        plain["resource"],
        json!({ "aws_ecr_account_setting": {
            "account_settings_basic_scan_type_version":
                { "name": "BASIC_SCAN_TYPE_VERSION", "value": "AWS_NATIVE" },
            "account_settings_registry_policy_scope":
                { "name": "REGISTRY_POLICY_SCOPE", "value": "V2" },
        } })
    );
    let version =
        |module: &Value| module["terraform"]["required_providers"]["aws"]["version"].clone();
    assert_eq!(version(&plain), ">= 5.100.0");
    let files = rendered_graph(&graph(&stack), &cdktf()).files;
    let settings = &files["stacks/Registry/cdk.tf.json"]["resource"]["aws_ecr_account_setting"];
    assert_eq!(settings.as_object().unwrap().len(), 2);

    let stack = json!({ "registry": { "accountSettings": { "blobMounting": "ENABLED" } } });
    assert_eq!(version(&module(&stack)), ">= 6.29.0");
    let problems = render(&graph(&stack), &pinned("~> 5.100")).unwrap_err();
    let codes: Vec<_> = problems.iter().map(|p| p.fact.code()).collect();
    assert_eq!(codes, ["terraform::feature_above_pin"]);
}

#[test]
fn a_registry_policy_waits_for_its_scope() {
    let of = |settings: Value| {
        let principals = json!([{ "account": "444455556666" }]);
        let statement =
            json!({ "actions": ["ecr:PutImage"], "principals": principals, "resources": ["*"] });
        module(&json!({ "registry": { "policy": [statement], "accountSettings": settings } }))
    };
    let waits = |module: &Value| {
        let policies = module["resource"]["aws_ecr_registry_policy"].as_object().unwrap();
        policies.values().next().unwrap().get("depends_on").cloned()
    };
    let scope = "aws_ecr_account_setting.account_settings_registry_policy_scope";
    let module = of(json!({ "registryPolicyScope": "V2" }));
    assert_eq!(waits(&module), Some(json!([scope])));
    let settings = &module["resource"]["aws_ecr_account_setting"];
    assert!(settings.get("account_settings_registry_policy_scope").is_some(), "{settings}");
    // Another setting does not matter to it.
    assert_eq!(waits(&of(json!({ "basicScanTypeVersion": "AWS_NATIVE" }))), None);
}

#[test]
fn arguments_are_laid_over_the_main_resource() {
    let module = module(&json!({ "repositories": { "App": {
        "repositoryName": "shop/app",
        "imageScanOnPush": true,
        "lifecycleRules": [{ "maxImageCount": 3 }],
        "terraform": {
            "name": "${file(\"/etc/passwd\")}",
            "image_scanning_configuration": { "depth": 2 },
            "timeouts": { "delete": "5m" },
            "lifecycle": { "ignore_changes": ["tags"] },
            "tags": { "%{a}": 1 },
        },
    } } }));
    assert_eq!(
        module["resource"]["aws_ecr_repository"]["app"],
        json!({
            "name": "$${file(\"/etc/passwd\")}",
            "image_scanning_configuration": { "scan_on_push": true, "depth": 2 },
            "lifecycle": { "prevent_destroy": true, "ignore_changes": ["tags"] },
            "timeouts": { "delete": "5m" },
            "tags": { "%%{a}": 1 },
        })
    );
    let policy = module["resource"]["aws_ecr_lifecycle_policy"]["app"].as_object().unwrap();
    assert!(policy.keys().eq(["repository", "policy"]));
}

#[test]
fn arguments_are_laid_over_each_construct() {
    let module = module(&json!({
        "env": { "region": "us-east-1" },
        "keys": { "Key": { "alias": "a", "terraform": { "new": 1 } } },
        "principals": {
            "Role": { "role": {
                "assumedBy": { "service": "codebuild.amazonaws.com" },
                "managedPolicies": ["ReadOnlyAccess"],
                "terraform": { "new": 1 },
            } },
            "User": { "user": { "terraform": { "new": 1 } } },
            "Group": { "group": { "terraform": { "new": 1 } } },
        },
        "repositories": { "App": {
            "terraform": { "new": 1 },
            "events": { "Scanned": {
                "on": "imageScanCompleted",
                "targets": [{ "arn": "arn:aws:sns:eu-west-1:111122223333:alerts" }],
                "terraform": { "new": 1 },
            } },
        } },
        "publicRepositories": { "Tool": { "terraform": { "new": 1 } } },
        "registry": {
            "replication": { "rules": [], "terraform": { "new": 1 } },
            "scanning": { "scanType": "BASIC", "terraform": { "new": 1 } },
            "signing": { "rules": [], "terraform": { "new": 1 } },
            "pullThroughCacheRules": { "Quay": {
                "ecrRepositoryPrefix": "quay",
                "upstreamRegistryUrl": "quay.io",
                "terraform": { "new": 1 },
            } },
            "creationTemplates": {
                "Cache": { "prefix": "quay", "appliedFor": ["REPLICATION"], "terraform": { "new": 1 } },
            },
            "pullTimeUpdateExclusions": { "Scanner": {
                "principalArn": "arn:aws:iam::111122223333:role/scanner",
                "terraform": { "new": 1 },
            } },
        },
    }));
    let beside = ["aws_kms_alias", "aws_iam_role_policy_attachment", "aws_cloudwatch_event_target"];
    let kinds = module["resource"].as_object().unwrap();
    assert_eq!(kinds.len(), 13 + beside.len());
    for (kind, blocks) in kinds {
        for block in blocks.as_object().unwrap().values() {
            assert_eq!(block["new"] == 1, !beside.contains(&kind.as_str()), "{kind}: {block}");
        }
    }
}
