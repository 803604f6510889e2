//! What EventBridge refuses of rules, with the neighbours that it takes.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![expect(clippy::needless_pass_by_value, reason = "the tests pass literals")]

mod support;

use serde_json::{Value, json};

use support::{NONE, home, reported, stack};

/// The problems of an event rule, from the rule on.
fn rule(event: Value) -> Vec<String> {
    let lines = stack(json!({ "repositories": { "A": { "events": { "E": event } } } }));
    lines.into_iter().map(|line| line.replace("repositories/A/events/E", "")).collect()
}

fn pattern(pattern: Value) -> Vec<String> {
    rule(json!({ "on": "event", "eventPattern": pattern }))
}

fn target(mut target: Value) -> Vec<String> {
    if target.get("arn").is_none() {
        target["arn"] = json!("arn:aws:sqs:eu-west-1:111122223333:q");
    }
    let lines = rule(json!({ "on": "event", "targets": [target] }));
    lines.into_iter().map(|line| line.replace("/targets/0/", "")).collect()
}

/// A field of the event whose list has one item.
fn item(item: Value) -> Vec<String> {
    let lines = pattern(json!({ "detail": { "f": ["x", item] } }));
    lines.into_iter().map(|line| line.replace("/eventPattern/detail/f/1", "")).collect()
}

