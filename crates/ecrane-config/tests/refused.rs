//! What AWS refuses, with the neighbours that it takes.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use serde_json::{Value, json};

use support::{NONE, reported, stack};

/// Two stacks, each with its environment and content.
fn two(first: (Value, Value), second: (Value, Value)) -> Vec<String> {
    let of = |(env, mut stack): (Value, Value)| {
        stack["env"] = env;
        stack
    };
    reported(json!({ "stacks": { "A": of(first), "B": of(second) } }))
}

#[test]
fn a_name_is_taken_once_in_a_stack() {
    let role = |name: &str| json!({ "role": { "roleName": name, "assumedBy": { "service": "ec2.amazonaws.com" } } });
    let cache =
        |prefix: &str| json!({ "ecrRepositoryPrefix": prefix, "upstreamRegistryUrl": "quay.io" });
    let template = |prefix: &str| json!({ "prefix": prefix, "appliedFor": ["REPLICATION"] });
    let exclusion =
        |name: &str| json!({ "principalArn": format!("arn:aws:iam::111122223333:role/{name}") });
    let event =
        |name: &str| json!({ "events": { "E": { "on": "imageScanCompleted", "ruleName": name } } });
    let output =
        |name: &str| json!({ "repository": "A", "attribute": "repositoryUri", "exportName": name });
    let named = |name: &str| json!({ "repositoryName": name });
    let pair = |one: Value, other: Value| json!({ "A": one, "B": other });
    for (section, same, different, place) in [
        (
            "repositories",
            pair(named("a/b"), named("a/b")),
            pair(named("a/b"), named("a/c")),
            "B/repositoryName",
        ),
        (
            "repositories",
            pair(event("x"), event("x")),
            pair(event("x"), event("X")),
            "B/events/E/ruleName",
        ),
        (
            "keys",
            pair(json!({ "alias": "k" }), json!({ "alias": "alias/k" })),
            pair(json!({ "alias": "k" }), json!({ "alias": "K" })),
            "B/alias",
        ),
        (
            "principals",
            pair(role("ci"), role("ci")),
            pair(role("ci"), role("cd")),
            "B/role/roleName",
        ),
        (
            "principals",
            pair(role("ci"), role("CI")),
            pair(role("ci"), json!({ "user": { "userName": "ci" } })),
            "B/role/roleName",
        ),
        (
            "principals",
            pair(json!({ "user": { "userName": "u" } }), json!({ "user": { "userName": "U" } })),
            pair(json!({ "user": {} }), json!({ "user": {} })),
            "B/user/userName",
        ),
        (
            "principals",
            pair(
                json!({ "group": { "groupName": "g" } }),
                json!({ "group": { "groupName": "g" } }),
            ),
            json!({}),
            "B/group/groupName",
        ),
    ] {
        let wanted = [format!("name::taken {section}/{place}")];
        assert_eq!(stack(json!({ section: same })), wanted);
        assert_eq!(stack(json!({ section: different })), NONE);
    }
    for (section, same, different, place) in [
        (
            "pullThroughCacheRules",
            pair(cache("aa"), cache("aa")),
            pair(cache("aa"), cache("aa/b")),
            "B/ecrRepositoryPrefix",
        ),
        (
            "creationTemplates",
            pair(template("a"), template("a")),
            pair(template("a"), template("ROOT")),
            "B/prefix",
        ),
        (
            "pullTimeUpdateExclusions",
            pair(exclusion("a"), exclusion("a")),
            pair(exclusion("a"), exclusion("b")),
            "B/principalArn",
        ),
    ] {
        let wanted = [format!("name::taken registry/{section}/{place}")];
        assert_eq!(stack(json!({ "registry": { section: same } })), wanted);
        assert_eq!(stack(json!({ "registry": { section: different } })), NONE);
    }
    let outputs = |one: &str, other: &str| json!({ "repositories": { "A": {} }, "outputs": { "One": output(one), "Other": output(other) } });
    assert_eq!(stack(outputs("x", "x")), ["name::taken outputs/Other/exportName"]);
    assert_eq!(stack(outputs("x", "X")), NONE);
    let public = json!({ "env": { "region": "us-east-1" }, "publicRepositories": pair(named("a/b"), named("a/b")), "repositories": { "C": named("a/b") } });
    assert_eq!(stack(public), ["name::taken publicRepositories/B/repositoryName"]);
    // An import is the same repository.
    let imported = json!({ "repositories": pair(named("a/b"), json!({ "import": { "repositoryName": "a/b" } })) });
    assert_eq!(stack(imported), NONE);
}

