//! Registry settings.

use serde_json::{Value, json};

use super::paths::Paths;
use super::{
    Draft, Object, creation_templates, deployment, events, insert_filled, policies, principals,
    words,
};

/// The `registry` settings of a stack, with signing if the region supports it (`signs`). CDK 1.130
/// supports two of them.
pub(super) fn registry(draft: &mut Draft, paths: &mut Paths, keys: &Object, signs: bool) -> Object {
    let mut registry = Object::new();
    if draft.random.chance(40) {
        registry.insert("policy".into(), policy(draft));
    }
    if draft.random.chance(40) {
        registry.insert("replication".into(), replication(draft).into());
    }
    if draft.random.chance(30) {
        registry.insert("events".into(), events::of_registry(draft, paths).into());
    }
    if !draft.cdk2 {
        return registry;
    }
    if draft.random.chance(30) {
        registry.insert("scanning".into(), scanning(draft).into());
    }
    if draft.ecrane() && draft.random.chance(10) {
        registry.insert("accountSettings".into(), account_settings(draft).into());
    }
    if signs && draft.random.chance(30) {
        registry.insert("signing".into(), signing(draft).into());
    }
    if draft.random.chance(30) {
        insert_filled(&mut registry, "pullThroughCacheRules", cache_rules(draft, paths));
    }
    if draft.random.chance(40) {
        let templates = creation_templates::all(draft, paths, keys);
        insert_filled(&mut registry, "creationTemplates", templates);
    }
    if draft.random.chance(20) {
        insert_filled(&mut registry, "pullTimeUpdateExclusions", exclusions(draft, paths));
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
        let mut statement = Object::from_iter([
            ("principals".into(), principals.into()),
            ("actions".into(), draft.random.sample(&actions, count).into()),
        ]);
        let resource = draft.random.pick(&["arn:aws:ecr:eu-west-1:111122223333:repository/*", "*"]);
        statement.insert("resources".into(), json!([resource]));
        if draft.random.chance(80) {
            let effect = draft.random.pick(&["Allow", "Allow", "Deny"]);
            statement.insert("effect".into(), effect.into());
        }
        if draft.random.chance(50) {
            statement.insert("sid".into(), format!("Replicate{number}").into());
        }
        if draft.random.chance(15) {
            statement.insert("conditions".into(), principals::conditions(draft));
        }
        statements.push(Value::from(statement));
    }
    let mut policy = policies::document(draft, statements);
    if let Some(document) = policy.as_object_mut() {
        let text = json!({
            "Version": "2008-10-17",
            "Statement": [{
                "Effect": "Allow",
                "Principal": { "AWS": "444455556666" },
                "Action": "ecr:ReplicateImage",
                "Resource": "*",
            }],
        });
        let (properties, arguments) =
            (json!({ "PolicyText": text }), json!({ "policy": text.to_string() }));
        deployment::deploy(draft, document, properties, arguments);
    }
    policy
}

fn replication(draft: &mut Draft) -> Object {
    let mut rules = Vec::new();
    for _ in 0..draft.random.between(1, 2) {
        let all = [
            json!({ "region": "us-east-1", "registryId": "111122223333" }),
            json!({ "region": "ap-southeast-3", "registryId": "111122223333" }),
            json!({ "region": "us-west-2", "registryId": "444455556666" }),
        ];
        let count = draft.random.between(1, 2);
        let mut rule =
            Object::from_iter([("destinations".into(), draft.random.sample(&all, count).into())]);
        if draft.random.chance(50) {
            let filters = [
                json!({ "filter": "prod", "filterType": "PREFIX_MATCH" }),
                json!({ "filter": "team/service-", "filterType": "PREFIX_MATCH" }),
            ];
            let count = draft.random.between(1, 2);
            rule.insert("repositoryFilters".into(), draft.random.sample(&filters, count).into());
        }
        rules.push(rule);
    }
    let mut replication = Object::from_iter([("rules".into(), rules.into())]);
    let destination = json!({ "Region": "us-west-1", "RegistryId": "111122223333" });
    let properties =
        json!({ "ReplicationConfiguration": { "Rules": [{ "Destinations": [destination] }] } });
    let destination = json!({ "region": "us-west-1", "registry_id": "111122223333" });
    let arguments =
        json!({ "replication_configuration": [{ "rule": [{ "destination": [destination] }] }] });
    deployment::deploy(draft, &mut replication, properties, arguments);
    replication
}