#[test]
fn operators_take_what_they_take() {
    for right in [
        json!("text"),
        json!(""),
        json!(5),
        json!(true),
        json!(null),
        json!({ "prefix": "a" }),
        json!({ "prefix": "" }),
        json!({ "prefix": { "equals-ignore-case": "a" } }),
        json!({ "suffix": ".png" }),
        json!({ "suffix": { "equals-ignore-case": ".png" } }),
        json!({ "equals-ignore-case": "a" }),
        json!({ "exactly": "a" }),
        json!({ "exists": true }),
        json!({ "exists": false }),
        json!({ "wildcard": "a*b*" }),
        json!({ "wildcard": "a\\**" }),
        json!({ "wildcard": "a\\\\b" }),
        json!({ "cidr": "10.0.0.0/24" }),
        json!({ "cidr": "10.0.0.0/31" }),
        json!({ "cidr": "2001:db8::/127" }),
        json!({ "cidr": "2001:db8::/32" }),
        json!({ "numeric": [">", 0] }),
        json!({ "numeric": ["=", 1.5] }),
        json!({ "numeric": [">=", -5, "<", 5_000_000_000_u64] }),
        json!({ "anything-but": "a" }),
        json!({ "anything-but": 5 }),
        json!({ "anything-but": ["a", "b"] }),
        json!({ "anything-but": [1, 2] }),
        json!({ "anything-but": { "prefix": "a" } }),
        json!({ "anything-but": { "suffix": ["a", "b"] } }),
        json!({ "anything-but": { "equals-ignore-case": "a" } }),
        json!({ "anything-but": { "wildcard": ["*/lib/*"] } }),
    ] {
        assert_eq!(item(right.clone()), NONE, "{right}");
    }
    for (wrong, wanted) in [
        (json!({ "exists": "true" }), "event::operator_value /exists"),
        (json!({ "exists": 1 }), "event::operator_value /exists"),
        (json!({ "prefix": 5 }), "event::operator_value /prefix"),
        (json!({ "prefix": ["a"] }), "event::operator_value /prefix"),
        (json!({ "prefix": { "suffix": "a" } }), "event::operator_value /prefix"),
        (json!({ "suffix": true }), "event::operator_value /suffix"),
        (json!({ "equals-ignore-case": ["a"] }), "event::operator_value /equals-ignore-case"),
        (json!({ "wildcard": 5 }), "event::operator_value /wildcard"),
        (json!({ "wildcard": "a**" }), "event::two_wildcards /wildcard"),
        (json!({ "wildcard": "a\\b" }), "event::operator_value /wildcard"),
        (json!({ "cidr": "10.0.0.0" }), "event::operator_value /cidr"),
        (json!({ "cidr": "10.0.0.0/32" }), "event::operator_value /cidr"),
        (json!({ "cidr": "2001:db8::/128" }), "event::operator_value /cidr"),
        (json!({ "cidr": "example.com/24" }), "event::operator_value /cidr"),
        (json!({ "cidr": ["10.0.0.0/24"] }), "event::operator_value /cidr"),
        (json!({ "numeric": [">", "0"] }), "event::operator_value /numeric/1"),
        (json!({ "numeric": [">", 0, "<", "5"] }), "event::operator_value /numeric/3"),
        (json!({ "numeric": [">", 5_000_000_001_u64] }), "event::operator_value /numeric/1"),
        (json!({ "numeric": ["<", 5, ">", 0] }), "event::operator_value /numeric"),
        (json!({ "numeric": [">", 5, "<", 0] }), "event::operator_value /numeric"),
        (json!({ "numeric": [">", 5, "=", 6] }), "event::operator_value /numeric"),
        (json!({ "numeric": [">"] }), "event::operator_value /numeric"),
        (json!({ "numeric": [">", 0, "<"] }), "event::operator_value /numeric"),
        (json!({ "numeric": ["!=", 0] }), "event::operator_value /numeric"),
        (json!({ "numeric": [0, ">"] }), "event::operator_value /numeric/1"),
        (json!({ "numeric": [] }), "event::operator_value /numeric"),
        (json!({ "numeric": 5 }), "event::operator_value /numeric"),
        (json!({ "anything-but": [] }), "event::operator_value /anything-but"),
        (json!({ "anything-but": ["a", 1] }), "event::operator_value /anything-but"),
        (json!({ "anything-but": [null] }), "event::operator_value /anything-but"),
        (json!({ "anything-but": true }), "event::operator_value /anything-but"),
        (json!({ "anything-but": { "exists": true } }), "event::operator_value /anything-but"),
        (json!({ "anything-but": { "numeric": ["=", 1] } }), "event::operator_value /anything-but"),
        (json!({ "anything-but": { "prefix": "" } }), "event::operator_value /anything-but/prefix"),
        (
            json!({ "anything-but": { "prefix": ["a", 5] } }),
            "event::operator_value /anything-but/prefix/1",
        ),
        (
            json!({ "anything-but": { "wildcard": ["a", "**"] } }),
            "event::two_wildcards /anything-but/wildcard/1",
        ),
        (json!({ "startswith": "a" }), "event::unknown_operator /startswith"),
        (json!({ "Prefix": "a" }), "event::unknown_operator /Prefix"),
        (json!({ "anything_but": "a" }), "event::unknown_operator /anything_but"),
        (json!({ "Ref": "X" }), "event::intrinsic /Ref"),
        (json!({ "Fn::Sub": "${X}" }), "event::intrinsic /Fn::Sub"),
        (json!({ "anything-but": { "Ref": "X" } }), "event::intrinsic /anything-but/Ref"),
        (json!({ "prefix": "a", "suffix": "b" }), "event::several_operators /suffix"),
        (json!({}), "event::pattern_empty "),
        (json!(["a"]), "event::pattern_nested_list "),
    ] {
        assert_eq!(item(wrong.clone()), [wanted], "{wrong}");
    }
}

