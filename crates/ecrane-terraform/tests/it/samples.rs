//! Constructs that several tests render.

use std::collections::BTreeMap;

use ecrane_construct::{
    CfnOutput, CfnOutputProps, EncryptionType, Group, GroupProps, Key, KeyProps, ManagedPolicyName,
    OnEventOptions, PolicyStatement, Principal, PublicRepository, PublicRepositoryProps, Registry,
    Repository, RepositoryCreationTemplateProps, RepositoryProps, Role, RoleProps, RuleTarget,
    Stack, User, UserProps,
};
use ecrane_core::{
    AppliedFor, Arn, CatalogData, Effect, EventInput, Json, LifecycleRule,
    PullThroughCacheRuleResource, ReplicationDestination, ReplicationRule, RetryPolicy,
    ScanFrequency, ScanType, ScanningRule, TagMutability,
};
use indexmap::IndexMap;
use serde_json::json;

pub(crate) fn arn(text: &str) -> Arn {
    text.parse().unwrap()
}

/// One of each resource that provider 5.100 has.
pub(crate) fn everything(stack: &Stack) {
    let key = Key::new(
        stack,
        "ImagesKey",
        KeyProps { alias: Some(format!("images-{}", stack.id())), ..KeyProps::default() },
    );
    let tags = BTreeMap::from([("a key".to_owned(), "${value}".to_owned())]);
    let encryption_key = Some(key);
    let props = RepositoryProps { tags, encryption_key, ..RepositoryProps::default() };
    let repository = Repository::new(stack, "Service/App", props);
    repository.add_lifecycle_rule(keep_3());
    repository.add_to_resource_policy(for_everyone());
    repository.grant_pull_push(&Role::new(stack, "CiRole", ci_role()));
    repository.grant_pull(&User::new(stack, "Dev", UserProps::default()));
    repository.grant_pull(&Group::new(stack, "Readers", GroupProps::default()));
    repository.grant_pull(Principal::account("444455556666".parse().unwrap()));
    let tags = Some(vec!["latest".to_owned()]);
    let rule = repository.on_image_scan_completed("Scanned", tags, OnEventOptions::default());
    for target in targets() {
        rule.add_target(target);
    }
    registry(stack);
    Registry::pull_through_cache_rule(stack, "DockerHub", cache_rule());
    Registry::creation_template(stack, "Cache", template());
    PublicRepository::new(stack, "Tool", public_repository());
    let value = repository.repository_uri_for_tag("v1");
    let props =
        CfnOutputProps { description: Some("%{x}".to_owned()), ..CfnOutputProps::new(value) };
    CfnOutput::new(stack, "AppUri", props);
}

pub(crate) fn named(name: &str) -> RepositoryProps {
    RepositoryProps { repository_name: Some(name.parse().unwrap()), ..RepositoryProps::default() }
}

pub(crate) fn keep_3() -> LifecycleRule {
    LifecycleRule { max_image_count: Some(3), ..LifecycleRule::default() }
}

pub(crate) fn for_everyone() -> PolicyStatement {
    PolicyStatement {
        sid: Some("Everyone".to_owned()),
        effect: Effect::Allow,
        actions: vec!["ecr:BatchGetImage".parse().unwrap()],
        principals: vec![Principal::any()],
        conditions: IndexMap::from([(
            "StringEquals".to_owned(),
            IndexMap::from([("aws:PrincipalTag/t".to_owned(), Json::one("${aws:username}"))]),
        )]),
        ..PolicyStatement::default()
    }
}

pub(crate) fn builder() -> RoleProps {
    RoleProps::assumed_by(Principal::service("codebuild.amazonaws.com"))
}

pub(crate) fn ci_role() -> RoleProps {
    let managed = |name: &str| ManagedPolicyName::Aws(name.to_owned());
    RoleProps {
        description: Some("Builds %{images}".to_owned()),
        max_session_duration: Some(7200),
        path: Some("/ci/".to_owned()),
        managed_policies: vec![
            managed("ReadOnlyAccess"),
            managed("service-role/AWSAppRunnerServicePolicyForECRAccess"),
        ],
        permissions_boundary: Some(arn("arn:aws:iam::111122223333:policy/boundary")),
        ..builder()
    }
}

