//! Stacks that are deployed to many accounts and regions.

use serde_json::{Value, json};

use super::random::Random;
use super::{Draft, Object};

/// Keys of what is in one account or region, or has a name that an account has once.
const OF_ONE: [&str; 8] = [
    "arn:",
    "groupName",
    "lifecycleRegistryId",
    "publicRepositories",
    "registryId",
    "roleName",
    "signing",
    "userName",
];

/// Gives the only stack targets in place of its environment.
pub(super) fn take(draft: &mut Draft, config: &mut Value) {
    let stacks = config.get_mut("stacks").and_then(Value::as_object_mut);
    let Some(stack) = stacks.filter(|stacks| stacks.len() == 1) else { return };
    let Some(stack) = stack.values_mut().next().and_then(Value::as_object_mut) else { return };
    let known = |key: &str| {
        let env = stack.get("env")?.get(key)?.as_str()?;
        Some(env.to_owned())
    };
    let (Some(account), Some(region)) = (known("account"), known("region")) else { return };
    if stack.contains_key("shards") || !draft.random.chance(50) {
        return;
    }
    let text = Value::from(stack.clone()).to_string();
    let random = &mut draft.random;
    let is_free = !OF_ONE.iter().any(|key| text.contains(key)) && !region.contains("gov");
    let is_free = is_free && !region.starts_with("cn-");
    let mut targets = Object::new();
    // Only CloudFormation takes units, so there are few.
    let has_identities = text.contains("userArn") || text.contains("groupArn");
    if !has_identities && random.chance(20) {
        targets.insert("organizationalUnits".into(), json!(["ou-ab12-11111111", "r-ab12"]));
        let who = random.pick(&["SELF", "DELEGATED_ADMIN"]);
        targets.insert("callAs".into(), who.into());
        let deployment = match random.below(3) {
            0 => json!({ "enabled": false }),
            1 => json!({ "retainStacksOnAccountRemoval": random.chance(50) }),
            _ => json!({ "enabled": true, "retainStacksOnAccountRemoval": true }),
        };
        targets.insert("autoDeployment".into(), deployment);
    } else {
        let others: &[&str] = if is_free { &["777788889999", "888899990000"] } else { &[] };
        let accounts: Vec<_> =
            [account.as_str()].into_iter().chain(others.iter().copied()).collect();
        targets.insert("accounts".into(), json!(accounts));
        if random.chance(50) {
            targets.insert("executionRoleName".into(), "acme-deploy".into());
        }
        if random.chance(30) {
            let arn = format!("arn:aws:iam::{account}:role/stack-sets");
            targets.insert("administrationRoleArn".into(), arn.into());
        }
    }
    let mut regions = vec![region.clone()];
    if is_free {
        regions.extend(["eu-west-3", "us-west-2"].map(str::to_owned));
        regions.dedup();
    }
    if random.chance(50) {
        targets.insert("operationPreferences".into(), preferences(random, &regions));
    }
    targets.insert("regions".into(), json!(regions));
    if random.chance(30) {
        let url = "https://acme-templates.s3.eu-west-1.amazonaws.com/ecrane";
        targets.insert("templateUrlPrefix".into(), url.into());
    }
    stack.shift_remove("env");
    stack.insert("targets".into(), targets.into());
}

/// Gives each stack the first account and region of its targets as its environment.
pub fn in_one_place(config: &mut Value) {
    let stacks = config.get_mut("stacks").and_then(Value::as_object_mut);
    for (_, stack) in stacks.into_iter().flatten() {
        let Some(stack) = stack.as_object_mut() else { continue };
        let Some(targets) = stack.shift_remove("targets") else { continue };
        let mut env = Object::new();
        for (key, list) in [("account", "/accounts/0"), ("region", "/regions/0")] {
            env.extend(targets.pointer(list).map(|first| (key.to_owned(), first.clone())));
        }
        stack.insert("env".into(), env.into());
    }
}

fn preferences(random: &mut Random, regions: &[String]) -> Value {
    let mut preferences = Object::new();
    if random.chance(50) {
        preferences.insert("failureToleranceCount".into(), 3.into());
    } else {
        preferences.insert("failureTolerancePercentage".into(), 10.into());
    }
    if random.chance(50) {
        preferences.insert("maxConcurrentCount".into(), 4.into());
    } else {
        preferences.insert("maxConcurrentPercentage".into(), 25.into());
    }
    let mode = random.pick(&["STRICT_FAILURE_TOLERANCE", "SOFT_FAILURE_TOLERANCE"]);
    preferences.insert("concurrencyMode".into(), mode.into());
    let kind = random.pick(&["SEQUENTIAL", "PARALLEL"]);
    preferences.insert("regionConcurrencyType".into(), kind.into());
    if random.chance(50) {
        let order: Vec<_> = regions.iter().rev().collect();
        preferences.insert("regionOrder".into(), json!(order));
    }
    preferences.into()
}