#[test]
fn a_name_is_taken_once_in_an_account_and_region() {
    let of = |env: Value| (env, json!({ "repositories": { "R": { "repositoryName": "a/b" } } }));
    let role = |env: Value| {
        (
            env,
            json!({ "principals": { "R": { "role": { "roleName": "ci", "assumedBy": { "service": "ec2.amazonaws.com" } } } } }),
        )
    };
    let env = |account: &str, region: &str| json!({ "account": account, "region": region });
    let (one, other) = ("111122223333", "444455556666");
    let taken = ["name::taken /stacks/B/repositories/R/repositoryName"];
    assert_eq!(two(of(env(one, "eu-west-1")), of(env(one, "eu-west-1"))), taken);
    assert_eq!(two(of(env(one, "eu-west-1")), of(env(other, "eu-west-1"))), NONE);
    assert_eq!(two(of(env(one, "eu-west-1")), of(env(one, "us-east-1"))), NONE);
    // IAM is of the account.
    let taken = ["name::taken /stacks/B/principals/R/role/roleName"];
    assert_eq!(two(role(env(one, "eu-west-1")), role(env(one, "us-east-1"))), taken);
    assert_eq!(two(role(env(one, "eu-west-1")), role(env(other, "eu-west-1"))), NONE);
    let maybe = ["warning name::maybe_taken /stacks/B/repositories/R/repositoryName"];
    assert_eq!(two(of(json!({})), of(json!({}))), maybe);
    assert_eq!(two(of(env(one, "eu-west-1")), of(json!({ "account": one }))), maybe);
    assert_eq!(two(of(env(one, "eu-west-1")), of(json!({ "account": other }))), NONE);
}

#[test]
fn a_cdk_program_is_taken_as_the_cdk_takes_it() {
    let config = |compatibility: Value| {
        let named = json!({ "repositoryName": "a/b" });
        reported(json!({
            "compatibility": compatibility,
            "stacks": { "S": { "repositories": { "A": named, "B": named } } },
        }))
    };
    let flag = json!({ "@aws-cdk/core:validateAgainstDefaultRules": true });
    let place = "name::taken /stacks/S/repositories/B/repositoryName";
    for (compatibility, wanted) in [
        (json!({}), place.to_owned()),
        (json!({ "featureFlags": "recommended" }), place.to_owned()),
        (json!({ "awsCdk": "2" }), format!("warning {place}")),
        (json!({ "awsCdk": "1" }), format!("warning {place}")),
        (json!({ "awsCdk": "2", "featureFlags": flag }), place.to_owned()),
    ] {
        assert_eq!(config(compatibility.clone()), [wanted], "{compatibility}");
    }
}

