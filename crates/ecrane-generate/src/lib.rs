//! Random configs that cover every key of the format, in combinations that are easy to get wrong.
//! [`config()`] generates a config from a seed, the feature `proptest` provides a strategy, and
//! [`shrink`] minimizes a failing config. [`update()`] generates a config and a changed config to
//! deploy over it.
//!
//! AWS accepts every config of the dialect `Ecrane`. A few configs of the CDK dialects have an
//! error that the CDK rejects.

mod cases;
mod compatibility;
mod creation_templates;
mod deployment;
mod dimension;
mod events;
mod keys;
mod localize;
mod many;
mod mentions;
mod mistakes;
mod outputs;
mod paths;
mod policies;
mod presets;
mod principals;
mod public_repositories;
mod random;
mod refusals;
mod registry;
mod repositories;
pub mod shrink;
mod stacks;
#[cfg(feature = "proptest")]
mod strategy;
mod targets;
mod terraform;
mod update;
mod words;

use serde_json::{Map, Value};

pub use cases::cases;
pub use dimension::{DIMENSIONS, Dimension, Large};
pub use many::{many, registries};
pub use refusals::refusals;
#[cfg(feature = "proptest")]
pub use strategy::configs;
pub use targets::in_one_place;
pub use update::{Update, update};

use mentions::Declared;
use paths::Paths;
use random::Random;

/// The features that a config may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// The features of CDK 1.130.
    Cdk1,
    /// The features of CDK 2.
    Cdk2,
    /// All features of ecrane.
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

/// A JSON object.
type Object = Map<String, Value>;

/// The shared state of the generators of one config.
struct Draft {
    random: Random,
    dialect: Dialect,
    /// Whether the config may use the features of CDK 2.
    cdk2: bool,
    /// The ids of the stacks, in order.
    stacks: Vec<String>,
    /// The environments of the stacks, in order.
    environments: Vec<Option<Value>>,
    /// The number of shards of each stack, in order.
    shards: Vec<Option<usize>>,
    /// The principals of each stack, in order.
    principals: Vec<Vec<Declared>>,
    /// The number of physical names generated so far: AWS requires unique names.
    names: usize,
    /// Whether the first stack grants so many repositories to one role that the policy exceeds the
    /// size limit of inline policies.
    large: bool,
    /// Whether repositories may inherit presets.
    presets: bool,
}

impl Draft {
    /// Whether the config may use features that the CDK does not support.
    fn ecrane(&self) -> bool {
        self.dialect == Dialect::Ecrane
    }

    /// Returns `base` with a number that makes the name unique in this config.
    fn unique(&mut self, base: &str) -> String {
        self.names += 1;
        format!("{base}{}", self.names)
    }
}

/// Generates the config of a seed.
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
    let cdk2 = match dialect {
        Dialect::Cdk1 => false,
        Dialect::Cdk2 => true,
        Dialect::Ecrane => random.chance(92),
    };
    let presets = dialect == Dialect::Ecrane && !large && random.chance(40);
    let mut draft = Draft {
        random,
        dialect,
        cdk2,
        stacks,
        environments: Vec::new(),
        shards: Vec::new(),
        principals: Vec::new(),
        names: 0,
        large,
        presets,
    };

    let environments = stacks::environments(&mut draft);
    draft.environments.clone_from(&environments);
    draft.shards = stacks::shards(&mut draft);
    // Principals are generated first, because a grant may refer to a principal of any stack.
    let mut paths = Vec::new();
    let mut declared = Vec::new();
    for _ in 0..draft.stacks.len() {
        let mut used = Paths::default();
        let principals = principals::declared(&mut draft, &mut used);
        draft.principals.push(principals.iter().map(Declared::new).collect());
        declared.push(principals);
        paths.push(used);
    }

    let mut written = Object::new();
    for (at, id) in draft.stacks.clone().into_iter().enumerate() {
        let (Some(used), Some(principals), Some(environment)) =
            (paths.get_mut(at), declared.get(at), environments.get(at))
        else {
            continue;
        };
        let mut stack = stacks::stack(&mut draft, at, used, principals, environment.as_ref());
        // An account has one registry in each region, so at most one stack may configure it.
        if environments.iter().take(at).any(|before| before == environment)
            && let Some(stack) = stack.as_object_mut()
        {
            stack.shift_remove("registry");
        }
        written.insert(id, stack);
    }
    let mut config = Object::new();
    if draft.ecrane() && draft.random.chance(10) {
        config.insert("$schema".into(), "./schemas/ecrane.schema.json".into());
    }
    if draft.presets {
        config.insert("presets".into(), presets::all(&mut draft).into());
        if draft.random.chance(50) {
            config.insert("defaults".into(), draft.random.pick(&presets::NAMES).into());
        }
    }
    insert_filled(&mut config, "compatibility", compatibility::compatibility(&mut draft));
    if draft.ecrane() {
        if draft.random.chance(20) {
            let backend = draft.random.pick(&["cloudformation", "terraform", "cfn", "tf"]);
            config.insert("backend".into(), backend.into());
        }
        insert_filled(&mut config, "terraform", terraform::of_all(&mut draft));
    }
    config.insert("stacks".into(), written.into());
    let mut config: Value = config.into();
    if draft.cdk2 && draft.random.chance(20) {
        compatibility::check_bootstrap_version(&mut config);
    }
    if draft.ecrane() {
        localize::stacks(&mut config);
        targets::take(&mut draft, &mut config);
    }
    if draft.cdk2 && draft.random.chance(20) {
        stacks::take_environment_of_cli(&mut config);
    }
    if !draft.ecrane() && draft.random.chance(6) {
        mistakes::make_one(&mut draft, &mut config);
    }
    config
}

/// Inserts `value` unless it is empty.
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

    /// Collects the values of these keys, at any depth, except in an import.
    fn collect(value: &Value, keys: &[&str], found: &mut Vec<String>) {
        for (key, entry) in value.as_object().into_iter().flatten() {
            match entry.as_str() {
                Some(text) if keys.contains(&key.as_str()) => found.push(format!("{key} {text}")),
                _ if key == "import" => {}
                _ => collect(entry, keys, found),
            }
        }
        value.as_array().into_iter().flatten().for_each(|item| collect(item, keys, found));
    }

    #[test]
    fn names_that_aws_takes_once_are_given_once() {
        let keys = [
            "alias",
            "exportName",
            "groupName",
            "logicalId",
            "repositoryName",
            "roleName",
            "ruleName",
            "stackName",
            "terraformName",
            "userName",
        ];
        for seed in 0..500 {
            let mut names = Vec::new();
            collect(&config(Dialect::Ecrane, seed), &keys, &mut names);
            let unique: std::collections::BTreeSet<_> = names.iter().collect();
            assert_eq!(unique.len(), names.len(), "{seed}: {names:?}");
        }
    }
}
