//! Configs that the CDK judges by its default rules: each fault, and the same without it.

use serde_json::{Value, json};

use super::Random;

/// A config with a fault that `@aws-cdk/core:validateAgainstDefaultRules` finds, or one that is near
/// to it and valid. The stack is in eu-west-1, or without an environment.
pub fn refusals(seed: u64) -> Vec<(String, Value)> {
    let mut random = Random::new(seed);
    let mut configs = Vec::new();
    for (name, valid, faulty) in pairs() {
        for (kind, section) in [("valid", valid), ("faulty", faulty)] {
            let mut stack = section;
            if let Some(entries) = stack.as_object_mut() {
                // A template needs a resource.
                let repositories = entries.entry("repositories").or_insert_with(|| json!({}));
                if let Some(repositories) = repositories.as_object_mut() {
                    repositories.insert("Other".into(), json!({}));
                }
                if random.chance(50) {
                    let env = json!({ "account": "111122223333", "region": "eu-west-1" });
                    entries.insert("env".into(), env);
                }
            }
            let flag = json!({ "@aws-cdk/core:validateAgainstDefaultRules": true });
            let flags = if random.chance(50) { flag } else { "recommended".into() };
            let config = json!({
                "compatibility": { "awsCdk": "2", "featureFlags": flags },
                "stacks": { "StackA": stack },
            });
            configs.push((format!("refusal-{name}-{kind}"), config));
        }
    }
    configs
}