#[test]
fn fields_are_lists_or_objects() {
    for right in [
        json!({ "detail": { "a": { "b": ["c"] } }, "account": ["111122223333"] }),
        // The name of an operator can be the name of a field.
        json!({ "detail": { "prefix": ["c"], "exists": { "x": ["y"] } } }),
        json!({ "detail": { "$or": [{ "a": ["b"] }, { "c": [{ "exists": false }] }] } }),
        json!({ "$or": [{ "account": ["1"] }, { "detail": { "a": ["b"] } }] }),
        json!({ "detail": { "$or": [{ "a": ["b"], "$or": [{ "c": [1] }, { "d": [2] }] }, { "e": [3] }] } }),
    ] {
        assert_eq!(pattern(right.clone()), NONE, "{right}");
    }
    for (wrong, wanted) in [
        (json!({ "detail": { "a": [] } }), "event::pattern_empty detail/a"),
        (json!({ "detail": { "a": {} } }), "event::pattern_empty detail/a"),
        (json!({ "detail": { "a": { "b": [] } } }), "event::pattern_empty detail/a/b"),
        (json!({ "account": [] }), "event::pattern_empty account"),
        (json!({ "account": "1" }), "event::pattern_scalar account"),
        (json!({ "detail": { "a": "b" } }), "event::pattern_scalar detail/a"),
        (json!({ "detail": { "a": { "b": true } } }), "event::pattern_scalar detail/a/b"),
        (
            json!({ "detail": { "a": { "prefix": "x" } } }),
            "event::operator_not_in_list detail/a/prefix",
        ),
        (
            json!({ "detail": { "a": { "exists": true } } }),
            "event::operator_not_in_list detail/a/exists",
        ),
        (json!({ "detail": { "a": { "Ref": "X" } } }), "event::intrinsic detail/a/Ref"),
        (
            json!({ "detail": { "a": { "Fn::GetAtt": ["X", "Arn"] } } }),
            "event::intrinsic detail/a/Fn::GetAtt",
        ),
        (json!({ "detail": { "$or": [{ "a": ["b"] }] } }), "event::or detail/$or"),
        (json!({ "detail": { "$or": { "a": ["b"] } } }), "event::or detail/$or"),
        (json!({ "detail": { "$or": [{ "a": ["b"] }, "c"] } }), "event::or detail/$or/1"),
        (json!({ "detail": { "$or": [{ "a": ["b"] }, {}] } }), "event::or detail/$or/1"),
        (
            json!({ "detail": { "$or": [{ "a": ["b"] }, { "c": [{ "exists": "no" }] }] } }),
            "event::operator_value detail/$or/1/c/0/exists",
        ),
        (
            json!({ "detail": { "$or": [{ "a": ["b"] }, { "prefix": ["c"] }] } }),
            "event::operator_not_in_list detail/$or/1/prefix",
        ),
    ] {
        let found: Vec<_> =
            pattern(wrong.clone()).iter().map(|l| l.replace("/eventPattern/", "")).collect();
        assert_eq!(found, [wanted], "{wrong}");
    }
}

#[test]
fn an_item_behind_those_of_the_rule_has_its_own_place() {
    let wrong = json!({ "exists": "true" });
    let shared = json!({ "source": ["aws.ecr", wrong], "detail": { "repository-name": [wrong] } });
    assert_eq!(
        pattern(shared),
        [
            "event::operator_value /eventPattern/source/1/exists",
            "event::operator_value /eventPattern/detail/repository-name/0/exists",
        ],
    );
    let tags = json!({ "on": "imageScanCompleted", "imageTags": [] });
    assert_eq!(rule(tags), ["event::pattern_empty /imageTags"]);
    let tags = json!({
        "on": "imageScanCompleted",
        "imageTags": ["latest"],
        "eventPattern": { "detail": { "image-tags": [wrong] } },
    });
    let at = "/eventPattern/detail/image-tags/0/exists";
    assert_eq!(rule(tags), [format!("event::operator_value {at}")]);
}

#[test]
fn the_cdk_writes_any_operator() {
    let lines = reported(json!({
        "compatibility": { "awsCdk": "2" },
        "stacks": { "S": { "repositories": { "A": { "events": { "E": {
            "on": "event",
            "eventPattern": { "detail": { "a": [{ "startswith": "b" }] } },
            "targets": [{ "arn": "arn:aws:codepipeline:eu-west-1:111122223333:release" }],
        } } } } } },
    }));
    let at = "/stacks/S/repositories/A/events/E";
    assert_eq!(
        lines,
        [
            format!("warning event::unknown_operator {at}/eventPattern/detail/a/0/startswith"),
            format!("warning event::target_without_role {at}/targets/0/arn"),
        ],
    );
}

