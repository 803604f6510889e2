//! One test for each kind of resource.

use std::collections::BTreeMap;

use ecrane_construct::{
    App, CfnOutput, CfnOutputProps, Group, GroupProps, Key, KeyProps, OnEventOptions, Principal,
    PublicRepository, Registry, Repository, RepositoryProps, Role, RoleProps, Stack, StackProps,
    User, UserProps,
};
use ecrane_core::{
    Addresses, Compatibility, ConstructPath, Environment, PullThroughCacheRuleResource,
    RemovalPolicy, SigningRule,
};
use ecrane_terraform::Options;
use serde_json::{Value, json};

use crate::samples::{
    arn, builder, cache_rule, ci_role, for_everyone, keep_3, named, public_repository, registry,
    targets, template,
};
use crate::support::{json as parsed, module, rendered, stack};

#[test]
fn a_repository_is_protected_unless_it_is_to_be_destroyed() {
    let (app, stack) = stack(StackProps::default());
    Repository::new(&stack, "Kept", named("kept"));
    let destroyed = RepositoryProps {
        removal_policy: Some(RemovalPolicy::Destroy),
        empty_on_delete: Some(true),
        image_scan_on_push: Some(false),
        ..named("gone")
    };
    Repository::new(&stack, "Gone", destroyed);
    let resources = &module(&app)["resource"];
    assert_eq!(
        resources["aws_ecr_repository"],
        json!({
            "kept": { "name": "kept", "lifecycle": { "prevent_destroy": true } },
            "gone": {
                "name": "gone",
                "image_scanning_configuration": [{ "scan_on_push": false }],
                "force_delete": true,
            },
        })
    );
}

#[test]
fn policies_of_a_repository_are_resources_of_their_own() {
    let (app, stack) = stack(StackProps::default());
    let repository = Repository::new(&stack, "Service/App", named("app"));
    repository.add_lifecycle_rule(keep_3());
    repository.add_to_resource_policy(for_everyone());
    let resources = &module(&app)["resource"];
    let repository = json!("${aws_ecr_repository.service_app.name}");
    let lifecycle = &resources["aws_ecr_lifecycle_policy"]["service_app"];
    assert_eq!(lifecycle["repository"], repository);
    assert_eq!(parsed(&lifecycle["policy"])["rules"][0]["selection"]["countNumber"], 3);
    let policy = &resources["aws_ecr_repository_policy"]["service_app"];
    assert_eq!(policy["repository"], repository);
    assert_eq!(
        parsed(&policy["policy"]),
        json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Sid": "Everyone",
                "Effect": "Allow",
                "Principal": { "AWS": "*" },
                "Action": "ecr:BatchGetImage",
                "Condition": { "StringEquals": { "aws:PrincipalTag/t": ["$${aws:username}"] } },
            }],
        })
    );
}

#[test]
fn grants_become_policies_of_the_identity() {
    let (app, stack) = stack(StackProps::default());
    let repository = Repository::new(&stack, "App", named("app"));
    let role = Role::new(&stack, "CiRole", builder());
    let user = User::new(
        &stack,
        "Dev",
        UserProps { user_name: Some("dev".to_owned()), ..UserProps::default() },
    );
    let group = Group::new(&stack, "Readers", GroupProps::default());
    let imported =
        Role::from_role_arn(&stack, "Deployer", arn("arn:aws:iam::111122223333:role/x/deployer"));
    repository.grant_pull(&role);
    repository.grant_pull(&user);
    repository.grant_pull(&group);
    repository.grant_pull(&imported);
    let resources = &module(&app)["resource"];

    let role = &resources["aws_iam_role_policy"]["ci_role_default_policy"];
    assert_eq!(role["role"], "${aws_iam_role.ci_role.name}");
    let name = ConstructPath::try_from("CiRole/DefaultPolicy/Resource").unwrap().logical_id();
    assert_eq!(role["name"], json!(name));
    let statements = &parsed(&role["policy"])["Statement"];
    assert_eq!(statements[0]["Resource"], "${aws_ecr_repository.app.arn}");
    assert_eq!(statements[1]["Action"], "ecr:GetAuthorizationToken");

    let user = &resources["aws_iam_user_policy"]["dev_default_policy"];
    assert_eq!(user["user"], "${aws_iam_user.dev.name}");
    let group = &resources["aws_iam_group_policy"]["readers_default_policy"];
    assert_eq!(group["group"], "${aws_iam_group.readers.name}");
    let imported = resources["aws_iam_role_policy"].as_object().unwrap();
    assert!(imported.values().any(|policy| policy["role"] == "deployer"), "{imported:#?}");
}