pub(crate) fn targets() -> [RuleTarget; 3] {
    let target = || RuleTarget::new(arn("arn:aws:sns:eu-west-1:111122223333:alerts"));
    let tags = "$.detail.image-tags[0]".to_owned();
    [
        RuleTarget {
            role_arn: Some(arn("arn:aws:iam::111122223333:role/invoke")),
            input: Some(EventInput::Constant(json!({ "text": "${x}" }))),
            dead_letter_queue_arn: Some(arn("arn:aws:sqs:eu-west-1:111122223333:dlq")),
            retry_policy: Some(RetryPolicy {
                maximum_retry_attempts: Some(3),
                maximum_event_age_in_seconds: None,
            }),
            ..target()
        },
        RuleTarget { input: Some(EventInput::Path("$.detail".to_owned())), ..target() },
        RuleTarget {
            input: Some(EventInput::Transformer {
                paths: IndexMap::from([("tag".to_owned(), tags)]),
                template: "\"<tag> was scanned\"".to_owned(),
            }),
            ..target()
        },
    ]
}

/// The settings of a registry, apart from signing.
pub(crate) fn registry(stack: &Stack) {
    let replicate = PolicyStatement {
        actions: vec!["ecr:ReplicateImage".parse().unwrap()],
        principals: vec![Principal::account("444455556666".parse().unwrap())],
        resources: vec!["*".to_owned()],
        ..PolicyStatement::default()
    };
    Registry::policy(stack, vec![replicate]);
    let destination = ReplicationDestination {
        region: "us-east-1".parse().unwrap(),
        registry_id: "111122223333".parse().unwrap(),
    };
    let rule =
        ReplicationRule { destinations: vec![destination], prefixes: vec!["prod".to_owned()] };
    Registry::replication(stack, vec![rule]);
    let frequency = ScanFrequency::ContinuousScan;
    let rule = ScanningRule { frequency, filters: vec!["*".to_owned()] };
    Registry::scanning(stack, ScanType::Enhanced, vec![rule]);
}

pub(crate) fn cache_rule() -> PullThroughCacheRuleResource {
    PullThroughCacheRuleResource {
        ecr_repository_prefix: Some("docker-hub".to_owned()),
        upstream_registry: Some("docker-hub".to_owned()),
        upstream_registry_url: Some("registry-1.docker.io".to_owned()),
        credential_arn: Some(arn(
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/hub",
        )),
        custom_role_arn: None,
        upstream_repository_prefix: None,
    }
}

pub(crate) fn template() -> RepositoryCreationTemplateProps {
    RepositoryCreationTemplateProps {
        prefix: "docker-hub".to_owned(),
        applied_for: vec![AppliedFor::PullThroughCache],
        description: Some("Cached".to_owned()),
        image_tag_mutability: Some(TagMutability::Immutable),
        encryption: Some(EncryptionType::Kms),
        resource_tags: IndexMap::from([("cache".to_owned(), "yes".to_owned())]),
        custom_role_arn: Some(arn("arn:aws:iam::111122223333:role/template")),
        ..RepositoryCreationTemplateProps::default()
    }
}

pub(crate) fn public_repository() -> PublicRepositoryProps {
    let catalog_data = CatalogData {
        about_text: Some("A tool".to_owned()),
        architectures: vec!["ARM 64".to_owned()],
        ..CatalogData::default()
    };
    let push = PolicyStatement {
        actions: vec!["ecr-public:PutImage".parse().unwrap()],
        principals: vec![Principal::account("444455556666".parse().unwrap())],
        ..PolicyStatement::default()
    };
    PublicRepositoryProps {
        catalog_data: Some(catalog_data),
        resource_policy: vec![push].into(),
        ..PublicRepositoryProps::default()
    }
}