/// The name of a fault, and the sections of a stack without and with it.
#[expect(clippy::too_many_lines, reason = "a table")]
fn pairs() -> Vec<(&'static str, Value, Value)> {
    let two =
        |section: &str, one: Value, other: Value| json!({ section: { "A": one, "B": other } });
    let registry = |section: &str, content: Value| json!({ "registry": { section: content } });
    let in_registry = |section: &str, one: Value, other: Value| json!({ "registry": { section: { "A": one, "B": other } } });
    let named = |name: &str| json!({ "repositoryName": name });
    let user = |name: &str| json!({ "user": { "userName": name } });
    let group = |name: &str| json!({ "group": { "groupName": name } });
    let role = |name: &str| json!({ "role": { "roleName": name, "assumedBy": { "service": "ec2.amazonaws.com" } } });
    let alias = |name: &str| json!({ "alias": name });
    let cache =
        |prefix: &str| json!({ "ecrRepositoryPrefix": prefix, "upstreamRegistryUrl": "quay.io" });
    let template = |prefix: &str| json!({ "prefix": prefix, "appliedFor": ["REPLICATION"] });
    let applied = |events: Value| json!({ "T": { "prefix": "a", "appliedFor": events } });
    let exclusion = |principal: &str| json!({ "principalArn": format!("arn:aws:iam::111122223333:{principal}") });
    let destination = json!({ "region": "us-east-1", "registryId": "111122223333" });
    let replicated = |filter: &str| {
        let filters = json!([{ "filter": filter, "filterType": "PREFIX_MATCH" }]);
        json!({ "rules": [{ "destinations": [destination], "repositoryFilters": filters }] })
    };
    let rules =
        |count: usize| json!({ "rules": vec![json!({ "destinations": [destination] }); count] });
    let scanned = |filter: &str| {
        let filters = json!([{ "filter": filter, "filterType": "WILDCARD" }]);
        json!({ "scanType": "BASIC", "rules": [{ "scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": filters }] })
    };
    let signed = |profile: &str, filter: &str| {
        let arn = format!("arn:aws:signer:eu-west-1:111122223333:/signing-profiles/{profile}");
        let filters = json!([{ "filter": filter, "filterType": "WILDCARD_MATCH" }]);
        json!({ "rules": [{ "signingProfileArn": arn, "repositoryFilters": filters }] })
    };
    let outputs = |count: usize| {
        let output = json!({ "repository": "A", "attribute": "repositoryName" });
        let outputs: Value = (0..count).map(|i| (format!("O{i}"), output.clone())).collect();
        json!({ "repositories": { "A": {} }, "outputs": outputs })
    };
    let exported = |name: &str| {
        let output =
            json!({ "repository": "A", "attribute": "repositoryName", "exportName": name });
        json!({ "repositories": { "A": {} }, "outputs": { "O": output } })
    };
    let managed = |policy: &str| {
        let role =
            json!({ "assumedBy": { "service": "ec2.amazonaws.com" }, "managedPolicies": [policy] });
        json!({ "principals": { "A": { "role": role } } })
    };
    // A field of events, in a rule.
    let matched = |field: Value| {
        let target = json!({ "arn": "arn:aws:sns:eu-west-1:111122223333:alerts" });
        let pattern = json!({ "detail": { "field": field } });
        let event = json!({ "on": "event", "eventPattern": pattern, "targets": [target] });
        json!({ "repositories": { "A": { "events": { "E": event } } } })
    };
    let either = |branches: Value| matched(json!({ "$or": branches }));
    let conditional = |value: &str| {
        let statement = json!({
            "principals": [{ "account": "444455556666" }],
            "actions": ["ecr:BatchGetImage"],
            "conditions": { "StringEquals": { "aws:PrincipalTag/team": value } },
        });
        json!({ "repositories": { "A": { "resourcePolicy": [statement] } } })
    };
    vec![
        ("reference", conditional("${aws:username}"), conditional("${AWS::AccountId}")),
        ("reference-other", conditional("${Other.Arn}"), conditional("x${AWS::Region}")),
        ("exists", matched(json!([{ "exists": true }])), matched(json!([{ "exists": "true" }]))),
        (
            "numeric",
            matched(json!([{ "numeric": [">", 0, "<=", 5] }])),
            matched(json!([{ "numeric": [">", "0"] }])),
        ),
        (
            "numeric-limits",
            matched(json!([{ "numeric": [">=", 0, "<", 5] }])),
            matched(json!([{ "numeric": ["<", 5, ">", 0] }])),
        ),
        ("operator", matched(json!([{ "prefix": "a" }])), matched(json!([{ "startswith": "a" }]))),
        (
            "operators",
            matched(json!([{ "prefix": "a" }, { "suffix": "b" }])),
            matched(json!([{ "prefix": "a", "suffix": "b" }])),
        ),
        ("no-value", matched(json!([""])), matched(json!([]))),
        ("no-field", matched(json!({ "a": [null] })), matched(json!({}))),
        (
            "wildcard",
            matched(json!([{ "wildcard": "a*b*" }])),
            matched(json!([{ "wildcard": "a**" }])),
        ),
        (
            "cidr",
            matched(json!([{ "cidr": "10.0.0.0/31" }])),
            matched(json!([{ "cidr": "10.0.0.0/32" }])),
        ),
        (
            "anything-but",
            matched(json!([{ "anything-but": [1, 2] }])),
            matched(json!([{ "anything-but": [1, "a"] }])),
        ),
        ("or", either(json!([{ "a": ["b"] }, { "c": ["d"] }])), either(json!([{ "a": ["b"] }]))),
        (
            "or-reserved",
            either(json!([{ "a": ["b"] }, { "c": ["d"] }])),
            either(json!([{ "a": ["b"] }, { "prefix": ["d"] }])),
        ),
        (
            "repository",
            two("repositories", named("a/b"), named("a/c")),
            two("repositories", named("a/b"), named("a/b")),
        ),
        ("user", two("principals", user("a"), user("b")), two("principals", user("a"), user("a"))),
        (
            "group",
            two("principals", group("a"), group("b")),
            two("principals", group("a"), group("a")),
        ),
        ("role", two("principals", role("a"), role("b")), two("principals", role("a"), role("a"))),
        ("alias", two("keys", alias("a"), alias("b")), two("keys", alias("a"), alias("a"))),
        (
            "cache",
            in_registry("pullThroughCacheRules", cache("aa"), cache("ab")),
            in_registry("pullThroughCacheRules", cache("aa"), cache("aa")),
        ),
        (
            "template",
            in_registry("creationTemplates", template("a"), template("b")),
            in_registry("creationTemplates", template("a"), template("a")),
        ),
        (
            "exclusion",
            in_registry("pullTimeUpdateExclusions", exclusion("role/a"), exclusion("role/b")),
            in_registry("pullTimeUpdateExclusions", exclusion("role/a"), exclusion("role/a")),
        ),
        (
            "exclusion-kind",
            in_registry("pullTimeUpdateExclusions", exclusion("role/a"), exclusion("user/a")),
            in_registry("pullTimeUpdateExclusions", exclusion("role/a"), exclusion("group/a")),
        ),
        (
            "applied",
            registry("creationTemplates", applied(json!(["REPLICATION", "PULL_THROUGH_CACHE"]))),
            registry("creationTemplates", applied(json!(["REPLICATION", "REPLICATION"]))),
        ),
        (
            "prefix",
            registry("replication", replicated("prod")),
            registry("replication", replicated("prod*")),
        ),
        (
            "prefix-slash",
            registry("replication", replicated("prod/")),
            registry("replication", replicated("/prod")),
        ),
        ("destinations", registry("replication", rules(25)), registry("replication", rules(26))),
        (
            "no-destination",
            registry("replication", rules(1)),
            registry("replication", json!({ "rules": [{ "destinations": [] }] })),
        ),
        (
            "scanning",
            registry("scanning", scanned("app*")),
            registry("scanning", scanned("app:dev*")),
        ),
        (
            "signing",
            registry("signing", signed("prof", "a*")),
            registry("signing", signed("prof", "A*")),
        ),
        (
            "profile",
            registry("signing", signed("my_prof", "a")),
            registry("signing", signed("my-prof", "a")),
        ),
        ("outputs", outputs(200), outputs(201)),
        ("export", exported("a:b-c"), exported("a b")),
        (
            "description",
            json!({ "description": "a".repeat(512) }),
            json!({ "description": "a".repeat(513) }),
        ),
        (
            "managed",
            managed("arn:aws:iam::aws:policy/ReadOnlyAccess"),
            managed("arn:aws:iam::123:policy/x"),
        ),
    ]
}
