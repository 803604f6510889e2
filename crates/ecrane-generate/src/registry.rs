//! What a stack has beside its repositories: keys, registry settings, public repositories, outputs.

use serde_json::{Value, json};

use super::paths::Paths;
use super::{Draft, Object, repositories, words};

pub(super) const KEY_ARN: &str =
    "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/// The `keys` of a stack.
pub(super) fn keys(draft: &mut Draft, paths: &mut Paths) -> Object {
    let mut keys = Object::new();
    for _ in 0..draft.random.between(1, 2) {
        let id = paths.fresh(draft);
        let key =
            if draft.random.chance(30) { json!({ "keyArn": KEY_ARN }) } else { key(draft).into() };
        keys.insert(id, key);
    }
    keys
}

fn key(draft: &mut Draft) -> Object {
    let mut key = Object::new();
    if draft.random.chance(40) {
        key.insert("description".into(), draft.random.pick(&words::DESCRIPTIONS).into());
    }
    if draft.random.chance(40) {
        key.insert("enableKeyRotation".into(), draft.random.chance(60).into());
    }
    if draft.random.chance(40) {
        let base = draft.random.pick(&["images", "alias/images", "team/images"]);
        let alias = draft.unique(base);
        key.insert("alias".into(), alias.into());
    }
    if draft.random.chance(30) {
        key.insert("removalPolicy".into(), draft.random.pick(&["retain", "destroy"]).into());
    }
    key
}

/// The `registry` settings of a stack, with image signing where the region `signs`. CDK 1.130 knows two of them.
pub(super) fn registry(draft: &mut Draft, paths: &mut Paths, keys: &Object, signs: bool) -> Object {
    let mut registry = Object::new();
    if draft.random.chance(40) {
        registry.insert("policy".into(), policy(draft));
    }
    if draft.random.chance(40) {
        registry.insert("replication".into(), replication(draft));
    }
    if !draft.cdk2 {
        return registry;
    }
    if draft.random.chance(30) {
        registry.insert("scanning".into(), scanning(draft));
    }
    if signs && draft.random.chance(30) {
        let rule = json!({
            "signingProfileArn": "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/prof",
            "repositoryFilters": [{ "filter": "*", "filterType": "WILDCARD_MATCH" }],
        });
        registry.insert("signing".into(), json!({ "rules": [rule] }));
    }
    if draft.random.chance(30) {
        let rules = Object::from_iter([(paths.fresh(draft), cache_rule(draft))]);
        registry.insert("pullThroughCacheRules".into(), rules.into());
    }
    if draft.random.chance(40) {
        let templates = Object::from_iter([(paths.fresh(draft), creation_template(draft, keys))]);
        registry.insert("creationTemplates".into(), templates.into());
    }
    if draft.random.chance(20) {
        let exclusion = json!({ "principalArn": "arn:aws:iam::111122223333:role/scanner" });
        let exclusions = Object::from_iter([(paths.fresh(draft), exclusion)]);
        registry.insert("pullTimeUpdateExclusions".into(), exclusions.into());
    }
    registry
}

fn policy(draft: &mut Draft) -> Value {
    let mut statements = Vec::new();
    for number in 0..draft.random.between(1, 3) {
        let count = draft.random.between(1, 2);
        let accounts = draft.random.sample(&words::ACCOUNTS, count);
        let principals: Vec<_> =
            accounts.into_iter().map(|account| json!({ "account": account })).collect();
        let count = draft.random.between(1, 2);
        let actions =
            ["ecr:ReplicateImage", "ecr:CreateRepository", "ecr:BatchImportUpstreamImage"];
        let mut statement = json!({
            "effect": "Allow",
            "principals": principals,
            "actions": draft.random.sample(&actions, count),
            "resources": [draft.random.pick(&["arn:aws:ecr:eu-west-1:111122223333:repository/*", "*"])],
        });
        if draft.random.chance(50)
            && let Some(statement) = statement.as_object_mut()
        {
            statement.insert("sid".into(), format!("Replicate{number}").into());
        }
        statements.push(statement);
    }
    statements.into()
}

fn replication(draft: &mut Draft) -> Value {
    let mut rules = Vec::new();
    for _ in 0..draft.random.between(1, 2) {
        let mut rule =
            json!({ "destinations": [{ "region": "us-east-1", "registryId": "111122223333" }] });
        if draft.random.chance(50)
            && let Some(rule) = rule.as_object_mut()
        {
            rule.insert(
                "repositoryFilters".into(),
                json!([{ "filter": "prod", "filterType": "PREFIX_MATCH" }]),
            );
        }
        rules.push(rule);
    }
    json!({ "rules": rules })
}

fn scanning(draft: &mut Draft) -> Value {
    if draft.random.chance(50) {
        let filters = json!([{ "filter": "*", "filterType": "WILDCARD" }]);
        json!({ "scanType": "ENHANCED", "rules": [{ "scanFrequency": "CONTINUOUS_SCAN", "repositoryFilters": filters }] })
    } else {
        let filters = json!([{ "filter": "prod-*", "filterType": "WILDCARD" }]);
        json!({ "scanType": "BASIC", "rules": [{ "scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": filters }] })
    }
}

