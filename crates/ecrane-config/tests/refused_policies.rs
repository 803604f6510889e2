//! What AWS refuses or ignores in policies, with the neighbours that it takes.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![expect(clippy::needless_pass_by_value, reason = "the tests pass literals")]

mod support;

use serde_json::{Value, json};

use support::{NONE, home, reported, stack};

/// The problems of a repository with one statement, from the statement on.
fn statement(statement: Value) -> Vec<String> {
    let lines = stack(json!({ "repositories": { "A": { "resourcePolicy": [{}, statement] } } }));
    // The first statement is empty, so that the place shows which one is wrong.
    let at = "repositories/A/resourcePolicy/";
    let others = lines.into_iter().filter(|line| !line.ends_with(&format!("{at}0")));
    others.map(|line| line.replace(&format!("{at}1"), "")).collect()
}

fn principal(principal: Value) -> Vec<String> {
    let allowed = json!({ "account": "444455556666" });
    statement(json!({ "principals": [allowed, principal], "actions": ["ecr:BatchGetImage"] }))
}

fn grant(grant: Value) -> Vec<String> {
    let lines = stack(json!({
        "principals": { "Ci": { "role": { "assumedBy": { "service": "ec2.amazonaws.com" } } } },
        "repositories": { "A": { "grants": [grant] } },
    }));
    lines.into_iter().map(|line| line.replace("repositories/A/grants/0", "")).collect()
}

#[test]
fn principals_have_the_forms_of_iam() {
    for (wrong, code, place) in [
        (json!({ "arn": "arn:aws:iam::444455556666:*" }), "principal::wildcard", "arn"),
        (json!({ "arn": "arn:aws:iam::444455556666:role/*" }), "principal::wildcard", "arn"),
        (json!({ "arn": "arn:aws:iam::123:user/x" }), "principal::account_malformed", "arn"),
        (json!({ "arn": "arn:aws:iam::444455556666:group/x" }), "principal::group_arn", "arn"),
        (json!({ "arn": "arn:aws:iam::444455556666:policy/x" }), "principal::malformed", "arn"),
        (
            json!({ "arn": "arn:aws:lambda:eu-west-1:444455556666:function:f" }),
            "principal::other_service",
            "arn",
        ),
        (
            json!({ "arn": "arn:aws-cn:iam::444455556666:root" }),
            "principal::other_partition",
            "arn",
        ),
        (json!({ "arn": "444455556666" }), "principal::bare_account", "arn"),
        (json!({ "arn": "AROA" }), "principal::unique_id_malformed", "arn"),
        (json!({ "service": "codebuild" }), "principal::service_malformed", "service"),
        (
            json!({ "service": "https://codebuild.amazonaws.com" }),
            "principal::service_malformed",
            "service",
        ),
        (json!({ "service": "hello world" }), "principal::service_malformed", "service"),
        (
            json!({ "composite": [{ "any": true }, { "arn": "arn:aws:iam::444455556666:group/x" }] }),
            "principal::group_arn",
            "composite/1/arn",
        ),
        (
            json!({ "composite": [{ "account": "444455556666" }, { "service": "codebuild" }] }),
            "principal::service_malformed",
            "composite/1/service",
        ),
    ] {
        let found = principal(wrong.clone());
        let wanted = format!("{code} /principals/1/{place}");
        assert!(found.contains(&wanted), "{wrong}: {found:?}");
        assert_eq!(
            grant(json!({ "to": wrong, "allow": "pull" }))
                .iter()
                .filter(|l| l.starts_with(code))
                .collect::<Vec<_>>(),
            [&format!("{code} /to/{place}")],
            "{wrong}"
        );
        let list = json!({ "to": ["Ci", wrong], "allow": "pull" });
        assert!(grant(list).contains(&format!("{code} /to/1/{place}")), "{wrong}");
    }
    for right in [
        json!({ "arn": "arn:aws:iam::444455556666:root" }),
        json!({ "arn": "arn:aws:iam::444455556666:role/team/ci" }),
        json!({ "arn": "arn:aws:iam::444455556666:user/x" }),
        json!({ "arn": "arn:aws:sts::444455556666:assumed-role/x/y" }),
        json!({ "arn": "AROAEXAMPLE1234567890" }),
        json!({ "service": "codebuild.amazonaws.com" }),
        json!({ "service": "states.eu-west-1.amazonaws.com" }),
        json!({ "account": "777788889999" }),
        json!({ "composite": [{ "account": "777788889999" }, { "service": "ec2.amazonaws.com" }] }),
    ] {
        assert_eq!(principal(right.clone()), NONE, "{right}");
        assert_eq!(grant(json!({ "to": right, "allow": "pull" })), NONE, "{right}");
    }
}