#[test]
fn some_targets_need_a_role() {
    let arn = |service: &str, resource: &str| {
        format!("arn:aws:{service}:eu-west-1:111122223333:{resource}")
    };
    for (service, resource) in [
        ("appsync", "endpoints/graphql-api/x"),
        ("batch", "job-queue/q"),
        ("codebuild", "project/p"),
        ("codepipeline", "release"),
        ("ecs", "cluster/c"),
        ("events", "api-destination/d/11111111-2222-3333-4444-555555555555"),
        ("firehose", "deliverystream/s"),
        ("glue", "workflow/w"),
        ("imagebuilder", "image-pipeline/p"),
        ("inspector", "target/0-x/template/0-y"),
        ("kinesis", "stream/s"),
        ("redshift", "cluster:c"),
        ("redshift-serverless", "workgroup/w"),
        ("sagemaker", "pipeline/p"),
        ("ssm", "automation-definition/d:$DEFAULT"),
        ("ssm", "document/d"),
        ("ssm-incidents", "response-plan/p"),
        ("states", "stateMachine:m"),
    ] {
        let arn = arn(service, resource);
        let found = target(json!({ "arn": arn }));
        assert_eq!(found, ["event::target_without_role arn"], "{arn}");
        let role = "arn:aws:iam::111122223333:role/invoke";
        assert_eq!(target(json!({ "arn": arn, "roleArn": role })), NONE, "{arn}");
    }
    for (service, resource) in [
        ("sns", "alerts"),
        ("sqs", "q"),
        ("sqs", "q.fifo"),
        ("lambda", "function:f"),
        ("logs", "log-group:/aws/events/x"),
        ("events", "event-bus/own"),
        ("execute-api", "a/b/POST/c"),
        // A service that this version does not know.
        ("newservice", "thing/x"),
    ] {
        assert_eq!(target(json!({ "arn": arn(service, resource) })), NONE, "{service}");
    }
    for bus in [
        "arn:aws:events:eu-west-1:444455556666:event-bus/default",
        "arn:aws:events:us-east-1:111122223333:event-bus/default",
    ] {
        assert_eq!(target(json!({ "arn": bus })), ["event::target_without_role arn"], "{bus}");
    }
    // Without an environment, the bus can be of this account.
    let unknown = reported(json!({ "stacks": { "S": { "repositories": { "A": { "events": { "E": {
        "on": "event",
        "targets": [{ "arn": "arn:aws:events:eu-west-1:444455556666:event-bus/default" }],
    } } } } } } }));
    assert_eq!(unknown, NONE);
}

#[test]
fn a_dead_letter_queue_is_a_queue_of_the_region() {
    let of = |arn: &str| target(json!({ "deadLetterQueueArn": arn }));
    assert_eq!(of("arn:aws:sqs:eu-west-1:111122223333:dlq"), NONE);
    assert_eq!(of("arn:aws:sqs:eu-west-1:444455556666:dlq"), NONE);
    for (arn, code) in [
        ("arn:aws:sns:eu-west-1:111122223333:x", "event::dead_letter_not_a_queue"),
        ("arn:aws:sqs:eu-west-1:111122223333:dlq.fifo", "event::dead_letter_fifo"),
        ("arn:aws:sqs:us-east-1:111122223333:dlq", "env::other_region"),
        ("arn:aws-cn:sqs:eu-west-1:111122223333:dlq", "env::other_partition"),
    ] {
        assert_eq!(of(arn), [format!("{code} deadLetterQueueArn")], "{arn}");
    }
}

