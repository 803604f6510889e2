//! Quotas and patterns of AWS. Their rules are private, so configs break them.

use ecrane::LimitError;
use ecrane::config::Config;
use serde_json::{Value, json};

use crate::catalogue::Catalogue;

pub(crate) fn add(catalogue: &mut Catalogue) {
    for stack in [principals(), keys(), repositories(), public_repositories(), registry()] {
        let config = json!({ "stacks": { "S": stack } });
        let config: Config = serde_json::from_value(config).unwrap();
        catalogue.add_first::<LimitError>(config.build().unwrap_err());
    }
}

fn text(length: usize) -> String {
    "a".repeat(length)
}

fn repeat(item: &Value, count: usize) -> Value {
    vec![item.clone(); count].into()
}

fn principals() -> Value {
    let role = json!({ "assumedBy": { "service": "ec2.amazonaws.com" }, "description": "日本" });
    let accounts: Vec<Value> = (0..20)
        .map(|i| json!({ "arn": format!("arn:aws:iam::111122223333:role/{}{i}", text(60)) }))
        .collect();
    let policies: Vec<String> = (0..21).map(|i| format!("Policy{i}")).collect();
    json!({
        "tags": { "k": "a,b" },
        "outputs": {
            "Malformed": { "repository": "App", "attribute": "repositoryUri", "exportName": "a b" },
            "Long": { "repository": "App", "attribute": "repositoryUri", "exportName": text(256) },
        },
        "repositories": { "App": {} },
        "principals": {
            "Malformed": { "user": { "userName": "a b" } },
            "Long": { "user": { "userName": text(65) } },
            "Role": { "role": role },
            "Trusted": { "role": { "assumedBy": { "composite": accounts } } },
            "Managed": { "role": {
                "assumedBy": { "service": "ec2.amazonaws.com" }, "managedPolicies": policies,
            } },
        },
    })
}

fn keys() -> Value {
    json!({ "keys": {
        "Described": { "description": text(8193) },
        "Malformed": { "alias": "a.b" },
        "Long": { "alias": text(251) },
        "Policy": { "resourcePolicy": [{
            "sid": text(32_768),
            "principals": [{ "account": "444455556666" }],
            "actions": ["kms:Decrypt"],
        }] },
    } })
}

fn repositories() -> Value {
    let tags: Value = (0..51).map(|i| (format!("k{i}"), Value::from("v"))).collect();
    let statement = json!({
        "sid": text(10_240),
        "principals": [{ "account": "444455556666" }],
        "actions": ["ecr:BatchGetImage"],
    });
    let target = |key: &str, value: Value| {
        json!({ "on": "imageScanCompleted", "targets": [
        { "arn": "arn:aws:sns:eu-west-1:111122223333:t", key: value }
    ] })
    };
    let paths: Value = (0..101).map(|i| (format!("k{i}"), Value::from("$.x"))).collect();
    json!({ "repositories": {
        "Tags": { "tags": tags },
        "Key": { "tags": { "": "" } },
        "Value": { "tags": { "k": text(257) } },
        "Reserved": { "tags": { "aws:k": "v" } },
        "Policy": { "resourcePolicy": [statement] },
        "Events": { "events": {
            "Malformed": { "on": "imageScanCompleted", "ruleName": "a b" },
            "Long": { "on": "imageScanCompleted", "ruleName": text(65) },
            "Described": { "on": "imageScanCompleted", "description": text(513) },
            "Pattern": {
                "on": "imageScanCompleted",
                "eventPattern": { "detail": { "image-tags": [text(4096)] } },
            },
            "Targets": { "on": "imageScanCompleted", "targets": repeat(
                &json!({ "arn": "arn:aws:sns:eu-west-1:111122223333:t" }), 6
            ) },
            "Retries": target("retryPolicy", json!({ "maximumRetryAttempts": 186 })),
            "Age": target("retryPolicy", json!({ "maximumEventAgeInSeconds": 59 })),
            "Input": target("input", json!(text(8193))),
            "Paths": target("inputTransformer", json!({
                "inputPathsMap": paths, "inputTemplate": "x",
            })),
        } },
    } })
}

fn public_repositories() -> Value {
    let data = json!({ "aboutText": text(10_241), "architectures": repeat(&json!("ARM"), 51) });
    json!({ "publicRepositories": {
        "Tool": { "catalogData": data },
        "Malformed": { "repositoryName": "a--b" },
        "Long": { "repositoryName": text(206) },
    } })
}

fn registry() -> Value {
    let replication = json!({
        "destinations": repeat(&json!({ "region": "us-east-1", "registryId": "111122223333" }), 101),
        "repositoryFilters": repeat(&json!({ "filter": "a", "filterType": "PREFIX_MATCH" }), 101),
    });
    let profile = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/images";
    let malformed = json!({ "signingProfileArn": "arn:aws:signer:eu-west-1:111122223333:profile" });
    let filtered = |filter: &str| {
        json!({
            "signingProfileArn": profile,
            "repositoryFilters": [{ "filter": filter, "filterType": "WILDCARD_MATCH" }],
        })
    };
    let mut signing = vec![malformed, filtered("A"), filtered(&text(257))];
    signing.extend(vec![json!({ "signingProfileArn": profile }); 48]);
    let prefix = json!({
        "destinations": [{ "region": "us-east-1", "registryId": "111122223333" }],
        "repositoryFilters": [{ "filter": "prod*", "filterType": "PREFIX_MATCH" }],
    });
    let mut replicated = vec![replication; 25];
    replicated.push(prefix);
    let scanned = |filter: &str| {
        json!({
            "scanFrequency": "SCAN_ON_PUSH",
            "repositoryFilters": [{ "filter": filter, "filterType": "WILDCARD" }],
        })
    };
    let on_push = json!({ "scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": [] });
    let template = |prefix: &str, description: &str| json!({ "prefix": prefix, "appliedFor": ["REPLICATION"], "description": description });
    json!({ "registry": {
        "replication": { "rules": replicated },
        "signing": { "rules": signing },
        "scanning": { "scanType": "ENHANCED", "rules": [on_push, scanned("A"), scanned(&text(256))] },
        "pullThroughCacheRules": {
            "Malformed": { "ecrRepositoryPrefix": "Quay" },
            "Short": { "upstreamRepositoryPrefix": "a" },
        },
        "pullTimeUpdateExclusions": {
            "Group": { "principalArn": "arn:aws:iam::111122223333:group/scanners" },
        },
        "creationTemplates": {
            "Malformed": template("*", ""),
            "Long": template(&text(257), ""),
            "Described": template("a", &text(257)),
        },
    } })
}
