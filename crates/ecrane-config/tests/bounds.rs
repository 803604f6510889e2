//! Each limit, exactly at it and one beyond it.

#![expect(clippy::needless_pass_by_value, reason = "documents are written where they are used")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use ecrane_config::Config;
use ecrane_core::Severity;
use serde_json::{Value, json};

/// The codes and places of all problems; warnings are marked.
fn reported(config: Value) -> Vec<String> {
    let config: Config = serde_json::from_value(config).unwrap();
    let problems = match config.build() {
        Ok(graph) => graph.warnings().to_vec(),
        Err(problems) => problems.into_iter().collect(),
    };
    let mut reported: Vec<_> = problems
        .iter()
        .map(|p| {
            let mark = if p.severity == Severity::Warning { "warning " } else { "" };
            assert!(p.fact.help().is_some_and(|help| !help.is_empty()), "{}", p.fact);
            format!("{mark}{} {}", p.fact.code(), p.place)
        })
        .collect();
    reported.dedup();
    reported
}

/// The problems of a stack with one section, without the place of the section.
fn section(name: &str, content: Value) -> Vec<String> {
    let reported = reported(json!({ "stacks": { "S": { name: content } } }));
    reported.into_iter().map(|text| text.replace(&format!("/stacks/S/{name}"), "")).collect()
}

fn repository(content: Value) -> Vec<String> {
    section("repositories", json!({ "A": content }))
}

fn registry(content: Value) -> Vec<String> {
    section("registry", content)
}

fn event(content: Value) -> Vec<String> {
    let mut event = json!({ "on": "imageScanCompleted" });
    event.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
    repository(json!({ "events": { "E": event } }))
}

fn repeat(item: &Value, count: usize) -> Value {
    Value::Array(vec![item.clone(); count])
}

fn text(length: usize) -> String {
    "a".repeat(length)
}

