//! A proptest strategy for random configs.

use proptest::prelude::any;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::Value;

use crate::shrink::Shrinking;
use crate::{Dialect, config};

/// Configs of a dialect. A failing config is minimized by removing keys and items, which may make
/// it invalid: a property of valid configs must accept invalid ones.
pub fn configs(dialect: Dialect) -> impl Strategy<Value = Value> {
    Configs(dialect)
}

#[derive(Debug, Clone)]
struct Configs(Dialect);

impl Strategy for Configs {
    type Tree = Shrinking;
    type Value = Value;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let seed = any::<u64>().new_tree(runner)?.current();
        Ok(Shrinking::new(config(self.0, seed)))
    }
}

impl ValueTree for Shrinking {
    type Value = Value;

    fn current(&self) -> Value {
        Self::current(self).clone()
    }

    fn simplify(&mut self) -> bool {
        // Called again only if the tried config fails.
        self.keep();
        self.next()
    }

    fn complicate(&mut self) -> bool {
        self.put_back()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prop_assert;
    use proptest::test_runner::{Config, TestError};
    use serde_json::json;

    use super::*;

    #[test]
    fn a_config_shrinks_to_what_fails() {
        let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
        let outcome = runner.run(&configs(Dialect::Cdk2), |config| {
            prop_assert!(!config.to_string().contains("imageScanOnPush"));
            Ok(())
        });
        let Err(TestError::Fail(_, smallest)) = outcome else { panic!("{outcome:?}") };
        let first = |value: &Value| value.as_object().unwrap().keys().next().unwrap().clone();
        let stack = first(&smallest["stacks"]);
        let id = first(&smallest["stacks"][&stack]["repositories"]);
        let repository = &smallest["stacks"][&stack]["repositories"][&id];
        let least = json!({ "stacks": { stack: { "repositories": { id: { "imageScanOnPush": repository["imageScanOnPush"] } } } } });
        assert_eq!(smallest, least);
    }
}
