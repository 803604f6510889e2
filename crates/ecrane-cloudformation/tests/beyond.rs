//! What templates hold that the AWS CDK has no word for.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![expect(clippy::needless_pass_by_value, reason = "documents are written where they are used")]

use ecrane_cloudformation::{Options, render};
use ecrane_config::Config;
use ecrane_core::Style;
use ecrane_core::{Graph, Problems};
use serde_json::{Value, json};

fn graph(stack: Value, aws_cdk: &str) -> Result<Graph, Problems> {
    let config = json!({ "compatibility": { "awsCdk": aws_cdk }, "stacks": { "Registry": stack } });
    serde_json::from_value::<Config>(config).unwrap().build()
}

/// The resources of the template.
fn resources(stack: Value) -> Value {
    let graph = graph(stack, "2").unwrap();
    let options = Options::default();
    let text = render(&graph, &options).unwrap().files[0].to_vec(Style::Compact).unwrap();
    serde_json::from_slice::<Value>(&text).unwrap()["Resources"].take()
}

/// The properties of the only resource of a type.
fn properties(resources: &Value, of_type: &str) -> Value {
    let mut found = resources.as_object().unwrap().values().filter(|r| r["Type"] == of_type);
    let properties = found.next().unwrap()["Properties"].clone();
    assert!(found.next().is_none());
    properties
}

fn told(problems: Problems) -> Vec<String> {
    problems.iter().map(|p| format!("{} {}", p.fact.code(), p.place)).collect()
}

fn granted(grants: Value) -> Value {
    let resources = resources(json!({ "repositories": { "App": { "grants": grants } } }));
    properties(&resources, "AWS::ECR::Repository")["RepositoryPolicyText"]["Statement"].clone()
}

fn refused(grants: Value) -> Vec<String> {
    let stack = json!({ "repositories": { "App": { "grants": grants } } });
    told(graph(stack, "2").unwrap_err())
}