fn tags(count: usize) -> Value {
    (0..count).map(|index| (format!("k{index}"), Value::from("v"))).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn tags_have_the_characters_that_aws_takes() {
    let stack = |section: &str, content: Value, tags: Value| {
        reported(json!({ "stacks": { "S": { section: content, "tags": tags } } }))
    };
    let role = json!({ "R": { "role": { "assumedBy": { "service": "ec2.amazonaws.com" } } } });
    for taken in ["Ünï 日本 ٣", "_.:/=+-@", ""] {
        assert_eq!(stack("principals", role.clone(), json!({ "k": taken })), NONE, "{taken}");
    }
    for refused in ["${x}", "a,b", "a\nb", "😀"] {
        let wanted = ["tags::malformed /stacks/S/tags/k"];
        assert_eq!(stack("principals", role.clone(), json!({ "k": refused })), wanted);
        assert_eq!(stack("repositories", json!({ "A": {} }), json!({ "k": refused })), wanted);
        let wanted = ["tags::malformed /A/tags/k"];
        assert_eq!(repository(json!({ "tags": { "k": refused } })), wanted);
        let wanted = [format!("tags::malformed /stacks/S/tags/{refused}")];
        assert_eq!(stack("principals", role.clone(), json!({ refused: "v" })), wanted);
    }
}

#[test]
fn operators_of_conditions_are_those_of_iam() {
    let policy = |operator: &str| {
        let statement = json!({
            "principals": [{ "account": "444455556666" }],
            "actions": ["ecr:BatchGetImage"],
            "conditions": { operator: { "aws:PrincipalTag/team": "a" } },
        });
        repository(json!({ "resourcePolicy": [statement] }))
    };
    for known in ["StringEquals", "stringlikeifexists", "ForAnyValue:ArnLikeIfExists", "Null"] {
        assert_eq!(policy(known), NONE, "{known}");
    }
    for unknown in ["StringEqual", "ForSomeValue:StringLike", "NullIfExists", "", "aws:SourceArn"] {
        let key = unknown.replace('/', "~1");
        let reported = format!("policy::unknown_operator /A/resourcePolicy/0/conditions/{key}");
        assert_eq!(policy(unknown), [reported], "{unknown}");
    }
    let trusted = json!({ "account": "444455556666", "conditions": { "StringEqual": {} } });
    let role = json!({ "R": { "role": { "assumedBy": trusted } } });
    assert_eq!(
        section("principals", role),
        ["policy::unknown_operator /R/role/assumedBy/conditions/StringEqual"]
    );
}

#[test]
fn conditions_are_on_keys_that_requests_have() {
    let policy = |operator: &str, key: &str| {
        let statement = json!({
            "principals": [{ "account": "444455556666" }],
            "actions": ["ecr:BatchGetImage"],
            "conditions": { operator: { key: "a" } },
        });
        repository(json!({ "resourcePolicy": [statement] }))
    };
    for known in [
        "aws:PrincipalOrgID",
        "AWS:sourceip",
        "aws:PrincipalTag/team",
        "ecr:ResourceTag/a/b",
        // Keys of other services and of identity providers.
        "sts:ExternalId",
        "token.actions.githubusercontent.com:sub",
    ] {
        assert_eq!(policy("StringEquals", known), NONE, "{known}");
    }
    for unknown in ["aws:PrincipalOrg", "aws:PrincipalTag", "AWS:SourceIps", "ecr:PrincipalArn"] {
        let place = "/A/resourcePolicy/0/conditions/StringEquals";
        let warning = format!("warning policy::unknown_condition_key {place}/{unknown}");
        assert_eq!(policy("StringEquals", unknown), [warning], "{unknown}");
    }
    let list = "aws:PrincipalOrgPaths";
    for operator in ["ForAnyValue:StringLike", "forallvalues:stringlike", "Null"] {
        assert_eq!(policy(operator, list), NONE, "{operator}");
    }
    for operator in ["StringLike", "StringNotLikeIfExists"] {
        let place = format!("/A/resourcePolicy/0/conditions/{operator}/{list}");
        let warning = format!("warning policy::set_operator {place}");
        assert_eq!(policy(operator, list), [warning], "{operator}");
    }
}

#[test]
fn descriptions_of_roles_are_latin() {
    let role = |description: &str| {
        let role =
            json!({ "assumedBy": { "service": "ec2.amazonaws.com" }, "description": description });
        section("principals", json!({ "R": { "role": role } }))
    };
    assert_eq!(role("Über\tall\r\n~"), NONE);
    for refused in ["日本", "bell\u{7}", "del\u{7f}", "nel\u{85}"] {
        assert_eq!(role(refused), ["role::description_malformed /R/role/description"]);
    }
}

#[test]
fn tags_are_bounded() {
    assert_eq!(repository(json!({ "tags": tags(50) })), NONE);
    assert_eq!(repository(json!({ "tags": tags(51) })), ["tags::count /A/tags"]);
    assert_eq!(repository(json!({ "tags": { text(128): text(256) } })), NONE);
    assert_eq!(repository(json!({ "tags": { "": "" } })), ["tags::key_length /A/tags/"]);
    let key = text(129);
    let wanted = [format!("tags::key_length /A/tags/{key}")];
    assert_eq!(repository(json!({ "tags": { key: "" } })), wanted);
    let wanted = ["tags::value_length /A/tags/k"];
    assert_eq!(repository(json!({ "tags": { "k": text(257) } })), wanted);
    let wanted = ["tags::reserved /A/tags/AWS:k"];
    assert_eq!(repository(json!({ "tags": { "AWS:k": "v", "aws-k": "v" } })), wanted);
    let template = |tags| {
        let template =
            json!({ "prefix": "a", "appliedFor": ["REPLICATION"], "resourceTags": tags });
        registry(json!({ "creationTemplates": { "T": template } }))
    };
    assert_eq!(template(tags(50)), NONE);
    assert_eq!(template(tags(51)), ["tags::count /creationTemplates/T/resourceTags"]);
    // A resource also has the tags of its stack.
    let both = |count| {
        let stack =
            json!({ "tags": { "own": "v" }, "repositories": { "A": { "tags": tags(count) } } });
        reported(json!({ "stacks": { "S": stack } }))
    };
    assert_eq!(both(49), NONE);
    assert_eq!(both(50), ["tags::count /stacks/S/repositories/A/tags"]);
    // Event rules inherit the tags of their repository, and do not report the same problem again.
    let rule = json!({ "E": { "on": "imageScanCompleted" } });
    let content = json!({ "tags": { "aws:k": "v" }, "events": rule });
    assert_eq!(repository(content), ["tags::reserved /A/tags/aws:k"]);
}

#[test]
fn names_of_identities_are_bounded() {
    for (kind, key, most) in
        [("role", "roleName", 64), ("user", "userName", 64), ("group", "groupName", 128)]
    {
        let named = |name: &str| {
            let mut content = json!({ key: name });
            if kind == "role" {
                content["assumedBy"] = json!({ "service": "codebuild.amazonaws.com" });
            }
            section("principals", json!({ "P": { kind: content } }))
        };
        assert_eq!(named("a_1+=,.@-"), NONE, "{kind}");
        assert_eq!(named(&text(most)), NONE, "{kind}");
        let wanted = [format!("iam::name_length /P/{kind}/{key}")];
        assert_eq!(named(&text(most + 1)), wanted);
        assert_eq!(named(""), wanted);
        assert_eq!(named("a b"), [format!("iam::name_malformed /P/{kind}/{key}")]);
    }
}

#[test]
fn keys_are_bounded() {
    let key = |content| section("keys", json!({ "K": content }));
    assert_eq!(key(json!({ "description": text(8192), "alias": "a:b/c_d-e" })), NONE);
    assert_eq!(
        key(json!({ "description": text(8193) })),
        ["key::description_length /K/description"]
    );
    assert_eq!(key(json!({ "alias": text(250) })), NONE);
    assert_eq!(key(json!({ "alias": text(251) })), ["key::alias_length /K/alias"]);
    for alias in ["alias/aws/ecr", "a.b", ""] {
        assert_eq!(key(json!({ "alias": alias })), ["key::alias_malformed /K/alias"], "{alias}");
    }
}

#[test]
fn event_rules_are_bounded() {
    let at = |code: &str, place: &str| [format!("{code} /A/events/E/{place}")];
    assert_eq!(event(json!({ "ruleName": text(64), "description": text(512) })), NONE);
    assert_eq!(event(json!({ "ruleName": text(65) })), at("event::name_length", "ruleName"));
    assert_eq!(event(json!({ "ruleName": "a b" })), at("event::name_malformed", "ruleName"));
    let wanted = at("event::description_length", "description");
    assert_eq!(event(json!({ "description": text(513) })), wanted);
    let targets = |count: usize| {
        let arn = |i| json!({ "arn": format!("arn:aws:sns:eu-west-1:111122223333:t{i}") });
        event(json!({ "targets": (0..count).map(arn).collect::<Value>() }))
    };
    assert_eq!(targets(5), NONE);
    assert_eq!(targets(6), at("event::target_count", "targets"));
    let target = |key: &str, value: Value| {
        event(json!({ "targets": [{ "arn": "arn:aws:sns:eu-west-1:111122223333:t", key: value }] }))
    };
    for (key, code, good, bad) in [
        ("maximumRetryAttempts", "event::retry_attempts", [0, 185], [186, 4000]),
        ("maximumEventAgeInSeconds", "event::event_age", [60, 86_400], [59, 86_401]),
    ] {
        for value in good {
            assert_eq!(target("retryPolicy", json!({ key: value })), NONE);
        }
        for value in bad {
            let wanted = at(code, &format!("targets/0/retryPolicy/{key}"));
            assert_eq!(target("retryPolicy", json!({ key: value })), wanted);
        }
    }
    let wanted = at("event::input_length", "targets/0/input");
    assert_eq!(target("input", json!(text(8190))), NONE);
    assert_eq!(target("input", json!(text(8191))), wanted);
    let wanted = at("event::input_length", "targets/0/inputPath");
    assert_eq!(target("inputPath", json!(format!("$.{}", text(255)))), wanted);
    let wanted = at("event::input_length", "targets/0/inputTransformer/inputTemplate");
    assert_eq!(target("inputTransformer", json!({ "inputTemplate": text(8193) })), wanted);
}

#[test]
fn replication_is_bounded() {
    let destination = json!({ "region": "us-east-1", "registryId": "111122223333" });
    let filter = json!({ "filter": "prod", "filterType": "PREFIX_MATCH" });
    let rule = |destinations: usize, filters: usize| {
        json!({
            "destinations": repeat(&destination, destinations),
            "repositoryFilters": repeat(&filter, filters),
        })
    };
    let rules = |rules: Value| registry(json!({ "replication": { "rules": rules } }));
    assert_eq!(rules(repeat(&rule(1, 1), 25)), NONE);
    let wanted = ["replication::rule_count /replication/rules"];
    assert_eq!(rules(repeat(&rule(1, 1), 26)), wanted);
    assert_eq!(rules(json!([rule(100, 100)])), NONE);
    let wanted = ["replication::destination_count /replication/rules/0/destinations"];
    assert_eq!(rules(json!([rule(101, 100)])), wanted);
    let wanted = ["registry::filter_count /replication/rules/1/repositoryFilters"];
    assert_eq!(rules(json!([rule(1, 1), rule(1, 101)])), wanted);
}

#[test]
fn a_registry_does_not_replicate_to_itself() {
    let of = |account: &str, region: &str| {
        let destination = json!({ "region": "us-east-1", "registryId": "111122223333" });
        let rules = json!([{ "destinations": [destination] }]);
        reported(json!({ "stacks": { "S": {
            "env": { "account": account, "region": region },
            "registry": { "replication": { "rules": rules } },
        } } }))
    };
    let wanted = ["replication::to_itself /stacks/S/registry/replication/rules/0/destinations/0"];
    assert_eq!(of("111122223333", "us-east-1"), wanted);
    assert_eq!(of("111122223333", "eu-west-1"), NONE);
    assert_eq!(of("444455556666", "us-east-1"), NONE);
}

#[test]
fn a_lifecycle_policy_in_another_registry_is_warned_of() {
    let of = |env: Value| {
        reported(json!({ "stacks": { "S": {
            "env": env,
            "repositories": { "A": {
                "lifecycleRegistryId": "111122223333",
                "lifecycleRules": [{ "maxImageCount": 1 }],
            } },
        } } }))
    };
    let wanted =
        ["warning lifecycle::registry_elsewhere /stacks/S/repositories/A/lifecycleRegistryId"];
    assert_eq!(of(json!({ "account": "444455556666" })), wanted);
    assert_eq!(of(json!({ "account": "111122223333" })), NONE);
    assert_eq!(of(json!({ "region": "eu-west-1" })), NONE);
}

#[test]
fn scanning_is_bounded() {
    let filter = json!({ "filter": "*", "filterType": "WILDCARD" });
    let rule = |frequency: &str, filters: usize| json!({ "scanFrequency": frequency, "repositoryFilters": repeat(&filter, filters) });
    let scanning = |scan_type: &str, rules: Value| {
        registry(json!({ "scanning": { "scanType": scan_type, "rules": rules } }))
    };
    let both = json!([rule("CONTINUOUS_SCAN", 100), rule("SCAN_ON_PUSH", 1)]);
    assert_eq!(scanning("ENHANCED", both), NONE);
    assert_eq!(scanning("BASIC", json!([rule("SCAN_ON_PUSH", 1)])), NONE);
    let wanted = ["scanning::basic_continuous /scanning/rules/0/scanFrequency"];
    assert_eq!(scanning("BASIC", json!([rule("CONTINUOUS_SCAN", 1)])), wanted);
    let wanted = [
        "scanning::rule_count /scanning/rules",
        "scanning::frequency_taken /scanning/rules/1/scanFrequency",
        "scanning::frequency_taken /scanning/rules/2/scanFrequency",
    ];
    assert_eq!(scanning("ENHANCED", repeat(&rule("SCAN_ON_PUSH", 1), 3)), wanted);
    let wanted = ["registry::filter_count /scanning/rules/0/repositoryFilters"];
    assert_eq!(scanning("ENHANCED", json!([rule("SCAN_ON_PUSH", 101)])), wanted);
}

#[test]
fn signing_is_bounded() {
    let profile = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/images";
    let filter = json!({ "filter": "*", "filterType": "WILDCARD_MATCH" });
    let rule = |filters| json!({ "signingProfileArn": profile, "repositoryFilters": repeat(&filter, filters) });
    let rules = |rules: Value| registry(json!({ "signing": { "rules": rules } }));
    assert_eq!(rules(repeat(&rule(100), 50)), NONE);
    assert_eq!(rules(repeat(&rule(1), 51)), ["signing::rule_count /signing/rules"]);
    let wanted = ["registry::filter_count /signing/rules/0/repositoryFilters"];
    assert_eq!(rules(json!([rule(101)])), wanted);
}

#[test]
fn cache_rules_are_bounded() {
    let rule = |content: Value| registry(json!({ "pullThroughCacheRules": { "R": content } }));
    let secret =
        |name: &str| format!("arn:aws:secretsmanager:eu-west-1:111122223333:secret:{name}");
    for prefix in ["quay", "a/b", "a/", "ROOT", "a.b_c__d---e", &text(30)] {
        let reported =
            rule(json!({ "ecrRepositoryPrefix": prefix, "upstreamRegistryUrl": "quay.io" }));
        assert_eq!(reported, NONE, "{prefix}");
    }
    for prefix in ["Quay", "a//b", "/a", "a._b", "a___b", "-a", "a-", "root "] {
        let reported =
            rule(json!({ "ecrRepositoryPrefix": prefix, "upstreamRegistryUrl": "quay.io" }));
        let place = "/pullThroughCacheRules/R/ecrRepositoryPrefix";
        assert_eq!(reported, [format!("pull_through_cache::prefix_malformed {place}")], "{prefix}");
    }
    for prefix in ["a", &text(31)] {
        let reported = rule(json!({
            "ecrRepositoryPrefix": "quay",
            "upstreamRegistryUrl": "quay.io",
            "upstreamRepositoryPrefix": prefix,
        }));
        let place = "/pullThroughCacheRules/R/upstreamRepositoryPrefix";
        assert_eq!(reported, [format!("pull_through_cache::prefix_length {place}")], "{prefix}");
    }
    for upstream in [
        json!({ "upstreamRegistryUrl": "registry-1.docker.io" }),
        json!({ "upstreamRegistryUrl": "ghcr.io" }),
        json!({ "upstreamRegistryUrl": "acme.azurecr.io" }),
    ] {
        let mut content = upstream.clone();
        content["ecrRepositoryPrefix"] = "cache".into();
        let wanted = ["pull_through_cache::credential_missing /pullThroughCacheRules/R"];
        assert_eq!(rule(content.clone()), wanted, "{upstream}");
        content["credentialArn"] = secret("ecr-pullthroughcache/hub-abcdef").into();
        assert_eq!(rule(content), NONE, "{upstream}");
    }
    for arn in [secret("hub"), secret("ecr-pullthroughcache/x").replace("secretsmanager", "ssm")] {
        let reported = rule(json!({
            "ecrRepositoryPrefix": "hub",
            "upstreamRegistryUrl": "registry-1.docker.io",
            "credentialArn": arn,
        }));
        let place = "/pullThroughCacheRules/R/credentialArn";
        assert_eq!(reported, [format!("pull_through_cache::credential_name {place}")]);
    }
}

#[test]
fn creation_templates_are_bounded() {
    let template = |prefix: &str, description: &str| {
        let content =
            json!({ "prefix": prefix, "appliedFor": ["REPLICATION"], "description": description });
        registry(json!({ "creationTemplates": { "T": content } }))
    };
    assert_eq!(template("ROOT", &text(256)), NONE);
    assert_eq!(template(&text(256), ""), NONE);
    let at =
        |code: &str, key: &str| [format!("creation_template::{code} /creationTemplates/T/{key}")];
    assert_eq!(template(&text(257), ""), at("prefix_length", "prefix"));
    assert_eq!(template("*", ""), at("prefix_malformed", "prefix"));
    assert_eq!(template("a", &text(257)), at("description_length", "description"));
}

#[test]
fn policies_are_bounded() {
    let allow = |sid: &str| {
        json!([{
            "sid": sid,
            "principals": [{ "account": "444455556666" }],
            "actions": ["ecr:BatchGetImage"]
        }])
    };
    let frame = r#"{"Statement":[{"Action":"ecr:BatchGetImage","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Sid":""}],"Version":"2012-10-17"}"#.len();
    assert_eq!(repository(json!({ "resourcePolicy": allow(&text(10_240 - frame)) })), NONE);
    let one_more = text(10_241 - frame);
    assert_eq!(repository(json!({ "resourcePolicy": allow(&one_more) })), ["policy::too_large /A"]);
    assert_eq!(registry(json!({ "policy": allow(&one_more) })), ["policy::too_large /policy"]);
    // A value that is known only on deployment counts with its minimum length.
    let grants = |count: usize| -> Value {
        (0..count)
            .map(|i| json!({ "to": { "account": format!("{i:012}") }, "allow": "pull" }))
            .collect()
    };
    assert_eq!(repository(json!({ "grants": grants(40) })), NONE);
    assert_eq!(repository(json!({ "grants": grants(80) })), ["policy::too_large /A"]);
}

#[test]
fn everybody_is_warned_of() {
    let statement = |principal: Value, conditions: Value| {
        let mut statement = json!({ "principals": [principal], "actions": ["ecr:BatchGetImage"] });
        if !conditions.is_null() {
            statement["conditions"] = conditions;
        }
        repository(json!({ "resourcePolicy": [statement] }))
    };
    let any = || json!({ "any": true });
    let warned = ["warning policy::public /A/resourcePolicy/0/principals/0/any"];
    assert_eq!(statement(any(), Value::Null), warned);
    let star = ["warning policy::public /A/resourcePolicy/0/principals/0/star"];
    assert_eq!(statement(json!({ "star": true }), Value::Null), star);
    for bound in [
        json!({ "StringEquals": { "aws:PrincipalOrgID": "o-abcde12345" } }),
        json!({ "ForAnyValue:StringLike": { "AWS:PrincipalOrgPaths": ["o-abcde12345/*"] } }),
        json!({ "Bool": { "aws:SecureTransport": "true" }, "IpAddress": { "aws:SourceIp": "10.0.0.0/8" } }),
        json!({ "StringLike": { "aws:PrincipalOrgID": "o-abc*" } }),
        json!({ "ArnLike": { "aws:PrincipalArn": "arn:aws:iam::444455556666:*" } }),
        json!({ "StringLike": { "aws:PrincipalArn": "arn:aws:iam::444455556666:role/*" } }),
        json!({ "ArnLike": { "aws:SourceArn": "arn:aws:s3:::bucket/0" } }),
    ] {
        assert_eq!(statement(any(), bound.clone()), NONE, "{bound}");
    }
    for open in [
        json!({ "Bool": { "aws:SecureTransport": "true" } }),
        json!({ "StringNotEquals": { "aws:PrincipalOrgID": "o-abcde12345" } }),
        json!({ "StringEqualsIfExists": { "aws:PrincipalOrgID": "o-abcde12345" } }),
        json!({ "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": "o-abcde12345/*" } }),
        json!({ "StringLike": { "aws:PrincipalOrgID": ["o-abcde12345", "*"] } }),
        json!({ "StringEquals": { "aws:PrincipalTag/team": "core" } }),
        json!({ "Null": { "aws:PrincipalOrgID": "false" } }),
        json!({ "ForAnyValue:Null": { "aws:PrincipalOrgPaths": "false" } }),
        // A value that is everybody: any organization, a role of any account, any address.
        json!({ "StringLike": { "aws:PrincipalOrgID": "o-*" } }),
        json!({ "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-*/r-*" } }),
        json!({ "ArnLike": { "aws:PrincipalArn": "arn:aws:iam::*:role/ci" } }),
        json!({ "StringLike": { "aws:PrincipalArn": "*:role/ci" } }),
        json!({ "StringLike": { "aws:PrincipalArn": "arn:aws:iam::*" } }),
        json!({ "StringLike": { "aws:SourceVpc": "vpc-*" } }),
        json!({ "StringLike": { "aws:PrincipalAccount": "????????????" } }),
        json!({ "IpAddress": { "aws:SourceIp": ["10.0.0.0/8", "0.0.0.0/0"] } }),
        json!({ "IpAddress": { "aws:SourceIp": "::/0" } }),
    ] {
        assert_eq!(statement(any(), open.clone()), warned, "{open}");
    }
    let grant = |to: Value| repository(json!({ "grants": [{ "to": to, "allow": "pull" }] }));
    assert_eq!(grant(any()), ["warning policy::public /A/grants/0/to/any"]);
    assert_eq!(grant(json!({ "organization": "o-abcde12345" })), NONE);
    let unit = "o-abcde12345/r-ab12/ou-ab12-11111111/*";
    assert_eq!(grant(json!({ "organizationalUnit": unit })), NONE);
    assert_eq!(grant(json!({ "lambda": { "account": "444455556666" } })), NONE);
    // A deny for everyone grants nobody access.
    let deny = json!([{ "effect": "Deny", "principals": [any()], "actions": ["ecr:PutImage"] }]);
    assert_eq!(repository(json!({ "resourcePolicy": deny })), NONE);
    let role = json!({ "R": { "role": { "assumedBy": any() } } });
    assert_eq!(section("principals", role), ["warning policy::public /R/role/assumedBy/any"]);
}