#[test]
fn a_role_says_all_that_is_asked_of_it() {
    let (app, stack) = stack(StackProps::default());
    Role::new(&stack, "CiRole", RoleProps { role_name: Some("ci".to_owned()), ..ci_role() });
    let module = module(&app);
    let role = &module["resource"]["aws_iam_role"]["ci_role"];
    assert_eq!(role["name"], "ci");
    assert_eq!(role["description"], "Builds %%{images}");
    assert_eq!(role["max_session_duration"], 7200);
    assert_eq!(role["path"], "/ci/");
    assert_eq!(role["permissions_boundary"], "arn:aws:iam::111122223333:policy/boundary");
    assert_eq!(
        parsed(&role["assume_role_policy"])["Statement"][0],
        json!({
            "Effect": "Allow",
            "Principal": { "Service": "codebuild.amazonaws.com" },
            "Action": "sts:AssumeRole",
        })
    );
    assert_eq!(
        module["resource"]["aws_iam_role_policy_attachment"],
        json!({
            "ci_role_read_only_access": {
                "role": "${aws_iam_role.ci_role.name}",
                "policy_arn":
                    "arn:${data.aws_partition.current.partition}:iam::aws:policy/ReadOnlyAccess",
            },
            "ci_role_aws_app_runner_service_policy_for_ecr_access": {
                "role": "${aws_iam_role.ci_role.name}",
                "policy_arn": "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AWSAppRunnerServicePolicyForECRAccess",
            },
        })
    );
}

#[test]
fn what_does_not_fit_inline_becomes_a_managed_policy() {
    let (app, stack) = stack(StackProps::default());
    let role = Role::new(&stack, "CiRole", builder());
    for index in 0..80 {
        let repository =
            Repository::new(&stack, &format!("App{index}"), RepositoryProps::default());
        repository.grant_pull_push(&role);
    }
    let module = module(&app);
    let policies = module["resource"]["aws_iam_policy"].as_object().unwrap();
    let (name, policy) = policies.iter().next().unwrap();
    assert_eq!(name, "ci_role_overflow_policy1");
    assert!(policy["name"].as_str().unwrap().starts_with("registry-ci-role-overflow-policy1-"));
    assert_eq!(
        module["resource"]["aws_iam_role_policy_attachment"][name],
        json!({
            "role": "${aws_iam_role.ci_role.name}",
            "policy_arn": format!("${{aws_iam_policy.{name}.arn}}"),
        })
    );
}

#[test]
fn keys_and_aliases() {
    let (app, stack) = stack(StackProps::default());
    let key = Key::new(
        &stack,
        "ImagesKey",
        KeyProps {
            enable_key_rotation: Some(true),
            alias: Some("images".to_owned()),
            ..KeyProps::default()
        },
    );
    let props = RepositoryProps { encryption_key: Some(key), ..named("app") };
    Repository::new(&stack, "App", props);
    let resources = &module(&app)["resource"];
    let key = &resources["aws_kms_key"]["images_key"];
    assert_eq!(key["enable_key_rotation"], true);
    assert_eq!(key["lifecycle"]["prevent_destroy"], true);
    assert_eq!(
        parsed(&key["policy"])["Statement"][0]["Principal"]["AWS"],
        "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"
    );
    assert_eq!(
        resources["aws_kms_alias"]["images_key_alias"],
        json!({ "name": "alias/images", "target_key_id": "${aws_kms_key.images_key.arn}" })
    );
    assert_eq!(
        resources["aws_ecr_repository"]["app"]["encryption_configuration"],
        json!([{ "encryption_type": "KMS", "kms_key": "${aws_kms_key.images_key.arn}" }])
    );
}