#[test]
fn a_principal_by_name_is_told_where_its_arn_is() {
    let of = |principal: Value| {
        stack(json!({
            "env": { "region": "eu-west-1", "account": "111122223333" },
            "principals": { "P": principal },
            "repositories": { "A": { "grants": [{ "to": "P", "allow": "pull" }] } },
        }))
    };
    let role = json!({ "roleArn": "arn:aws-cn:iam::444455556666:role/ci" });
    assert_eq!(of(role), ["principal::other_partition principals/P/roleArn"]);
    let group = json!({ "groupArn": "arn:aws:iam::444455556666:group/ops" });
    assert_eq!(of(group), ["principal::group_arn repositories/A/grants/0/to"]);
    // The policy of a group of the same account is enough.
    assert_eq!(of(json!({ "groupArn": "arn:aws:iam::111122223333:group/ops" })), NONE);
    assert_eq!(of(json!({ "roleArn": "arn:aws:iam::444455556666:role/ci" })), NONE);
}

#[test]
fn a_trust_policy_has_principals_too() {
    let of = |principal: Value| {
        stack(json!({ "principals": { "R": { "role": { "assumedBy": principal } } } }))
    };
    let at = "principals/R/role/assumedBy";
    let group = json!({ "arn": "arn:aws:iam::444455556666:group/x" });
    assert_eq!(of(group.clone()), [format!("principal::group_arn {at}/arn")]);
    let parts = json!({ "composite": [{ "service": "ec2.amazonaws.com" }, group] });
    assert_eq!(of(parts), [format!("principal::group_arn {at}/composite/1/arn")]);
    let service = json!({ "service": "codebuild", "conditions": { "Bool": { "a": true } } });
    assert_eq!(of(service), [format!("principal::service_malformed {at}/service")]);
    assert_eq!(of(json!({ "service": "ec2.amazonaws.com" })), NONE);
}

#[test]
fn a_provider_is_told_where_it_stands() {
    let of = |principal: Value| {
        stack(json!({ "principals": { "R": { "role": { "assumedBy": principal } } } }))
    };
    let at = "principals/R/role/assumedBy";
    let arn = |partition: &str| {
        format!(
            "arn:{partition}:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
        )
    };
    for right in
        [json!({ "webIdentity": arn("aws") }), json!({ "webIdentity": "accounts.google.com" })]
    {
        assert_eq!(of(right.clone()), NONE, "{right}");
    }
    for (wrong, code) in [
        (json!("hello"), "role::provider_malformed"),
        (json!("token.actions.githubusercontent.com"), "role::provider_malformed"),
        (json!("arn:aws:iam::1234:oidc-provider/x"), "role::provider_malformed"),
        (json!("arn:aws:iam::111122223333:role/x"), "role::provider_malformed"),
        (json!(arn("aws-cn")), "principal::other_partition"),
        // What is meant is not known, so that its form is not judged.
        (json!("${aws_iam_openid_connect_provider.ci.arn}"), "warning config::reference"),
    ] {
        let found = of(json!({ "webIdentity": wrong }));
        assert_eq!(found, [format!("{code} {at}/webIdentity")], "{wrong}");
    }
    let federated = json!({ "federated": "hello", "assumeRoleAction": "sts:AssumeRoleWithSAML" });
    assert_eq!(of(federated), [format!("role::provider_malformed {at}/federated")]);
}