#[test]
fn public_repositories_are_bounded() {
    let in_region = |region: &str| {
        let stack = json!({ "env": { "region": region }, "publicRepositories": { "T": {} } });
        reported(json!({ "stacks": { "S": stack } }))
    };
    assert_eq!(in_region("us-east-1"), NONE);
    let wanted = ["public_repository::region /stacks/S/publicRepositories/T"];
    assert_eq!(in_region("eu-west-1"), wanted);
    let tool = |data: Value| section("publicRepositories", json!({ "T": { "catalogData": data } }));
    let full = json!({
        "aboutText": text(10_240), "usageText": text(10_240), "description": text(1_024),
        "architectures": repeat(&"ARM".into(), 50), "operatingSystems": ["Linux"],
    });
    assert_eq!(tool(full), NONE);
    for (key, most) in [("aboutText", 10_240), ("usageText", 10_240), ("description", 1_024)] {
        let wanted = [format!("public_repository::text_length /T/catalogData/{key}")];
        assert_eq!(tool(json!({ key: text(most + 1) })), wanted);
    }
    for key in ["architectures", "operatingSystems"] {
        let wanted = [format!("public_repository::list_count /T/catalogData/{key}")];
        assert_eq!(tool(json!({ key: repeat(&"x".into(), 51) })), wanted);
    }
}

