//! Random configs: every key of the format, in the combinations that are easy to get wrong.
//!
//! A config is valid to AWS unless [`mistakes`] has put a fault into it that the AWS CDK refuses.

mod events;
mod many;
mod mistakes;
mod paths;
mod policies;
mod principals;
mod random;
mod registry;
mod repositories;
pub mod shrink;
#[cfg(feature = "proptest")]
mod strategy;
mod words;

use serde_json::{Map, Value, json};

pub use many::many;
#[cfg(feature = "proptest")]
pub use strategy::configs;

use paths::Paths;
use random::Random;

/// What a config may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// What CDK 1.130 has words for.
    Cdk1,
    /// What CDK 2 has words for.
    Cdk2,
    /// All that ecrane has words for.
    Ecrane,
}

impl Dialect {
    /// `1`, `2` or `ecrane`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cdk1 => "1",
            Self::Cdk2 => "2",
            Self::Ecrane => "ecrane",
        }
    }
}

/// A JSON object in the making.
type Object = Map<String, Value>;

/// What the parts of one config know of each other.
struct Draft {
    random: Random,
    dialect: Dialect,
    /// Whether the words of CDK 2 are among those that the config may use.
    cdk2: bool,
    /// Ids of the stacks, in order.
    stacks: Vec<String>,
    /// Ids of the principals of each stack, in order.
    principals: Vec<Vec<String>>,
    /// Physical names given so far: AWS takes none twice.
    names: usize,
    /// Whether the first stack grants so many repositories to one role that its policy outgrows what IAM takes inline.
    large: bool,
}

impl Draft {
    /// `base` with a number that no other name of this config has.
    fn unique(&mut self, base: &str) -> String {
        self.names += 1;
        format!("{base}{}", self.names)
    }

    /// A principal's id as the stack `at` may write it: its own plainly, another's with the stack before it.
    fn principal_id(&mut self, at: usize) -> Option<String> {
        let from = if self.stacks.len() > 1 && self.random.chance(30) {
            self.random.below(self.stacks.len())
        } else {
            at
        };
        let ids = self.principals.get(from)?;
        let id = ids.get(self.random.below(ids.len()))?;
        if from == at { Some(id.clone()) } else { Some(format!("{}/{id}", self.stacks.get(from)?)) }
    }
}

/// The config of number `seed`.
pub fn config(dialect: Dialect, seed: u64) -> Value {
    let mut random = Random::new(seed);
    let stacks = match random.below(10) {
        0..6 => 1,
        6..9 => 2,
        _ => 3,
    };
    let stacks =
        ["StackA", "StackB", "StackC"].into_iter().take(stacks).map(String::from).collect();
    let large = random.chance(5);
    let cdk2 = dialect != Dialect::Cdk1;
    let mut draft =
        Draft { random, dialect, cdk2, stacks, principals: Vec::new(), names: 0, large };

    let environments = environments(&mut draft);
    // Principals come first, because a grant may name one of any stack.
    let mut paths = Vec::new();
    let mut declared = Vec::new();
    for _ in 0..draft.stacks.len() {
        let mut used = Paths::default();
        let principals = principals::declared(&mut draft, &mut used);
        draft.principals.push(principals.keys().cloned().collect());
        declared.push(principals);
        paths.push(used);
    }

    let mut stacks = Object::new();
    for (at, id) in draft.stacks.clone().into_iter().enumerate() {
        let (Some(used), Some(principals), Some(environment)) =
            (paths.get_mut(at), declared.get(at), environments.get(at))
        else {
            continue;
        };
        let mut stack = stack(&mut draft, at, used, principals, environment.as_ref());
        // An account has one registry in each region, so one stack at most may say how it is.
        if environments.iter().take(at).any(|before| before == environment)
            && let Some(stack) = stack.as_object_mut()
        {
            stack.shift_remove("registry");
        }
        stacks.insert(id, stack);
    }
    let mut config = json!({ "compatibility": compatibility(&mut draft), "stacks": stacks });
    if draft.dialect != Dialect::Ecrane && draft.random.chance(6) {
        mistakes::make_one(&mut draft, &mut config);
    }
    config
}

fn compatibility(draft: &mut Draft) -> Value {
    let mut compatibility = Object::new();
    compatibility.insert("awsCdk".into(), if draft.cdk2 { "2" } else { "1" }.into());
    if draft.cdk2 {
        match draft.random.below(5) {
            0 | 1 => {}
            2 | 3 => {
                compatibility.insert("featureFlags".into(), "recommended".into());
            }
            _ => {
                let count = draft.random.between(1, words::FLAGS.len());
                let flags = draft.random.sample(&words::FLAGS, count);
                let flags: Object =
                    flags.into_iter().map(|flag| (flag.to_owned(), true.into())).collect();
                compatibility.insert("featureFlags".into(), flags.into());
            }
        }
    }
    compatibility.into()
}

/// The environment of each stack: agnostic, the same as the others', or one of its own.
fn environments(draft: &mut Draft) -> Vec<Option<Value>> {
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

fn stack(
    draft: &mut Draft,
    at: usize,
    paths: &mut Paths,
    principals: &Object,
    environment: Option<&Value>,
) -> Value {
    let mut stack = Object::new();
    if draft.random.chance(15) {
        let name = draft.unique("named-stack-");
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
    let keys = if draft.random.chance(if draft.cdk2 { 35 } else { 4 }) {
        registry::keys(draft, paths)
    } else {
        Object::new()
    };
    let repositories = repositories::all(draft, at, paths, &keys);
    insert_filled(&mut stack, "keys", keys.clone());
    insert_filled(&mut stack, "principals", principals.clone());
    let outputs = registry::outputs(draft, paths, &repositories);
    insert_filled(&mut stack, "repositories", repositories);
    if draft.random.chance(20) {
        insert_filled(
            &mut stack,
            "authorizationTokens",
            principals::authorization_tokens(draft, at),
        );
    }
    // Public repositories exist in one region only, and signing not in all.
    let region =
        environment.and_then(|environment| environment.get("region")).and_then(Value::as_str);
    if matches!(region, None | Some("us-east-1")) && draft.random.chance(10) {
        insert_filled(
            &mut stack,
            "publicRepositories",
            registry::public_repositories(draft, paths),
        );
    }
    let signs = matches!(region, None | Some("us-east-1" | "eu-west-1"));
    if draft.random.chance(if draft.cdk2 { 20 } else { 5 }) {
        insert_filled(&mut stack, "registry", registry::registry(draft, paths, &keys, signs));
    }
    insert_filled(&mut stack, "outputs", outputs);
    stack.into()
}

/// Inserts `value` unless it is empty: a config leaves out what there is none of.
fn insert_filled(object: &mut Object, key: &str, value: Object) {
    if !value.is_empty() {
        object.insert(key.into(), value.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_config_each_time() {
        for seed in 0..50 {
            for dialect in [Dialect::Cdk1, Dialect::Cdk2, Dialect::Ecrane] {
                assert_eq!(config(dialect, seed).to_string(), config(dialect, seed).to_string());
            }
        }
    }
}