fn cache_rule(draft: &mut Draft) -> Value {
    let rules = [
        json!({ "ecrRepositoryPrefix": "quay", "upstreamRegistryUrl": "quay.io" }),
        json!({
            "ecrRepositoryPrefix": "docker-hub",
            "upstreamRegistry": "docker-hub",
            "upstreamRegistryUrl": "registry-1.docker.io",
            "credentialArn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/hub-abcdef",
        }),
        json!({
            "ecrRepositoryPrefix": "peer",
            "upstreamRegistry": "ecr",
            "upstreamRegistryUrl": "444455556666.dkr.ecr.eu-west-1.amazonaws.com",
            "upstreamRepositoryPrefix": "shop",
            "customRoleArn": "arn:aws:iam::111122223333:role/ecr-cache",
        }),
    ];
    draft.random.pick(&rules)
}

fn creation_template(draft: &mut Draft, keys: &Object) -> Value {
    let mut template = Object::from_iter([
        ("prefix".into(), draft.random.pick(&["docker-hub", "ROOT", "a/b"]).into()),
        (
            "appliedFor".into(),
            draft.random.sample(&["PULL_THROUGH_CACHE", "REPLICATION"], 2).into(),
        ),
    ]);
    if draft.random.chance(50) {
        template.insert("description".into(), draft.random.pick(&["cache", "for replicas"]).into());
    }
    match draft.random.below(3) {
        0 => {
            template.insert("imageTagMutability".into(), "IMMUTABLE".into());
        }
        1 => {
            template.insert("imageTagMutability".into(), "MUTABLE_WITH_EXCLUSION".into());
            let filters = draft.random.sample(&words::EXCLUSION_FILTERS, 2);
            template.insert("imageTagMutabilityExclusionFilters".into(), filters.into());
        }
        _ => {}
    }
    match draft.random.below(3) {
        0 => {
            template.insert("encryption".into(), "AES256".into());
        }
        1 => {
            template.insert("encryption".into(), "KMS".into());
            let key = keys
                .keys()
                .next()
                .map_or_else(|| json!({ "keyArn": KEY_ARN }), |id| id.as_str().into());
            template.insert("encryptionKey".into(), key);
        }
        _ => {}
    }
    if draft.random.chance(50) {
        template.insert("lifecycleRules".into(), repositories::lifecycle_rules(draft).into());
    }
    if draft.random.chance(50) {
        let statement = json!({ "principals": [{ "account": "444455556666" }], "actions": ["ecr:BatchGetImage"] });
        template.insert("resourcePolicy".into(), json!([statement]));
    }
    if draft.random.chance(50) {
        template.insert("resourceTags".into(), repositories::tags(draft));
    }
    if draft.random.chance(50) {
        template
            .insert("customRoleArn".into(), "arn:aws:iam::111122223333:role/ecr-template".into());
    }
    template.into()
}

/// The `publicRepositories` of a stack.
pub(super) fn public_repositories(draft: &mut Draft, paths: &mut Paths) -> Object {
    let mut repository = Object::new();
    if draft.random.chance(70) {
        let name = draft.unique("acme/tool-");
        repository.insert("repositoryName".into(), name.into());
    }
    if draft.random.chance(70) {
        let all = [
            ("aboutText", json!("About")),
            ("architectures", json!(["ARM 64", "x86-64"])),
            ("operatingSystems", json!(["Linux"])),
            ("description", json!("A tool")),
            ("usageText", json!("Use it")),
        ];
        let count = draft.random.between(1, 5);
        let data: Object = draft
            .random
            .sample(&all, count)
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect();
        repository.insert("catalogData".into(), data.into());
    }
    if draft.random.chance(50) {
        let statement = json!({ "principals": [{ "account": "444455556666" }], "actions": ["ecr-public:PutImage"] });
        repository.insert("resourcePolicy".into(), json!([statement]));
    }
    if draft.random.chance(50) {
        repository.insert("tags".into(), repositories::tags(draft));
    }
    Object::from_iter([(paths.fresh(draft), repository.into())])
}

/// The `outputs` of a stack.
pub(super) fn outputs(draft: &mut Draft, paths: &mut Paths, repositories: &Object) -> Object {
    let mut outputs = Object::new();
    let ids: Vec<&String> = repositories.keys().collect();
    for _ in 0..draft.random.between(0, 3) {
        let Some(repository) = ids.get(draft.random.below(ids.len())) else { break };
        let attributes: &[&str] = if draft.cdk2 {
            &["repositoryArn", "repositoryName", "repositoryUri", "registryUri"]
        } else {
            &["repositoryArn", "repositoryName", "repositoryUri"]
        };
        let attribute = draft.random.pick(attributes);
        let mut output = json!({ "repository": repository, "attribute": attribute });
        if let Some(output) = output.as_object_mut() {
            match draft.random.below(4) {
                0 if attribute == "repositoryUri" => {
                    output.insert("tag".into(), "v1".into());
                }
                1 if attribute == "repositoryUri" => {
                    let digest = format!("sha256:{}", "0123456789abcdef".repeat(4));
                    output.insert("digest".into(), digest.into());
                }
                _ => {}
            }
            if draft.random.chance(30) {
                output.insert("description".into(), draft.random.pick(&words::DESCRIPTIONS).into());
            }
            if draft.random.chance(30) {
                let name = draft.unique("export-");
                output.insert("exportName".into(), name.into());
            }
        }
        outputs.insert(paths.fresh(draft), output);
    }
    outputs
}