#[test]
fn every_target_of_a_rule_is_a_resource() {
    let (app, stack) = stack(StackProps::default());
    let repository = Repository::new(&stack, "App", named("app"));
    let options = OnEventOptions { enabled: Some(false), ..OnEventOptions::default() };
    let rule =
        repository.on_image_scan_completed("Scanned", Some(vec!["latest".to_owned()]), options);
    for target in targets() {
        rule.add_target(target);
    }
    let resources = &module(&app)["resource"];
    let rule = &resources["aws_cloudwatch_event_rule"]["app_scanned"];
    assert_eq!(rule["state"], "DISABLED");
    let pattern = parsed(&rule["event_pattern"]);
    assert_eq!(pattern["detail"]["repository-name"], json!(["${aws_ecr_repository.app.name}"]));
    let targets = &resources["aws_cloudwatch_event_target"];
    let rule = "${aws_cloudwatch_event_rule.app_scanned.name}";
    assert_eq!(
        targets["app_scanned_target0"],
        json!({
            "rule": rule,
            "target_id": "Target0",
            "arn": "arn:aws:sns:eu-west-1:111122223333:alerts",
            "role_arn": "arn:aws:iam::111122223333:role/invoke",
            "input": "{\"text\":\"$${x}\"}",
            "dead_letter_config": [{ "arn": "arn:aws:sqs:eu-west-1:111122223333:dlq" }],
            // The provider would send an age that is left out as zero.
            "retry_policy": [{ "maximum_event_age_in_seconds": 86400, "maximum_retry_attempts": 3 }],
        })
    );
    assert_eq!(targets["app_scanned_target1"]["input_path"], "$.detail");
    assert_eq!(
        targets["app_scanned_target2"]["input_transformer"],
        json!([{
            "input_paths": { "tag": "$.detail.image-tags[0]" },
            "input_template": "\"<tag> was scanned\"",
        }])
    );
}

#[test]
fn settings_of_the_registry() {
    let (app, stack) = stack(StackProps::default());
    registry(&stack);
    let rule = SigningRule {
        signing_profile_arn: arn("arn:aws:signer:eu-west-1:111122223333:/signing-profiles/prof"),
        filters: vec!["*".to_owned()],
    };
    Registry::signing(&stack, vec![rule]);
    let module = module(&app);
    let resources = &module["resource"];
    let policy = &resources["aws_ecr_registry_policy"]["registry_policy"]["policy"];
    assert_eq!(parsed(policy)["Statement"][0]["Action"], "ecr:ReplicateImage");
    assert_eq!(
        resources["aws_ecr_replication_configuration"]["replication_configuration"],
        json!({ "replication_configuration": [{ "rule": [{
            "destination": [{ "region": "us-east-1", "registry_id": "111122223333" }],
            "repository_filter": [{ "filter": "prod", "filter_type": "PREFIX_MATCH" }],
        }] }] })
    );
    assert_eq!(
        resources["aws_ecr_registry_scanning_configuration"]["registry_scanning_configuration"],
        json!({ "scan_type": "ENHANCED", "rule": [{
            "scan_frequency": "CONTINUOUS_SCAN",
            "repository_filter": [{ "filter": "*", "filter_type": "WILDCARD" }],
        }] })
    );
    assert_eq!(
        resources["awscc_ecr_signing_configuration"]["signing_configuration"]["rules"][0]["repository_filters"],
        json!([{ "filter": "*", "filter_type": "WILDCARD_MATCH" }])
    );
    assert_eq!(
        module["terraform"]["required_providers"]["awscc"],
        json!({ "source": "hashicorp/awscc", "version": ">= 1.69.0" })
    );
    assert_eq!(module["provider"]["awscc"], json!([{}]));
}

#[test]
fn a_creation_template() {
    let (app, stack) = stack(StackProps::default());
    Registry::creation_template(&stack, "Cache", template());
    assert_eq!(
        module(&app)["resource"]["aws_ecr_repository_creation_template"]["cache"],
        json!({
            "prefix": "docker-hub",
            "applied_for": ["PULL_THROUGH_CACHE"],
            "description": "Cached",
            "image_tag_mutability": "IMMUTABLE",
            "encryption_configuration": [{ "encryption_type": "KMS" }],
            "custom_role_arn": "arn:aws:iam::111122223333:role/template",
            "resource_tags": { "cache": "yes" },
        })
    );
}

#[test]
fn a_cache_rule_names_its_registry_by_url() {
    let (app, stack) = stack(StackProps::default());
    Registry::pull_through_cache_rule(&stack, "DockerHub", cache_rule());
    let output = rendered(&app, &Options::default());
    assert_eq!(
        output.file("Registry/main.tf.json")["resource"]["aws_ecr_pull_through_cache_rule"],
        json!({ "docker_hub": {
            "ecr_repository_prefix": "docker-hub",
            "upstream_registry_url": "registry-1.docker.io",
            "credential_arn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/hub",
        } })
    );
    assert_eq!(output.warnings, [""; 0]);
}

#[test]
fn a_cache_rule_whose_registry_does_not_follow_is_warned_of() {
    let (app, stack) = stack(StackProps::default());
    let upstream_registry_url = Some("cgr.dev".to_owned());
    let upstream_registry = Some("chainguard".to_owned());
    let rule =
        PullThroughCacheRuleResource { upstream_registry, upstream_registry_url, ..cache_rule() };
    Registry::pull_through_cache_rule(&stack, "Chainguard", rule);
    let warnings = rendered(&app, &Options::default()).warnings;
    assert!(warnings[0].contains("`upstreamRegistry` has no equivalent"), "{warnings:?}");
}

