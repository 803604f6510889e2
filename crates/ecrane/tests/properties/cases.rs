//! Made-up configs, and the asking of a property of each of them.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use ecrane_generate::Cdk;
use proptest::prelude::*;
use proptest::strategy::{NewTree, ValueTree};
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

/// At most so many of a hundred configs may be refused, or a property would be said of little.
const MOST_REFUSED: u32 = 45;

/// Configs of every dialect.
fn configs() -> impl Strategy<Value = Value> {
    prop_oneof![Just(Cdk::One), Just(Cdk::Two), Just(Cdk::Two)]
        .prop_flat_map(|cdk| any::<u64>().prop_map(move |seed| ecrane_generate::config(cdk, seed)))
}

/// Asks a property of `cases` cases, or of as many as `PROPTEST_CASES` says.
///
/// Refused configs are passed over, and counted: they may be few only.
pub(crate) fn check(cases: u32, property: impl Fn(&Case) -> Result<Verdict, Fault>) {
    let default = Config::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { default.cases } else { cases };
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 4_000, ..default };
    let case = (Shrinking(configs()), Setup::any(), any::<u64>())
        .prop_map(|(config, setup, seed)| Case { config, setup, seed });
    let refused = Cell::new(0);
    let reasons = RefCell::new(BTreeMap::<String, u32>::new());
    let outcome = TestRunner::new(config).run(&case, |case| match property(&case) {
        Ok(Verdict::Holds) => Ok(()),
        Ok(Verdict::Refused(Refused(codes))) => {
            refused.set(refused.get() + 1);
            for code in codes {
                *reasons.borrow_mut().entry(code).or_default() += 1;
            }
            Ok(())
        }
        Err(fault) => Err(TestCaseError::fail(fault)),
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(fault, case)) => panic!("{fault}\n{case}"),
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }
    let (refused, reasons) = (refused.get(), reasons.into_inner());
    // Of a handful of configs, most may be refused by chance.
    if cases >= 20 {
        let share = refused * 100 / cases;
        assert!(share <= MOST_REFUSED, "{share} % of the configs are refused: {reasons:#?}");
    }
    if std::env::var_os("REFUSED").is_some() {
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), "{refused} of {cases} refused: {reasons:?}");
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { config, setup, seed } = self;
        write!(f, "{setup:?}, seed {seed}, and the config\n{config:#}")
    }
}

impl Case {
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
        rank(self.seed, purpose) % count == 0
    }
}

/// A number that follows from a seed and a key, and looks random.
pub(crate) fn rank(seed: u64, key: impl Hash) -> u64 {
    // The hasher without keys is the same each time.
    let mut hasher = DefaultHasher::new();
    (seed, key).hash(&mut hasher);
    hasher.finish()
}

/// Makes a failing config smaller by leaving out one part of it after the other.
#[derive(Debug)]
struct Shrinking<S>(S);

impl<S: Strategy<Value = Value>> Strategy for Shrinking<S> {
    type Tree = Smaller;
    type Value = Value;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let config = self.0.new_tree(runner)?.current();
        let mut open = Vec::new();
        places(&config, &mut Vec::new(), &mut open);
        open.reverse();
        Ok(Smaller { config, before: None, open })
    }
}

#[derive(Debug)]
struct Smaller {
    config: Value,
    /// The config before the last part was left out.
    before: Option<Value>,
    /// The parts that are still to be tried, the last one first.
    open: Vec<Vec<String>>,
}

impl ValueTree for Smaller {
    type Value = Value;

    fn current(&self) -> Value {
        self.config.clone()
    }

    fn simplify(&mut self) -> bool {
        while let Some(place) = self.open.pop() {
            let mut smaller = self.config.clone();
            if leave_out(&mut smaller, &place) {
                self.before = Some(std::mem::replace(&mut self.config, smaller));
                return true;
            }
        }
        false
    }

    fn complicate(&mut self) -> bool {
        match self.before.take() {
            Some(before) => {
                self.config = before;
                self.simplify()
            }
            None => false,
        }
    }
}

/// All places below a value, larger parts first, and the last item of a list first: what stands
/// before it keeps its place.
fn places(value: &Value, at: &mut Vec<String>, into: &mut Vec<Vec<String>>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(entries) => entries.iter().map(|(k, v)| (k.clone(), v)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().rev().map(|(index, v)| (index.to_string(), v)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return,
    };
    for (step, child) in children {
        at.push(step);
        into.push(at.clone());
        places(child, at, into);
        at.pop();
    }
}

fn leave_out(value: &mut Value, place: &[String]) -> bool {
    match (value, place) {
        (Value::Object(entries), [key]) => entries.shift_remove(key).is_some(),
        (Value::Object(entries), [key, rest @ ..]) => {
            entries.get_mut(key).is_some_and(|child| leave_out(child, rest))
        }
        (Value::Array(items), [index, rest @ ..]) => {
            let index: usize = index.parse().unwrap();
            match rest {
                [] if index < items.len() => {
                    items.remove(index);
                    true
                }
                [] => false,
                rest => items.get_mut(index).is_some_and(|child| leave_out(child, rest)),
            }
        }
        _ => false,
    }
}
