//! Made-up configs, and the asking of a property of each of them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use ecrane_generate::Dialect;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};
use serde_json::Value;

use crate::rendered::{Refused, Setup};

/// A config, and how it is rendered.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) config: Value,
    pub(crate) setup: Setup,
    /// What a property draws itself follows from this.
    pub(crate) seed: u64,
}

/// What came of asking.
pub(crate) enum Verdict {
    Holds,
    /// The config, or what the property makes of it, is refused for these reasons.
    Refused(Refused),
}

/// What is wrong, for people to read.
pub(crate) type Fault = String;

/// As many configs may be refused for each that is asked: more would be a fault, and not chance.
const MOST_REFUSED: u32 = 5;

/// Configs of every dialect.
fn configs() -> impl Strategy<Value = Value> {
    prop_oneof![
        1 => ecrane_generate::configs(Dialect::Cdk1),
        2 => ecrane_generate::configs(Dialect::Cdk2),
        3 => ecrane_generate::configs(Dialect::Ecrane),
    ]
    .prop_map(|mut config| {
        // The properties compare what both engines leave in one account and region.
        ecrane_generate::in_one_place(&mut config);
        config
    })
}

/// Asks a property of `cases` cases, or of as many as `PROPTEST_CASES` says.
///
/// Refused configs do not count as cases.
pub(crate) fn check(cases: u32, property: impl Fn(&Case) -> Result<Verdict, Fault>) {
    let default = Config::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { default.cases } else { cases };
    let config = Config {
        cases,
        max_global_rejects: cases * MOST_REFUSED + 20,
        failure_persistence: None,
        max_shrink_time: 30_000,
        ..default
    };
    let case = (configs(), Setup::any(), any::<u64>())
        .prop_map(|(config, setup, seed)| Case { config, setup, seed }.enriched());
    let reasons = RefCell::new(BTreeMap::<String, u32>::new());
    let outcome = TestRunner::new(config).run(&case, |case| match property(&case) {
        Ok(Verdict::Holds) => Ok(()),
        Ok(Verdict::Refused(Refused(codes))) => {
            for code in codes {
                *reasons.borrow_mut().entry(code).or_default() += 1;
            }
            Err(TestCaseError::reject("the config is refused"))
        }
        Err(fault) => Err(TestCaseError::fail(fault)),
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(fault, case)) => panic!("{fault}\n{case}"),
        Err(TestError::Abort(reason)) => panic!("{reason}: {:#?}", reasons.into_inner()),
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { config, setup, seed } = self;
        write!(f, "{setup:?}, seed {seed}, and the config\n{config:#}")
    }
}

/// Texts that each language in a document would read as its own.
const HOSTILE: [&str; 8] = [
    "${aws:username}",
    "%{ if true }",
    "a \"quote\" and \\ back",
    "$",
    "$${\"x\"}",
    "line\nbreak",
    "${Ref}",
    "é\u{7f}",
];

impl Case {
    /// The case with more of what is seldom in a config, and easy to get wrong: hostile texts where
    /// any text will do, and a stack that is spread over shards, which refer to each other.
    fn enriched(mut self) -> Self {
        let mut config = std::mem::take(&mut self.config);
        if self.one_in(2, "hostile") {
            self.make_hostile(&mut config, false);
        }
        let is_cdk_1 = config["compatibility"]["awsCdk"] == "1";
        let stacks = config["stacks"].as_object_mut().into_iter().flatten();
        for (id, stack) in stacks.filter(|_| !is_cdk_1) {
            if stack["shards"].is_null() && self.one_in(4, &format!("shards of {id}")) {
                stack["shards"] = if self.one_in(2, "shards") { 2 } else { 5 }.into();
            }
            if stack["stackName"].is_null() && self.one_in(2, &format!("name of {id}")) {
                stack["stackName"] = format!("name-of-{id}").into();
            }
        }
        Self { config, ..self }
    }

    /// Puts hostile texts in place of those in conditions and patterns, the same for the same.
    fn make_hostile(&self, value: &mut Value, is_free: bool) {
        match value {
            Value::String(text) if is_free => {
                let hostile = self.pick(text, HOSTILE).unwrap_or_default();
                *text = format!("{text}{hostile}");
            }
            Value::Array(items) => {
                for item in items {
                    self.make_hostile(item, is_free);
                }
            }
            Value::Object(entries) => {
                for (key, value) in entries {
                    let is_free = is_free || key == "conditions" || key == "eventPattern";
                    self.make_hostile(value, is_free);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// One of these, which stays the one when others go.
    pub(crate) fn pick<'i>(
        &self,
        purpose: &str,
        items: impl IntoIterator<Item = &'i str>,
    ) -> Option<&'i str> {
        items.into_iter().max_by_key(|item| rank(self.seed, (purpose, item)))
    }

    /// True in one of so many cases.
    pub(crate) fn one_in(&self, count: u64, purpose: &str) -> bool {
        rank(self.seed, purpose).is_multiple_of(count)
    }
}

/// A number that follows from a seed and a key, and looks random.
pub(crate) fn rank(seed: u64, key: impl Hash) -> u64 {
    // The hasher without keys is the same each time.
    let mut hasher = DefaultHasher::new();
    (seed, key).hash(&mut hasher);
    hasher.finish()
}