#[test]
fn a_public_repository_and_what_the_gallery_shows() {
    let (app, stack) = stack(StackProps::default());
    PublicRepository::new(&stack, "Tool", public_repository());
    let resources = &module(&app)["resource"];
    let repository = &resources["aws_ecrpublic_repository"]["tool"];
    assert!(repository["repository_name"].as_str().unwrap().starts_with("registry-tool-"));
    assert_eq!(
        repository["catalog_data"],
        json!([{ "about_text": "A tool", "architectures": ["ARM 64"] }])
    );
    assert_eq!(
        resources["aws_ecrpublic_repository_policy"]["tool"]["repository_name"],
        "${aws_ecrpublic_repository.tool.repository_name}"
    );
}

#[test]
fn what_has_no_counterpart_is_warned_of() {
    let (app, stack) =
        stack(StackProps { termination_protection: Some(true), ..StackProps::default() });
    let repository = Repository::new(
        &stack,
        "App",
        RepositoryProps {
            lifecycle_registry_id: Some("111122223333".parse().unwrap()),
            ..named("app")
        },
    );
    CfnOutput::new(
        &stack,
        "Uri",
        CfnOutputProps {
            export_name: Some("uri".to_owned()),
            ..CfnOutputProps::new(repository.repository_uri())
        },
    );
    let warnings = rendered(&app, &Options::default()).warnings;
    let places: Vec<&str> = warnings.iter().map(|w| w.split(':').nth(2).unwrap()).collect();
    assert_eq!(warnings.len(), 3, "{warnings:?}");
    assert!(warnings.iter().all(|w| w.starts_with("terraform::no_counterpart /stacks/Registry/")));
    assert!(places[0].ends_with("terminationProtection"), "{places:?}");
    assert!(places[1].ends_with("repositories/App/lifecycleRegistryId"), "{places:?}");
    assert!(places[2].ends_with("outputs/Uri/exportName"), "{places:?}");
}

#[test]
fn tags_of_a_resource_and_of_its_stack() {
    // For a CDK program, such tags are a warning.
    let app = App::new(Compatibility { requested: true, ..Compatibility::v2() });
    let props = StackProps {
        tags: BTreeMap::from([("team".to_owned(), "${platform}".to_owned())]),
        env: Environment {
            account: Some("111122223333".parse().unwrap()),
            region: Some("cn-north-1".parse().unwrap()),
        },
        ..StackProps::default()
    };
    let stack = Stack::new(&app, "Registry", props);
    let tags = BTreeMap::from([("a ${key}".to_owned(), "%{value}".to_owned())]);
    let repository = Repository::new(&stack, "App", RepositoryProps { tags, ..named("app") });
    CfnOutput::new(
        &stack,
        "AppUri",
        CfnOutputProps {
            description: Some("Where it is".to_owned()),
            ..CfnOutputProps::new(repository.repository_uri_for_tag("v1"))
        },
    );
    let module = module(&app);
    assert_eq!(
        module["provider"]["aws"],
        json!([{
            "region": "cn-north-1",
            "allowed_account_ids": ["111122223333"],
            "default_tags": [{ "tags": { "team": "$${platform}" } }],
        }])
    );
    assert_eq!(
        module["resource"]["aws_ecr_repository"]["app"]["tags"],
        json!({ "a $${key}": "%%{value}" })
    );
    // All that the environment says is known, so no data source is asked.
    assert_eq!(module.get("data"), None);
    let output: &Value = &module["output"]["app_uri"];
    assert_eq!(output["description"], "Where it is");
    let uri = output["value"].as_str().unwrap();
    assert!(uri.contains(".amazonaws.com.cn/${aws_ecr_repository.app.name}:v1"), "{uri}");
}

#[test]
fn what_an_override_replaces_needs_no_data_source() {
    let data = |argument: Option<&str>| {
        let (app, stack) = stack(StackProps::default());
        let mut addresses = Addresses::default();
        let overrides = argument.map(|argument| (argument.to_owned(), json!("{}")));
        addresses.lay_over("terraform", overrides);
        let account = Principal::account("444455556666".parse().unwrap());
        Role::new(&stack, "CiRole", RoleProps { addresses, ..RoleProps::assumed_by(account) });
        module(&app)["data"]["aws_partition"].clone()
    };
    assert!(data(None).is_object());
    assert!(data(Some("description")).is_object());
    assert!(data(Some("assume_role_policy")).is_null());
}