#[test]
fn upstream_registries_are_those_of_ecr() {
    let secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/a";
    let role = "arn:aws:iam::111122223333:role/cache";
    let own = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
    let neighbour = "111122223333.dkr.ecr.us-east-1.amazonaws.com";
    let peer = "444455556666.dkr.ecr.eu-west-1.amazonaws.com";
    let china = "444455556666.dkr.ecr.cn-north-1.amazonaws.com.cn";
    let url = |url: &str| json!({ "upstreamRegistryUrl": url });
    let named =
        |name: &str, url: &str| json!({ "upstreamRegistry": name, "upstreamRegistryUrl": url });
    let with = |mut rule: Value, key: &str, value: &str| {
        rule[key] = value.into();
        rule
    };
    let host = "pull_through_cache::unknown_host upstreamRegistryUrl";
    let unused = "pull_through_cache::credential_unused credentialArn";
    let mismatch = "pull_through_cache::mismatch upstreamRegistryUrl";
    let cases = [
        (url("quay.io"), vec![]),
        (url("public.ecr.aws"), vec![]),
        (url("registry.k8s.io"), vec![]),
        (with(url("registry-1.docker.io"), "credentialArn", secret), vec![]),
        (with(url("ghcr.io"), "credentialArn", secret), vec![]),
        (with(url("registry.gitlab.com"), "credentialArn", secret), vec![]),
        (with(url("cgr.dev"), "credentialArn", secret), vec![]),
        (with(url("acme.azurecr.io"), "credentialArn", secret), vec![]),
        (with(url(peer), "customRoleArn", role), vec![]),
        (url(neighbour), vec![]),
        (url("ghcr.io"), vec!["pull_through_cache::credential_missing "]),
        (with(url("quay.io"), "credentialArn", secret), vec![unused]),
        (
            with(url(peer), "credentialArn", secret),
            vec![unused, "warning pull_through_cache::role_missing upstreamRegistryUrl"],
        ),
        (
            with(url("quay.io"), "customRoleArn", role),
            vec!["pull_through_cache::role_unused customRoleArn"],
        ),
        (url("docker.io"), vec![host]),
        (url("index.docker.io"), vec![host]),
        (url("Quay.io"), vec![host]),
        (url("https://public.ecr.aws"), vec![host]),
        (url("public.ecr.aws/docker"), vec![host]),
        (url("quay.io/"), vec![host]),
        (url("azurecr.io"), vec![host]),
        (url("a.b.azurecr.io"), vec![host]),
        (url("harbor.example.com"), vec![host]),
        (url("1234.dkr.ecr.eu-west-1.amazonaws.com"), vec![host]),
        (url("444455556666.dkr.ecr.cn-north-1.amazonaws.com"), vec![host]),
        (url(own), vec!["pull_through_cache::itself upstreamRegistryUrl"]),
        (with(url(china), "customRoleArn", role), vec!["env::other_partition upstreamRegistryUrl"]),
        (url(peer), vec!["warning pull_through_cache::role_missing upstreamRegistryUrl"]),
        (named("quay", "quay.io"), vec![]),
        (named("ecr", neighbour), vec![]),
        (named("quay", "registry.k8s.io"), vec![mismatch]),
        (with(named("docker-hub", "ghcr.io"), "credentialArn", secret), vec![mismatch]),
        (named("Quay", "quay.io"), vec!["pull_through_cache::unknown_registry upstreamRegistry"]),
        (json!({ "upstreamRegistry": "quay" }), vec!["pull_through_cache::incomplete "]),
        (
            with(url("ghcr.io"), "credentialArn", &secret.replace("eu-west-1", "us-east-1")),
            vec!["env::other_region credentialArn"],
        ),
        (
            with(url("ghcr.io"), "credentialArn", &secret.replace("1111", "9999")),
            vec!["env::other_account credentialArn"],
        ),
        (
            with(url("ghcr.io"), "credentialArn", &secret.replace("ecr-pull", "pull")),
            vec!["pull_through_cache::credential_name credentialArn"],
        ),
        (
            with(url(peer), "customRoleArn", &role.replace("1111", "9999")),
            vec!["env::other_account customRoleArn"],
        ),
    ];
    for (mut rule, wanted) in cases {
        rule["ecrRepositoryPrefix"] = "cache".into();
        let found = stack(json!({ "registry": { "pullThroughCacheRules": { "R": rule } } }));
        let wanted: Vec<_> = wanted
            .into_iter()
            .map(|line| {
                let (code, key) = line.rsplit_once(' ').unwrap();
                let place = format!("registry/pullThroughCacheRules/R/{key}");
                format!("{code} {}", place.trim_end_matches('/'))
            })
            .collect();
        assert_eq!(found, wanted, "{rule}");
    }
}