#[test]
fn the_form_of_a_reference_is_not_judged() {
    let arn = "arn:aws:iam::${AWS::AccountId}:root";
    let told = ["warning config::pseudo_parameter /principals/1/arn"];
    assert_eq!(principal(json!({ "arn": arn })), told);
    // No reference, and no account.
    let wrong = json!({ "arn": "arn:aws:iam::${an account}:root" });
    assert_eq!(principal(wrong), ["principal::account_malformed /principals/1/arn"]);
    let output = |name: &str| {
        let output = json!({ "repository": "A", "attribute": "repositoryUri", "exportName": name });
        stack(json!({ "repositories": { "A": {} }, "outputs": { "O": output } }))
    };
    let told = ["warning config::pseudo_parameter outputs/O/exportName"];
    assert_eq!(output("${AWS::StackName}-x"), told);
    assert_eq!(output("${}"), ["output::export_name_malformed outputs/O/exportName"]);
    let queue = json!({ "arn": "arn:aws:sqs:eu-west-1:111122223333:q" });
    let target = |key: &str, arn: &str| {
        let mut target = queue.clone();
        target[key] = json!(arn);
        let event = json!({ "on": "event", "targets": [target] });
        stack(json!({ "repositories": { "A": { "events": { "E": event } } } }))
    };
    let at = "repositories/A/events/E/targets/0";
    let arn = "arn:aws:sns:${AWS::Region}:111122223333:x";
    let key = "deadLetterQueueArn";
    assert_eq!(target(key, arn), [format!("warning config::pseudo_parameter {at}/{key}")]);
    let arn = "arn:aws:states:eu-west-1:${AWS::AccountId}:stateMachine:x";
    assert_eq!(target("arn", arn), [format!("warning config::pseudo_parameter {at}/arn")]);
}

#[test]
fn the_cdk_completes_a_service() {
    let lines = reported(json!({
        "compatibility": { "awsCdk": "2" },
        "stacks": { "S": { "repositories": { "A": { "resourcePolicy": [
            { "principals": [{ "service": "codebuild" }], "actions": ["ecr:BatchGetImage"] },
        ] } } } },
    }));
    let at = "/stacks/S/repositories/A/resourcePolicy/0/principals/0/service";
    assert_eq!(lines, [format!("warning principal::service_malformed {at}")]);
}

#[test]
fn an_action_that_does_nothing_is_told() {
    let (unknown, other, not) = (
        Some("policy::unknown_action"),
        Some("policy::action_of_other_service"),
        Some("policy::action_not_on_repository"),
    );
    for (action, wanted) in [
        ("ecr:BatchGetImage", None),
        ("ECR:batchgetimage", None),
        ("ecr:?atchGetImage", None),
        ("ecr:Batch*", None),
        ("ecr:*", None),
        ("*", None),
        ("ecr:ListImageReferrers", None),
        ("ecr:*Registry*", not),
        ("ecr:Get*", None),
        ("ecr:BatchGetImages", unknown),
        ("ecr:batch_*", None),
        ("ecr:Pull*", unknown),
        ("ecr:?atchGetImages", unknown),
        ("s3:GetObject", other),
        ("ecr-public:PutImage", other),
        ("sts:AssumeRole", other),
        ("ecr:GetAuthorizationToken", not),
        ("ecr:getauthorizationtoken", not),
        ("ecr:DescribeRegistry", not),
        ("ecr:CreateRepository", not),
        ("ecr:Create*", not),
    ] {
        if action == "ecr:batch_*" {
            let found = statement(
                json!({ "principals": [{ "account": "444455556666" }], "actions": [action] }),
            );
            assert_eq!(found, ["policy::action_malformed /actions/0"]);
            continue;
        }
        let actions = json!(["ecr:ListImages", action]);
        let wanted = |at: &str| wanted.map(|code| format!("warning {code} {at}/actions/1"));
        let found =
            statement(json!({ "principals": [{ "account": "444455556666" }], "actions": actions }));
        assert_eq!(found, Vec::from_iter(wanted("")), "{action}");
        // A grant to a role is in the role's policy, to an account in the repository's, and to a role
        // of another account in both.
        for to in [
            json!("Ci"),
            json!({ "account": "444455556666" }),
            json!(["Ci", { "account": "444455556666" }]),
        ] {
            let found = grant(json!({ "to": to, "actions": actions }));
            assert_eq!(found, Vec::from_iter(wanted("")), "{action} to {to}");
        }
    }
    // A `Deny` that does nothing is no better.
    let denied =
        json!({ "effect": "Deny", "principals": [{ "any": true }], "actions": ["ecr:Pull"] });
    assert_eq!(statement(denied), ["warning policy::unknown_action /actions/0"]);
}