#[test]
fn lambda_functions_may_pull() {
    let arn = |before: &str, after: &str| json!({ "Fn::Join": ["", [before, { "Ref": "AWS::Partition" }, after]] });
    let actions = json!(["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]);
    assert_eq!(
        granted(json!([{ "to": { "lambda": { "account": "444455556666" } }, "allow": "pull" }])),
        json!([
            {
                "Action": actions,
                "Effect": "Allow",
                "Principal": { "AWS": arn("arn:", ":iam::444455556666:root") },
            },
            {
                "Action": actions,
                "Condition": {
                    "StringLike": { "aws:sourceArn": arn("arn:", ":lambda:*:444455556666:function:*") },
                },
                "Effect": "Allow",
                "Principal": { "Service": "lambda.amazonaws.com" },
            },
        ])
    );
}

#[test]
fn lambda_functions_may_do_nothing_else() {
    let lambda = || json!({ "lambda": { "account": "444455556666" } });
    let code = ["principal::lambda_functions /stacks/Registry/repositories/App/grants/0/to"];
    for allow in ["read", "push", "pullPush"] {
        assert_eq!(refused(json!([{ "to": lambda(), "allow": allow }])), code, "{allow}");
    }
    let grant = json!([{ "to": lambda(), "actions": ["ecr:BatchGetImage"] }]);
    assert_eq!(refused(grant), code);
    let composite = json!({ "composite": [lambda()] });
    assert_eq!(refused(json!([{ "to": composite, "allow": "pull" }])), code);
    let mut bounded = lambda();
    bounded["conditions"] = json!({ "Bool": { "aws:SecureTransport": "true" } });
    assert_eq!(refused(json!([{ "to": bounded, "allow": "pull" }])), code);
    let stack = json!({ "principals": { "R": { "role": { "assumedBy": lambda() } } } });
    let code = ["principal::lambda_functions /stacks/Registry/principals/R/role/assumedBy"];
    assert_eq!(told(graph(stack, "2").unwrap_err()), code);
    let malformed = json!([{ "to": { "lambda": { "account": "4444" } }, "allow": "pull" }]);
    let code =
        ["account::id_malformed /stacks/Registry/repositories/App/grants/0/to/lambda/account"];
    assert_eq!(refused(malformed), code);
}

#[test]
fn an_imported_repository_gives_lambda_functions_nothing() {
    let grants = json!([{ "to": { "lambda": { "account": "444455556666" } }, "allow": "pull" }]);
    let shared = json!({ "import": { "repositoryName": "base/alpine" }, "grants": grants });
    let graph = graph(json!({ "repositories": { "Shared": shared } }), "2").unwrap();
    let codes: Vec<_> = graph.warnings().iter().map(|p| p.fact.code()).collect();
    assert_eq!(codes, ["grant::nothing_on_imported"]);
}

#[test]
fn an_organizational_unit_may_pull() {
    let unit = "o-abcde12345/r-ab12/ou-ab12-11111111/*";
    let grant = json!({ "to": { "organizationalUnit": unit }, "actions": ["ecr:BatchGetImage"] });
    assert_eq!(
        granted(json!([grant])),
        json!([{
            "Action": "ecr:BatchGetImage",
            "Condition": { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": [unit] } },
            "Effect": "Allow",
            "Principal": { "AWS": "*" },
        }])
    );
    let grant = json!({ "to": { "organizationalUnit": "ou-ab12-11111111" }, "allow": "pull" });
    let place = "/stacks/Registry/repositories/App/grants/0/to/organizationalUnit";
    assert_eq!(refused(json!([grant])), [format!("organization::path_malformed {place}")]);
}

#[test]
fn cdk_1_has_neither() {
    let unit = "o-abcde12345/r-ab12/ou-ab12-11111111/*";
    for to in
        [json!({ "organizationalUnit": unit }), json!({ "lambda": { "account": "444455556666" } })]
    {
        let app = json!({ "grants": [{ "to": to, "allow": "pull" }] });
        let problems = graph(json!({ "repositories": { "App": app } }), "1").unwrap_err();
        let place = "/stacks/Registry/repositories/App/grants/0/to";
        assert_eq!(told(problems), [format!("compatibility::not_in_cdk_1 {place}")]);
    }
    let settings = json!({ "accountSettings": { "registryPolicyScope": "V2" } });
    let problems = graph(json!({ "registry": settings }), "1").unwrap_err();
    let place = "/stacks/Registry/registry/accountSettings";
    assert_eq!(told(problems), [format!("compatibility::not_in_cdk_1 {place}")]);
}

#[test]
fn account_settings_have_no_type() {
    let settings = json!({ "accountSettings": { "registryPolicyScope": "V2" } });
    let graph = graph(json!({ "registry": settings }), "2").unwrap();
    let place = "/stacks/Registry/registry/accountSettings";
    let problems = render(&graph, &Options::default()).unwrap_err();
    assert_eq!(told(problems), [format!("cloudformation::no_account_settings {place}")]);
}

/// Resources and outputs have a namespace each: vector `r2-output-namespace`.
#[test]
fn two_outputs_have_two_logical_ids() {
    let output = |logical_id: &str| json!({ "repository": "App", "attribute": "repositoryUri", "logicalId": logical_id });
    let stack = json!({
        "repositories": { "App": {} },
        "outputs": { "A": output("One"), "B": output("One"), "C": output("a-b"), "D": output("D") },
    });
    let graph = graph(stack, "2").unwrap();
    let problems = told(render(&graph, &Options::default()).unwrap_err());
    assert_eq!(
        problems,
        [
            "cloudformation::logical_id_taken /stacks/Registry/outputs/B/logicalId",
            "cloudformation::logical_id_pin_malformed /stacks/Registry/outputs/C/logicalId",
        ]
    );
}

#[test]
fn properties_are_laid_over_each_construct() {
    let over = |properties: Value| json!({ "properties": properties });
    let resources = resources(json!({
        "env": { "region": "us-east-1" },
        "keys": { "Key": { "cloudformation": over(json!({ "PendingWindowInDays": 7 })) } },
        "principals": {
            "Role": { "role": {
                "assumedBy": { "service": "codebuild.amazonaws.com" },
                "cloudformation": over(json!({ "Path": "/a/" })),
            } },
            "User": { "user": { "cloudformation": over(json!({ "Path": "/b/" })) } },
            "Group": { "group": { "cloudformation": over(json!({ "Path": "/c/" })) } },
        },
        "repositories": { "App": {
            "repositoryName": "shop/app",
            "imageScanOnPush": true,
            "tags": { "a": "b" },
            "cloudformation": over(json!({
                "ImageScanningConfiguration": { "Depth": "${AWS::Region}" },
                "Tags": [{ "Key": "c", "Value": { "Ref": "AWS::Region" } }],
            })),
            "events": { "Scanned": {
                "on": "imageScanCompleted",
                "cloudformation": over(json!({ "EventBusName": "audit" })),
            } },
        } },
        "publicRepositories": { "Tool": { "cloudformation": over(json!({ "New": [1] })) } },
        "registry": {
            "replication": {
                "rules": [],
                "cloudformation": over(json!({ "ReplicationConfiguration": { "New": true } })),
            },
            "scanning": { "scanType": "BASIC", "cloudformation": over(json!({ "New": 1 })) },
            "signing": { "rules": [], "cloudformation": over(json!({ "New": 2 })) },
            "pullThroughCacheRules": {
                "Quay": { "ecrRepositoryPrefix": "quay", "cloudformation": over(json!({ "New": 3 })) },
            },
            "creationTemplates": { "Cache": {
                "prefix": "quay", "appliedFor": [], "cloudformation": over(json!({ "New": 4 })),
            } },
            "pullTimeUpdateExclusions": { "Scanner": {
                "principalArn": "arn:aws:iam::111122223333:role/scanner",
                "cloudformation": over(json!({ "New": 5 })),
            } },
        },
    }));
    assert_eq!(properties(&resources, "AWS::KMS::Key")["PendingWindowInDays"], 7);
    assert_eq!(properties(&resources, "AWS::IAM::Role")["Path"], "/a/");
    assert_eq!(properties(&resources, "AWS::IAM::User"), json!({ "Path": "/b/" }));
    assert_eq!(properties(&resources, "AWS::IAM::Group"), json!({ "Path": "/c/" }));
    assert_eq!(
        properties(&resources, "AWS::ECR::Repository"),
        json!({
            "RepositoryName": "shop/app",
            "ImageScanningConfiguration": { "ScanOnPush": true, "Depth": "${AWS::Region}" },
            "Tags": [{ "Key": "c", "Value": { "Ref": "AWS::Region" } }],
        })
    );
    let rule = properties(&resources, "AWS::Events::Rule");
    assert_eq!((&rule["EventBusName"], &rule["State"]), (&json!("audit"), &json!("ENABLED")));
    assert_eq!(properties(&resources, "AWS::ECR::PublicRepository"), json!({ "New": [1] }));
    assert_eq!(
        properties(&resources, "AWS::ECR::ReplicationConfiguration"),
        json!({ "ReplicationConfiguration": { "Rules": [], "New": true } })
    );
    for (name, value) in [
        ("RegistryScanningConfiguration", 1),
        ("SigningConfiguration", 2),
        ("PullThroughCacheRule", 3),
        ("RepositoryCreationTemplate", 4),
        ("PullTimeUpdateExclusion", 5),
    ] {
        assert_eq!(properties(&resources, &format!("AWS::ECR::{name}"))["New"], value, "{name}");
    }
}

#[test]
fn nothing_is_laid_over_what_is_imported() {
    let over = json!({ "properties": {} });
    let stack = json!({
        "keys": { "K": {
            "keyArn": "arn:aws:kms:eu-west-1:111122223333:key/a", "terraform": { "a": 1 },
        } },
        "repositories": { "A": { "import": { "repositoryName": "a/b" }, "cloudformation": over } },
    });
    assert_eq!(
        told(graph(stack, "2").unwrap_err()),
        [
            "config::imported_has /stacks/Registry/keys/K/terraform",
            "config::imported_has /stacks/Registry/repositories/A/cloudformation",
        ]
    );
}