fn scanning(draft: &mut Draft) -> Object {
    let kind = draft.random.pick(&["BASIC", "ENHANCED"]);
    let frequencies: &[&str] =
        if kind == "BASIC" { &["SCAN_ON_PUSH"] } else { &["CONTINUOUS_SCAN", "SCAN_ON_PUSH"] };
    let mut scanning = Object::from_iter([("scanType".into(), kind.into())]);
    // The AWS CDK requires `rules`, even if empty.
    if !draft.ecrane() || draft.random.chance(90) {
        let count = draft.random.between(0, 2);
        let mut rules = Vec::new();
        for frequency in draft.random.sample(frequencies, count) {
            let all = [
                json!({ "filter": "*", "filterType": "WILDCARD" }),
                json!({ "filter": "prod-*", "filterType": "WILDCARD" }),
                json!({ "filter": "*/nightly", "filterType": "WILDCARD" }),
            ];
            let count = draft.random.between(1, 2);
            let filters = draft.random.sample(&all, count);
            rules.push(json!({ "scanFrequency": frequency, "repositoryFilters": filters }));
        }
        scanning.insert("rules".into(), rules.into());
    }
    let (properties, arguments) = (json!({ "ScanType": kind }), json!({ "scan_type": kind }));
    deployment::deploy(draft, &mut scanning, properties, arguments);
    scanning
}

/// Account settings, which only Terraform supports.
fn account_settings(draft: &mut Draft) -> Object {
    let all = [
        ("basicScanTypeVersion", draft.random.pick(&["AWS_NATIVE", "CLAIR"])),
        ("registryPolicyScope", draft.random.pick(&["V1", "V2"])),
        ("blobMounting", draft.random.pick(&["ENABLED", "DISABLED"])),
    ];
    let count = draft.random.between(1, 3);
    let settings = draft.random.sample(&all, count);
    let mut settings: Object =
        settings.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect();
    deployment::name_parts(draft, &mut settings, &all.map(|(key, _)| (key, key)));
    settings
}

fn signing(draft: &mut Draft) -> Object {
    const PROFILE: &str = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/prof";
    let all = [
        json!({ "filter": "*", "filterType": "WILDCARD_MATCH" }),
        json!({ "filter": "prod/*", "filterType": "WILDCARD_MATCH" }),
    ];
    let mut rules = Vec::new();
    for _ in 0..draft.random.between(1, 2) {
        let mut rule = Object::from_iter([("signingProfileArn".into(), PROFILE.into())]);
        if draft.random.chance(70) {
            let count = draft.random.between(1, 2);
            rule.insert("repositoryFilters".into(), draft.random.sample(&all, count).into());
        }
        rules.push(rule);
    }
    let mut signing = Object::from_iter([("rules".into(), rules.into())]);
    let properties = json!({ "Rules": [{ "SigningProfileArn": PROFILE }] });
    let arguments = json!({ "rules": [{ "signing_profile_arn": PROFILE }] });
    deployment::deploy(draft, &mut signing, properties, arguments);
    signing
}

fn cache_rules(draft: &mut Draft, paths: &mut Paths) -> Object {
    let secret = |name: &str| {
        format!(
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/{name}-abcdef"
        )
    };
    let all = [
        json!({ "ecrRepositoryPrefix": "quay", "upstreamRegistryUrl": "quay.io" }),
        json!({ "ecrRepositoryPrefix": "k8s", "upstreamRegistry": "k8s", "upstreamRegistryUrl": "registry.k8s.io" }),
        json!({
            "ecrRepositoryPrefix": "docker-hub",
            "upstreamRegistry": "docker-hub",
            "upstreamRegistryUrl": "registry-1.docker.io",
            "credentialArn": secret("hub"),
        }),
        json!({
            "ecrRepositoryPrefix": "git/hub",
            "upstreamRegistryUrl": "ghcr.io",
            "credentialArn": secret("github"),
        }),
        json!({
            "ecrRepositoryPrefix": "peer",
            "upstreamRegistry": "ecr",
            "upstreamRegistryUrl": "444455556666.dkr.ecr.eu-west-1.amazonaws.com",
            "upstreamRepositoryPrefix": "shop",
            "customRoleArn": "arn:aws:iam::111122223333:role/ecr-cache",
        }),
    ];
    let count = draft.random.between(1, 2);
    let mut rules = Object::new();
    for rule in draft.random.sample(&all, count) {
        let Value::Object(mut rule) = rule else { continue };
        let prefix = rule.get("ecrRepositoryPrefix").cloned().unwrap_or_default();
        let properties = json!({ "EcrRepositoryPrefix": prefix });
        let arguments = json!({ "ecr_repository_prefix": prefix });
        deployment::deploy(draft, &mut rule, properties, arguments);
        rules.insert(paths.fresh(draft), rule.into());
    }
    rules
}

fn exclusions(draft: &mut Draft, paths: &mut Paths) -> Object {
    let all = ["arn:aws:iam::111122223333:role/scanner", "arn:aws:iam::111122223333:user/backup"];
    let count = draft.random.between(1, 2);
    let mut exclusions = Object::new();
    for arn in draft.random.sample(&all, count) {
        let mut exclusion = Object::from_iter([("principalArn".into(), arn.into())]);
        let (properties, arguments) =
            (json!({ "PrincipalArn": arn }), json!({ "principal_arn": arn }));
        deployment::deploy(draft, &mut exclusion, properties, arguments);
        exclusions.insert(paths.fresh(draft), exclusion.into());
    }
    exclusions
}