#[test]
fn a_public_repository_has_actions_of_its_own() {
    let of = |action: &str| {
        stack(json!({
            "env": { "region": "us-east-1" },
            "publicRepositories": { "P": { "resourcePolicy": [
                { "principals": [{ "any": true }], "actions": [action] },
            ] } },
        }))
    };
    let at = "publicRepositories/P/resourcePolicy/0";
    // Everybody can pull from the gallery anyway.
    assert_eq!(of("ecr-public:DescribeImages"), NONE);
    assert_eq!(of("ecr-public:Get*"), NONE);
    assert_eq!(
        of("ecr-public:PutImage"),
        [format!("warning policy::public {at}/principals/0/any")]
    );
    assert_eq!(of("ecr-public:*"), [format!("warning policy::public {at}/principals/0/any")]);
    let other = format!("warning policy::action_of_other_service {at}/actions/0");
    assert!(of("ecr:PutImage").contains(&other));
}

#[test]
fn the_cdk_has_no_question_mark() {
    let of = |compatibility: Value| {
        reported(json!({
            "compatibility": compatibility,
            "stacks": { "S": { "env": home(), "repositories": { "A": { "grants": [
                { "to": { "account": "444455556666" }, "actions": ["ecr:?atchGetImage"] },
            ] } } } },
        }))
    };
    assert_eq!(of(json!({})), NONE);
    let at = "/stacks/S/repositories/A/grants/0/to";
    assert_eq!(of(json!({ "awsCdk": "2" })), [format!("policy::question_mark {at}")]);
}

#[test]
fn a_template_has_a_policy_of_repositories() {
    let of = |statement: Value| {
        stack(json!({ "registry": { "creationTemplates": { "T": {
            "prefix": "team", "appliedFor": ["REPLICATION"], "resourcePolicy": [statement],
        } } } }))
    };
    let at = "registry/creationTemplates/T/resourcePolicy/0";
    let principal = json!([{ "arn": "arn:aws:iam::444455556666:role/*" }]);
    assert_eq!(
        of(json!({ "principals": principal, "actions": ["ecr:BatchGetImages"] })),
        [
            format!("warning policy::unknown_action {at}/actions/0"),
            format!("principal::wildcard {at}/principals/0/arn"),
        ],
    );
}

#[test]
fn a_registry_policy_is_about_its_registry() {
    let of = |actions: &[&str], resource: &str| {
        stack(json!({ "registry": { "policy": [{
            "principals": [{ "account": "444455556666" }],
            "actions": actions,
            "resources": ["*", resource],
        }] } }))
    };
    let own = "arn:aws:ecr:eu-west-1:111122223333:repository/*";
    let replicate = ["ecr:ReplicateImage"];
    assert_eq!(of(&replicate, own), NONE);
    assert_eq!(of(&["ecr:*", "*", "ecr:GetAuthorizationToken", "ecr:PutImage"], own), NONE);
    let at = "registry/policy/0";
    for (resource, code) in [
        ("arn:aws:s3:::bucket/*", "registry_policy::resource"),
        ("arn:aws:eu-west-1:111122223333:repository/*", "registry_policy::resource"),
        ("team/app", "registry_policy::resource"),
        ("arn:aws:ecr:us-west-2:111122223333:repository/*", "registry_policy::resource_elsewhere"),
    ] {
        assert_eq!(of(&replicate, resource), [format!("{code} {at}/resources/1")], "{resource}");
    }
    for (action, code) in [
        ("ecr:ReplicateImages", "registry_policy::unknown_action"),
        ("ecr:Replicate?", "registry_policy::unknown_action"),
        ("s3:GetObject", "registry_policy::other_service"),
        ("ecr-public:PutImage", "registry_policy::other_service"),
    ] {
        let found = of(&["ecr:CreateRepository", action], own);
        assert_eq!(found, [format!("{code} {at}/actions/1")], "{action}");
    }
}

