//! Stacks and their environments.

use serde_json::Value;

use super::paths::Paths;
use super::random::Random;
use super::{
    Draft, Object, deployment, insert_filled, keys, outputs, principals, public_repositories,
    registry, repositories, terraform, words,
};

/// The environment of each stack: agnostic, shared with other stacks, or its own.
pub(super) fn environments(draft: &mut Draft) -> Vec<Option<Value>> {
    let random = &mut draft.random;
    let shared = random.chance(60).then(|| environment(random));
    let mut environments = Vec::new();
    for _ in &draft.stacks {
        environments.push(match random.below(10) {
            0..7 => shared.clone(),
            7 => None,
            _ => Some(environment(random)),
        });
    }
    environments
}

/// Uses the environment of the CLI if all stacks have the same environment.
pub(super) fn take_environment_of_cli(config: &mut Value) {
    let Some(stacks) = config.get_mut("stacks").and_then(Value::as_object_mut) else { return };
    let environments: Vec<_> = stacks.values().map(|stack| stack.get("env").cloned()).collect();
    let first = environments.first();
    if environments.iter().any(|environment| environment.is_none() || Some(environment) != first) {
        return;
    }
    for environment in stacks.values_mut().filter_map(|stack| stack.get_mut("env")?.as_object_mut())
    {
        environment.insert("account".into(), "cli".into());
        environment.entry("region").or_insert_with(|| "cli".into());
    }
}

/// The number of shards of each stack that has shards.
pub(super) fn shards(draft: &mut Draft) -> Vec<Option<usize>> {
    let mut shards = Vec::new();
    for _ in 0..draft.stacks.len() {
        let sharded = draft.ecrane() && draft.cdk2 && draft.random.chance(8);
        shards.push(sharded.then(|| draft.random.between(1, 4)));
    }
    shards
}

fn environment(random: &mut Random) -> Value {
    let mut environment = Object::new();
    if random.chance(90) {
        let account = random.pick(&["111122223333", "111122223333", "444455556666"]);
        environment.insert("account".into(), account.into());
    }
    if environment.is_empty() || random.chance(90) {
        environment.insert("region".into(), random.pick(&words::REGIONS).into());
    }
    environment.into()
}

/// The stack with index `at`.
pub(super) fn stack(
    draft: &mut Draft,
    at: usize,
    paths: &mut Paths,
    principals: &Object,
    environment: Option<&Value>,
) -> Value {
    let mut stack = Object::new();
    if draft.random.chance(15) {
        // The name of a shard is the name of the stack and a number.
        let name = format!("{}-images", draft.unique("named-stack-"));
        stack.insert("stackName".into(), name.into());
    }
    if draft.random.chance(25) {
        stack.insert("description".into(), draft.random.pick(&words::DESCRIPTIONS).into());
    }
    if let Some(environment) = environment {
        stack.insert("env".into(), environment.clone());
    }
    if draft.random.chance(25) {
        stack.insert("tags".into(), repositories::tags(draft));
    }
    if draft.random.chance(10) {
        stack.insert("terminationProtection".into(), draft.random.chance(50).into());
    }
    if draft.ecrane() {
        if let Some(shards) = draft.shards.get(at).copied().flatten() {
            stack.insert("shards".into(), shards.into());
        }
        insert_filled(&mut stack, "terraform", terraform::of_stack(draft, at));
    }
    let keys = if draft.random.chance(if draft.cdk2 { 35 } else { 4 }) {
        keys::all(draft, paths)
    } else {
        Object::new()
    };
    let repositories = repositories::all(draft, at, paths, &keys);
    insert_filled(&mut stack, "keys", keys.clone());
    insert_filled(&mut stack, "principals", principals.clone());
    let outputs = outputs::all(draft, paths, (&keys, principals, &repositories));
    insert_filled(&mut stack, "repositories", repositories);
    if draft.random.chance(20) {
        insert_filled(
            &mut stack,
            "authorizationTokens",
            principals::authorization_tokens(draft, at),
        );
    }
    // Public repositories exist in one region only, and signing is not available in all regions.
    let region =
        environment.and_then(|environment| environment.get("region")).and_then(Value::as_str);
    if matches!(region, None | Some("us-east-1")) && draft.random.chance(10) {
        insert_filled(&mut stack, "publicRepositories", public_repositories::all(draft, paths));
    }
    let signs = matches!(region, None | Some("us-east-1" | "eu-west-1"));
    if draft.random.chance(if draft.cdk2 { 20 } else { 5 }) {
        insert_filled(&mut stack, "registry", registry::registry(draft, paths, &keys, signs));
    }
    insert_filled(&mut stack, "outputs", outputs);
    deployment::name_policies(draft, &mut stack);
    stack.into()
}