#[test]
fn placeholders_and_paths_are_defined() {
    let of = |paths: Value, template: &str| {
        let transformer = json!({ "inputPathsMap": paths, "inputTemplate": template });
        target(json!({ "inputTransformer": transformer }))
    };
    let tag = json!({ "tag": "$.detail.image-tag" });
    for template in [
        "\"<tag>\"",
        "no placeholder",
        "{ \"tag\": <tag>, \"rule\": \"<aws.events.rule-name>\" }",
        "<aws.events.event.json>",
        "1 < 2 and 3 > 2",
        "\\<not-a-placeholder\\> of <tag>",
        "<>",
    ] {
        assert_eq!(of(tag.clone(), template), NONE, "{template}");
    }
    let unknown = ["event::unknown_placeholder inputTransformer/inputTemplate"];
    assert_eq!(of(tag.clone(), "\"<image> with <tag>\""), unknown);
    assert_eq!(of(json!({}), "<tag>"), unknown);
    assert_eq!(of(tag, "<tags>"), unknown);
    for (paths, wanted) in [
        (json!({ "a": "detail.x" }), "event::json_path inputTransformer/inputPathsMap/a"),
        (json!({ "a": "$x" }), "event::json_path inputTransformer/inputPathsMap/a"),
        (json!({ "aws.x": "$.x" }), "event::input_path_name inputTransformer/inputPathsMap/aws.x"),
        (json!({ "AWSx": "$.x" }), "event::input_path_name inputTransformer/inputPathsMap/AWSx"),
        (json!({ "a b": "$.x" }), "event::input_path_name inputTransformer/inputPathsMap/a b"),
    ] {
        assert_eq!(of(paths.clone(), "x"), [wanted], "{paths}");
    }
    assert_eq!(of(json!({ "a_b-c1": "$", "b": "$['x']" }), "<b>"), NONE);
    let many: Value = (0..101).map(|i| (format!("k{i}"), json!("$.x"))).collect();
    assert_eq!(of(many, "x"), ["event::input_path_count inputTransformer/inputPathsMap"]);
    assert_eq!(target(json!({ "inputPath": "$.detail" })), NONE);
    assert_eq!(target(json!({ "inputPath": "detail" })), ["event::json_path inputPath"]);
}

#[test]
fn an_event_of_the_other_scan_type_is_not_sent() {
    let registry = |scan_type: &str| {
        let frequency = json!("SCAN_ON_PUSH");
        let filters = json!([{ "filter": "*", "filterType": "WILDCARD" }]);
        let rules = json!([{ "scanFrequency": frequency, "repositoryFilters": filters }]);
        json!({ "scanType": scan_type, "rules": rules })
    };
    let of = |scan_type: &str, event: &Value| {
        let lines = stack(json!({
            "registry": { "scanning": registry(scan_type) },
            "repositories": { "A": { "events": { "E": event } } },
        }));
        lines.into_iter().map(|l| l.replace("repositories/A/events/E/", "")).collect::<Vec<_>>()
    };
    let warned = |at: &str| vec![format!("warning event::other_scan_type {at}")];
    let (basic, enhanced) = ("BASIC", "ENHANCED");
    let completed = json!({ "on": "imageScanCompleted" });
    assert_eq!(of(enhanced, &completed), warned("on"));
    assert_eq!(of(basic, &completed), NONE);
    for kind in ["scanCompletedEnhanced", "inspectorFinding", "scanFrequencyChanged"] {
        let event = json!({ "on": kind });
        assert_eq!(of(basic, &event), warned("on"), "{kind}");
        assert_eq!(of(enhanced, &event), NONE, "{kind}");
    }
    for kind in ["imagePushed", "event"] {
        assert_eq!(of(enhanced, &json!({ "on": kind })), NONE, "{kind}");
        assert_eq!(of(basic, &json!({ "on": kind })), NONE, "{kind}");
    }
    let types = |types: Value| json!({ "on": "event", "eventPattern": { "detail-type": types } });
    let at = "eventPattern/detail-type";
    assert_eq!(of(enhanced, &types(json!(["ECR Image Scan"]))), warned(at));
    assert_eq!(of(enhanced, &types(json!(["ECR Image Scan", "ECR Image Action"]))), NONE);
    assert_eq!(of(enhanced, &types(json!([{ "prefix": "ECR Image" }]))), NONE);

    // The setting is that of the registry, in whichever stack.
    let two = |event: Value, env: Value| {
        reported(json!({ "stacks": {
            "A": { "env": home(), "registry": { "scanning": registry(enhanced) } },
            "B": { "env": env, "registry": { "events": { "E": event } } },
        } }))
    };
    let at = "/stacks/B/registry/events/E/on";
    assert_eq!(two(completed.clone(), home()), warned(at));
    let elsewhere = json!({ "account": "111122223333", "region": "us-east-1" });
    assert_eq!(two(completed.clone(), elsewhere), NONE);
    assert_eq!(two(completed, json!({})), NONE);
}