#[test]
fn scope_v1_has_three_actions() {
    let policy = |actions: &[&str]| json!([{ "principals": [{ "account": "444455556666" }], "actions": actions, "resources": ["*"] }]);
    let of = |scope: &str, actions: &[&str]| {
        let settings = json!({ "registryPolicyScope": scope });
        stack(json!({ "registry": { "accountSettings": settings, "policy": policy(actions) } }))
    };
    let three = ["ecr:ReplicateImage", "ecr:BatchImportUpstreamImage", "ecr:createrepository"];
    assert_eq!(of("V1", &three), NONE);
    // AWS takes it, and discourages from it.
    assert_eq!(of("V1", &["ecr:*"]), NONE);
    assert_eq!(of("V2", &["ecr:PutImage"]), NONE);
    let wanted = ["registry_policy::not_in_scope_v1 registry/policy/0/actions/1"];
    assert_eq!(of("V1", &["ecr:ReplicateImage", "ecr:PutImage"]), wanted);
    assert_eq!(of("V1", &["ecr:*", "ecr:Get*"]), wanted);
    // The setting can be in another stack of the same registry.
    let two = |region: &str| {
        reported(json!({ "stacks": {
            "A": { "env": home(), "registry": { "policy": policy(&["ecr:PutImage"]) } },
            "B": {
                "env": { "account": "111122223333", "region": region },
                "registry": { "accountSettings": { "registryPolicyScope": "V1" } },
            },
        } }))
    };
    let wanted = ["registry_policy::not_in_scope_v1 /stacks/A/registry/policy/0/actions/0"];
    assert_eq!(two("eu-west-1"), wanted);
    assert_eq!(two("us-east-1"), NONE);
}

#[test]
fn conditions_are_values_by_operator() {
    let of = |conditions: Value| {
        statement(json!({
            "principals": [{ "account": "444455556666" }],
            "actions": ["ecr:BatchGetImage"],
            "conditions": conditions,
        }))
    };
    for right in [
        json!({ "StringEquals": { "aws:PrincipalOrgID": "o-abcde12345" } }),
        json!({ "StringEquals": { "aws:PrincipalOrgID": ["o-abcde12345", "o-abcde12346"] } }),
        json!({ "Bool": { "aws:SecureTransport": true }, "NumericLessThan": { "a:b": 3 } }),
        json!({ "Null": { "aws:SourceIp": [false, "true"] } }),
    ] {
        assert_eq!(of(right.clone()), NONE, "{right}");
    }
    for (wrong, code, place) in [
        (json!({ "key": { "a": "b" } }), "policy::condition_value", "key"),
        (json!({ "key": [{ "a": "b" }] }), "policy::condition_value", "key/0"),
        (json!({ "key": ["x", ["y"]] }), "policy::condition_value", "key/1"),
        (json!({ "key": null }), "policy::condition_value", "key"),
        (json!({ "key": { "Ref": "AWS::AccountId" } }), "policy::intrinsic", "key/Ref"),
        (json!({ "key": ["x", { "Fn::Sub": "y" }] }), "policy::intrinsic", "key/1/Fn::Sub"),
        (json!({ "Fn::Sub": "x" }), "policy::intrinsic", "Fn::Sub"),
        (json!({ "Ref": "x" }), "policy::intrinsic", "Ref"),
    ] {
        let wanted = format!("{code} /conditions/StringLike/{place}");
        assert_eq!(of(json!({ "StringLike": wrong })), [wanted], "{wrong}");
    }
    assert_eq!(
        of(json!({ "StringLikes": {} })),
        ["policy::unknown_operator /conditions/StringLikes"]
    );
    // The conditions of a principal are at the principal.
    let principal = json!({ "account": "444455556666", "conditions": { "StringLikes": {} } });
    assert_eq!(
        grant(json!({ "to": principal, "allow": "pull" })),
        ["policy::unknown_operator /to/conditions/StringLikes"],
    );
    assert_eq!(
        statement(json!({ "principals": [principal], "actions": ["ecr:BatchGetImage"] })),
        ["policy::unknown_operator /principals/0/conditions/StringLikes"],
    );
}

#[test]
fn everybody_is_told_at_the_principal() {
    let any = json!({ "any": true });
    assert_eq!(
        statement(json!({ "principals": [any], "actions": ["ecr:BatchGetImage"] })),
        ["warning policy::public /principals/0/any"],
    );
    assert_eq!(grant(json!({ "to": any, "allow": "pull" })), ["warning policy::public /to/any"]);
    assert_eq!(
        grant(json!({ "to": ["Ci", { "star": true }], "allow": "pull" })),
        ["warning policy::public /to/1/star"],
    );
}
