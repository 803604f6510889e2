//! The sizes of the policies that grants add to roles, users and groups.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![expect(clippy::needless_pass_by_value, reason = "the tests pass literals")]

mod support;

use serde_json::{Value, json};

use support::{NONE, home, reported};

/// A stack with repositories that are all granted to a principal.
fn granted(principal: &Value, from: usize, count: usize) -> Value {
    let repositories: Value = (from..from + count)
        .map(|i| {
            let grant = json!({ "to": "P", "allow": "pullPush" });
            let name = format!("team/app-{i:03}");
            (format!("A{i:03}"), json!({ "repositoryName": name, "grants": [grant] }))
        })
        .collect();
    json!({ "env": home(), "principals": { "P": principal }, "repositories": repositories })
}

fn stack(principal: Value, count: usize) -> Vec<String> {
    reported(json!({ "stacks": { "S": granted(&principal, 0, count) } }))
}

fn imported(kind: &str) -> Value {
    json!({ format!("{kind}Arn"): format!("arn:aws:iam::111122223333:{kind}/p") })
}

/// The policy that IAM gets, by the AWS CDK's `grantPullPush`.
fn policy(count: usize) -> String {
    let actions = [
        "ecr:BatchCheckLayerAvailability",
        "ecr:GetDownloadUrlForLayer",
        "ecr:BatchGetImage",
        "ecr:CompleteLayerUpload",
        "ecr:UploadLayerPart",
        "ecr:InitiateLayerUpload",
        "ecr:PutImage",
    ];
    let mut statements = Vec::new();
    for i in 0..count {
        let arn = format!("arn:aws:ecr:eu-west-1:111122223333:repository/team/app-{i:03}");
        statements.push(json!({ "Effect": "Allow", "Action": actions, "Resource": arn }));
    }
    let token = "ecr:GetAuthorizationToken";
    statements.push(json!({ "Effect": "Allow", "Action": token, "Resource": "*" }));
    json!({ "Version": "2012-10-17", "Statement": statements }).to_string()
}

#[test]
fn inline_policies_are_bounded() {
    for (kind, most) in [("role", 10_240), ("user", 2_048), ("group", 5_120)] {
        let fits = (1..100).take_while(|count| policy(*count).len() <= most).last().unwrap();
        assert_eq!(stack(imported(kind), fits), NONE, "{kind}");
        // The grant that is one too many is told, once.
        let at = format!("/stacks/S/repositories/A{fits:03}/grants/0/to");
        let wanted = [format!("identity_policy::inline_size {at}")];
        assert_eq!(stack(imported(kind), fits + 1), wanted, "{kind}");
        assert_eq!(stack(imported(kind), fits + 60), wanted, "{kind}");
        // A user or group of the config has one inline policy, too.
        if kind != "role" {
            assert_eq!(stack(json!({ kind: {} }), fits), NONE, "{kind}");
            assert_eq!(stack(json!({ kind: {} }), fits + 1), wanted, "{kind}");
        }
    }
}

#[test]
fn a_role_of_the_config_is_split() {
    let role = |policies: &[&str]| {
        let service = json!({ "service": "ec2.amazonaws.com" });
        json!({ "role": { "assumedBy": service, "managedPolicies": policies } })
    };
    assert_eq!(stack(role(&[]), 100), NONE);
    let many = ["warning identity_policy::many_managed /stacks/S/principals/P"];
    let first = (150..400).find(|count| stack(role(&[]), *count) != NONE).unwrap();
    assert_eq!(stack(role(&[]), first), many);
    // The policies of the role itself count.
    assert_eq!(stack(role(&["ReadOnlyAccess"]), first - 1), many);
    assert_eq!(stack(role(&[]), 450), ["identity_policy::managed_count /stacks/S/principals/P"]);
}

#[test]
fn stacks_share_the_policy_of_a_role() {
    let role = imported("role");
    let both = |first: usize, second: usize| {
        reported(json!({ "stacks": {
            "A": granted(&role, 0, first),
            "B": granted(&role, 100, second),
        } }))
    };
    assert_eq!(both(18, 17), NONE);
    let lines = both(20, 30);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with("identity_policy::inline_size /stacks/B/repositories/A11"));
}

#[test]
fn a_pattern_is_a_way_out() {
    let all = "arn:aws:ecr:eu-west-1:111122223333:repository/team/*";
    let lines = reported(json!({ "stacks": { "S": {
        "env": home(),
        "principals": { "P": imported("user") },
        "repositories": { "All": {
            "import": { "repositoryArn": all },
            "grants": [{ "to": "P", "allow": "pullPush" }],
        } },
    } } }));
    assert!(!lines.iter().any(|line| line.contains("identity_policy")), "{lines:?}");
}

#[test]
fn merged_statements_are_shorter() {
    let mut config = json!({ "stacks": { "S": granted(&imported("role"), 0, 100) } });
    config["compatibility"] =
        json!({ "featureFlags": { "@aws-cdk/aws-iam:minimizePolicies": true } });
    assert_eq!(reported(config), NONE);
}