#[test]
fn a_registry_has_one_owner() {
    let scanning = json!({ "scanning": { "scanType": "BASIC" } });
    let two = |one: Value, other: Value| {
        reported(json!({ "stacks": {
            "A": { "env": one, "registry": scanning }, "B": { "env": other, "registry": scanning },
        } }))
    };
    let env = |account: &str, region: &str| json!({ "account": account, "region": region });
    let here = || env("111122223333", "eu-west-1");
    let place = "/stacks/B/registry/scanning";
    assert_eq!(two(here(), here()), [format!("registry::two_owners {place}")]);
    assert_eq!(two(here(), env("111122223333", "us-east-1")), NONE);
    assert_eq!(two(here(), env("444455556666", "eu-west-1")), NONE);
    assert_eq!(two(here(), json!({})), NONE);
    let maybe = [format!("warning registry::maybe_two_owners {place}")];
    assert_eq!(two(json!({}), json!({})), maybe);
    let account = json!({ "account": "111122223333" });
    assert_eq!(two(account.clone(), account), maybe);
    // One stack may set the replication, and another the scanning.
    let replication = json!({ "replication": { "rules": [] } });
    let stacks = json!({
        "A": { "env": here(), "registry": scanning }, "B": { "env": here(), "registry": replication },
    });
    assert_eq!(reported(json!({ "stacks": stacks })), NONE);
}