#[test]
fn what_a_stack_uses_is_of_its_environment() {
    let key = |region: &str| json!({ "keyArn": format!("arn:aws:kms:{region}:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab") });
    let repository = |key: Value| json!({ "A": { "encryptionKey": key } });
    let elsewhere = ["env::other_region repositories/A/encryptionKey"];
    assert_eq!(stack(json!({ "repositories": repository(key("eu-west-1")) })), NONE);
    assert_eq!(stack(json!({ "repositories": repository(key("us-east-1")) })), elsewhere);
    assert_eq!(
        stack(
            json!({ "env": { "account": "111122223333" }, "repositories": repository(key("us-east-1")) })
        ),
        NONE
    );
    let named =
        json!({ "keys": { "K": key("us-east-1") }, "repositories": repository("K".into()) });
    assert_eq!(stack(named), elsewhere);
    assert_eq!(stack(json!({ "keys": { "K": key("us-east-1") } })), NONE);
    assert_eq!(stack(json!({ "keys": { "K": {} }, "repositories": repository("K".into()) })), NONE);

    let template = json!({ "prefix": "a", "appliedFor": ["REPLICATION"], "encryption": "KMS", "encryptionKey": key("us-east-1") });
    let found = stack(json!({ "registry": { "creationTemplates": { "T": template } } }));
    assert_eq!(found, ["env::other_region registry/creationTemplates/T/encryptionKey"]);

    let signing = |arn: &str| {
        stack(json!({ "registry": { "signing": { "rules": [{ "signingProfileArn": arn }] } } }))
    };
    let place = "registry/signing/rules/0/signingProfileArn";
    assert_eq!(signing("arn:aws:signer:eu-west-1:444455556666:/signing-profiles/prof"), NONE);
    assert_eq!(
        signing("arn:aws:signer:us-east-1:444455556666:/signing-profiles/prof"),
        [format!("env::other_region {place}")]
    );
    assert_eq!(
        signing("arn:aws-cn:signer:cn-north-1:444455556666:/signing-profiles/prof"),
        [format!("env::other_partition {place}")]
    );
    for malformed in [
        "arn:aws:signer:eu-west-1:444455556666:/signing-profiles/p",
        "arn:aws:signer:eu-west-1:444455556666:/signing-profiles/prof/abc",
        "arn:aws:signer:eu-west-1:444455556666:/signing-profiles/my-prof",
        "arn:aws:kms:eu-west-1:444455556666:key/x",
    ] {
        assert_eq!(
            signing(malformed),
            [format!("signing::profile_malformed {place}")],
            "{malformed}"
        );
    }

    let replication = |region: &str, account: &str| {
        let rules = json!([{ "destinations": [{ "region": region, "registryId": account }] }]);
        stack(json!({ "registry": { "replication": { "rules": rules } } }))
    };
    let place = "registry/replication/rules/0/destinations/0";
    assert_eq!(replication("us-east-1", "111122223333"), NONE);
    assert_eq!(replication("eu-west-1", "444455556666"), NONE);
    assert_eq!(
        replication("eu-west-1", "111122223333"),
        [format!("replication::to_itself {place}")]
    );
    assert_eq!(
        replication("cn-north-1", "111122223333"),
        [format!("env::other_partition {place}/region")]
    );
    assert_eq!(
        replication("eu-west-9", "111122223333"),
        [format!("warning region::unknown {place}/region")]
    );
    assert_eq!(
        replication("eu-wets-1", "111122223333"),
        [format!("region::malformed {place}/region")]
    );
}

#[test]
fn regions_exist() {
    let of =
        |region: &str| stack(json!({ "env": { "region": region }, "repositories": { "A": {} } }));
    for known in [
        "eu-west-1",
        "us-gov-west-1",
        "cn-northwest-1",
        "eusc-de-east-1",
        "us-isof-south-1",
        "mx-central-1",
    ] {
        assert_eq!(of(known), NONE, "{known}");
    }
    for malformed in ["eu-wets-1", "eu-west", "eu-west-1a", "EU-WEST-1", "euwest1", "eu-ireland-1"]
    {
        assert_eq!(of(malformed), ["region::malformed env/region"], "{malformed}");
    }
    for unknown in ["eu-west-9", "nz-south-1"] {
        assert_eq!(of(unknown), ["warning region::unknown env/region"], "{unknown}");
    }
}

#[test]
fn filters_have_the_form_of_the_api() {
    let registry =
        |section: &str, content: Value| stack(json!({ "registry": { section: content } }));
    let destination = json!({ "region": "us-east-1", "registryId": "111122223333" });
    let profile = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/prof";
    let check = |filter: &str| {
        let of = |kind: &str| json!([{ "filter": filter, "filterType": kind }]);
        let rule =
            json!({ "destinations": [destination], "repositoryFilters": of("PREFIX_MATCH") });
        let mut found = registry("replication", json!({ "rules": [rule] }));
        let rule = json!({ "scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": of("WILDCARD") });
        found.extend(registry("scanning", json!({ "scanType": "BASIC", "rules": [rule] })));
        let rule =
            json!({ "signingProfileArn": profile, "repositoryFilters": of("WILDCARD_MATCH") });
        found.extend(registry("signing", json!({ "rules": [rule] })));
        found.into_iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (replication, scanning, signing) = (
        "replication::filter_malformed",
        "scanning::filter_malformed",
        "signing::filter_malformed",
    );
    for (filter, wanted) in [
        ("prod", vec![]),
        ("team/app", vec![]),
        ("prod*", vec![replication]),
        ("*", vec![replication, "replication::filter_length"]),
        ("team/", vec![scanning, signing]),
        ("/prod", vec![replication, scanning, signing]),
        ("Prod", vec![replication, scanning, signing]),
        ("a:b", vec![replication, scanning, signing]),
        (
            "",
            vec!["replication::filter_length", "scanning::filter_length", "signing::filter_length"],
        ),
    ] {
        assert_eq!(check(filter), wanted, "{filter}");
    }
    assert_eq!(check(&"a".repeat(255)), NONE);
    assert_eq!(check(&"a".repeat(256)), ["scanning::filter_length"]);
    let wanted = ["replication::no_destination registry/replication/rules/0/destinations"];
    assert_eq!(registry("replication", json!({ "rules": [{ "destinations": [] }] })), wanted);
}

#[test]
fn a_role_has_principals_and_policies_that_iam_takes() {
    let trusted =
        |by: Value| stack(json!({ "principals": { "R": { "role": { "assumedBy": by } } } }));
    let malformed =
        |key: &str| [format!("role::provider_malformed principals/R/role/assumedBy/{key}")];
    let oidc = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
    for provider in [oidc, "accounts.google.com", "cognito-identity.amazonaws.com"] {
        assert_eq!(trusted(json!({ "webIdentity": provider })), NONE, "{provider}");
    }
    for provider in [
        "hello",
        "token.actions.githubusercontent.com",
        "arn:aws:iam::111122223333:role/x",
        "arn:aws:iam::aws:oidc-provider/x",
    ] {
        assert_eq!(
            trusted(json!({ "webIdentity": provider })),
            malformed("webIdentity"),
            "{provider}"
        );
    }
    let saml = "arn:aws:iam::111122223333:saml-provider/corp";
    let federated = |provider: &str| {
        trusted(json!({ "federated": provider, "assumeRoleAction": "sts:AssumeRoleWithSAML" }))
    };
    assert_eq!(federated(saml), NONE);
    assert_eq!(federated("corp"), malformed("federated"));

    let roles = |count: usize| {
        let role = |i| json!({ "arn": format!("arn:aws:iam::444455556666:role/{}{i:02}", "a".repeat(55)) });
        trusted(json!({ "composite": (0..count).map(role).collect::<Vec<_>>() }))
    };
    assert_eq!(roles(8), NONE);
    assert_eq!(roles(20), ["role::trust_policy_length principals/R/role/assumedBy"]);

    let managed = |policies: Vec<String>| {
        stack(json!({ "principals": { "R": { "role": {
            "assumedBy": { "service": "ec2.amazonaws.com" }, "managedPolicies": policies,
        } } } }))
    };
    let many = |count: usize| (0..count).map(|i| format!("Policy{i}")).collect();
    assert_eq!(managed(many(20)), NONE);
    assert_eq!(managed(many(21)), ["role::managed_policy_count principals/R/role/managedPolicies"]);
    for policy in [
        "ReadOnlyAccess",
        "service-role/AWSCodeBuildAdminAccess",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "arn:aws:iam::111122223333:policy/team/base",
    ] {
        assert_eq!(managed(vec![policy.to_owned()]), NONE, "{policy}");
    }
    for policy in [
        "read only",
        "a:b",
        "arn:aws:iam::111122223333:role/x",
        "arn:aws:iam::123:policy/x",
        "arn:aws:s3:::policy/x",
    ] {
        let wanted = ["role::managed_policy_malformed principals/R/role/managedPolicies/0"];
        assert_eq!(managed(vec![policy.to_owned()]), wanted, "{policy}");
    }
}

#[test]
fn exclusions_are_of_roles_and_users() {
    let of = |arn: &str| {
        stack(
            json!({ "registry": { "pullTimeUpdateExclusions": { "X": { "principalArn": arn } } } }),
        )
    };
    for taken in ["role/x", "user/x", "role/team/x", "role/service-role/a+b=c,d.e@f-g"] {
        assert_eq!(of(&format!("arn:aws:iam::111122223333:{taken}")), NONE, "{taken}");
    }
    for refused in [
        "arn:aws:iam::111122223333:group/x",
        "arn:aws:iam::111122223333:root",
        "arn:aws:iam::111122223333:role/*",
        "arn:aws:iam::123:role/x",
        "arn:aws:sts::111122223333:assumed-role/x/y",
    ] {
        let wanted = [
            "pull_time_exclusion::principal_malformed registry/pullTimeUpdateExclusions/X/principalArn",
        ];
        assert_eq!(of(refused), wanted, "{refused}");
    }
}

#[test]
fn export_names_and_event_patterns_are_bounded() {
    let export = |name: &str| {
        stack(json!({ "repositories": { "A": {} }, "outputs": {
            "O": { "repository": "A", "attribute": "repositoryUri", "exportName": name },
        } }))
    };
    for taken in ["a", "shop:app-uri", &"a".repeat(255)] {
        assert_eq!(export(taken), NONE, "{taken}");
    }
    for refused in ["a b", "a_b", "a.b", "a/b", "ü", "${x}", "${AWS::StackName}"] {
        assert_eq!(
            export(refused),
            ["output::export_name_malformed outputs/O/exportName"],
            "{refused}"
        );
    }
    for refused in ["", &"a".repeat(256)] {
        assert_eq!(
            export(refused),
            ["output::export_name_length outputs/O/exportName"],
            "{refused}"
        );
    }
    let event = |length: usize| {
        let pattern = json!({ "detail": { "image-tags": ["a".repeat(length)] } });
        stack(json!({ "repositories": { "A": { "repositoryName": "a/b", "events": {
            "E": { "on": "imageScanCompleted", "eventPattern": pattern },
        } } } }))
    };
    assert_eq!(event(3900), NONE);
    assert_eq!(event(4096), ["event::pattern_length repositories/A/events/E/eventPattern"]);
}

#[test]
fn names_have_the_form_of_the_api() {
    let private =
        |name: &str| stack(json!({ "repositories": { "A": { "repositoryName": name } } }));
    let imported = |name: &str| {
        stack(json!({ "repositories": { "A": { "import": { "repositoryName": name } } } }))
    };
    let public = |name: &str| {
        stack(
            json!({ "env": { "region": "us-east-1" }, "publicRepositories": { "A": { "repositoryName": name } } }),
        )
    };
    for name in ["ab", "a/b", "a.b_c-d/e"] {
        assert_eq!(private(name), NONE, "{name}");
        assert_eq!(imported(name), NONE, "{name}");
        assert_eq!(public(name), NONE, "{name}");
    }
    let malformed = ["public_repository::name_malformed publicRepositories/A/repositoryName"];
    for name in ["a--b", "a__b", "a---b/c__d"] {
        assert_eq!(private(name), NONE, "{name}");
        assert_eq!(imported(name), NONE, "{name}");
        assert_eq!(public(name), malformed, "{name}");
    }
    for name in ["Ab", "a..b", "/a", "a/", "a-", "a b"] {
        assert_eq!(public(name), malformed, "{name}");
        assert!(private(name)[0].starts_with("repository::name_malformed"), "{name}");
    }
    let length = ["public_repository::name_length publicRepositories/A/repositoryName"];
    assert_eq!(public("a"), length);
    assert_eq!(public(&"a".repeat(206)), length);
    assert_eq!(public(&"a".repeat(205)), NONE);
}

/// The AWS CDK leaves `Default` out of the ids that it derives, and fails if nothing else is there.
#[test]
fn a_construct_without_children_is_not_called_default() {
    let cache = json!({ "ecrRepositoryPrefix": "quay", "upstreamRegistryUrl": "quay.io" });
    let output = json!({ "repository": "A", "attribute": "repositoryUri" });
    let of = |id: &str, section: &str| match section {
        "cache" => stack(json!({ "registry": { "pullThroughCacheRules": { id: cache } } })),
        _ => stack(json!({ "repositories": { "A": {} }, "outputs": { id: output } })),
    };
    for (id, key) in [("Default", "Default"), ("Default/Default", "Default~1Default")] {
        let at = format!("registry/pullThroughCacheRules/{key}");
        assert_eq!(of(id, "cache"), [format!("construct::only_default {at}")]);
        let at = format!("outputs/{key}");
        assert_eq!(of(id, "output"), [format!("construct::only_default {at}")]);
    }
    for id in ["default", "Default/A", "A/Default"] {
        assert_eq!(of(id, "cache"), NONE, "{id}");
    }
    // A repository has a child.
    assert_eq!(stack(json!({ "repositories": { "Default": {} } })), NONE);
}

/// What follows from an error is no error of its own.
#[test]
fn a_role_that_trusts_a_later_principal_is_one_error() {
    let role = json!({ "role": { "assumedBy": "Later" }, "inlinePolicy": { "policyName": "p" } });
    let later = json!({ "roleArn": "arn:aws:iam::111122223333:role/later" });
    let of = |inline: Value| {
        let mut role = role.clone();
        if inline.is_null() {
            role.as_object_mut().unwrap().remove("inlinePolicy");
        }
        stack(json!({ "principals": { "Role": role, "Later": later } }))
    };
    assert_eq!(of(json!(true)), ["config::principal_later principals/Role/role/assumedBy"]);
    assert_eq!(of(json!(true)), of(Value::Null));
}
