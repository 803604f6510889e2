//! The suites of `cargo xtask test`, one per module.

mod actionlint;
mod book;
mod cargo;
mod cfn_lint;
mod checkov;
mod emulator;
pub(crate) mod facts;
pub(crate) mod fuzz;
mod language_server;
mod packaging;
mod pages;
mod pictures;
mod replacement;
mod terraform;
mod typings;

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::failure::Failure;
use crate::report::{Tally, say};
use crate::tools;

/// A suite takes the first seed of its random configs.
type Suite = (&'static str, fn(u64) -> Result<Tally, Failure>);

/// The suites that compile on all cores.
const CARGO: [Suite; 4] = [
    ("format", |_| cargo::format()),
    ("lints", |_| cargo::lints()),
    ("documentation", |_| cargo::documentation()),
    ("compilation", |_| cargo::compilation()),
];

/// The other suites, each of which keeps about one core busy. The longest come first.
const SUITES: [Suite; 23] = [
    EMULATED_AWS,
    ("tests", |_| cargo::tests()),
    AWS_CDK,
    ("fuzz", |_| fuzz::run("", fuzz::SECONDS)),
    CHECKOV,
    TAKE_OVER,
    ("CLIs", |_| crate::aws::clis::run(crate::aws::clis::EXAMPLE)),
    TERRAFORM_VALIDATE,
    CFN_LINT,
    CDK_CLI,
    CDK_DIFFER,
    IAM_SIMULATOR,
    LIVE,
    ADOPT,
    ("pages", |_| pages::run()),
    FACTS,
    EMULATOR,
    ("yaml-language-server", |_| language_server::run()),
    ("actionlint", |_| actionlint::run()),
    ("packaging", |_| packaging::run()),
    ("pictures", |_| pictures::run()),
    ("walkthrough", |_| crate::aws::walkthrough::run("")),
    ("book", |_| book::run()),
];

const FACTS: Suite = ("facts", |_| facts::run());
const TERRAFORM_VALIDATE: Suite = ("terraform validate", |_| terraform::run());
const CFN_LINT: Suite = ("cfn-lint", |_| cfn_lint::run());
const CHECKOV: Suite = ("checkov", |_| checkov::run());
const AWS_CDK: Suite =
    ("AWS CDK", |seed| crate::cdk::run(seed, crate::cdk::COUNT, Path::new(crate::cdk::KEEP)));
const CDK_CLI: Suite = ("cdk CLI", |_| crate::aws::cdk_cli::run());
const CDK_DIFFER: Suite =
    ("cdk diff", |seed| crate::cdk_differ::run(seed, crate::cdk_differ::COUNT));
const IAM_SIMULATOR: Suite =
    ("IAM simulator", |seed| crate::iam_simulator::run(seed, crate::iam_simulator::COUNT));
const ADOPT: Suite =
    ("adopt", |seed| crate::adopt::run(seed, crate::adopt::FEW, crate::adopt::SPARSE, ""));
const EMULATED_AWS: Suite = ("emulated AWS", |seed| {
    crate::aws::run(
        crate::aws::Random { seed, configs: crate::aws::COUNT, updates: crate::aws::UPDATES },
        None,
    )
});
const TAKE_OVER: Suite = ("take-over", |_| crate::aws::take_over::run(""));
const LIVE: Suite = ("live", |_| crate::aws::live::run());
const EMULATOR: Suite = ("emulator", |_| emulator::run());

/// The number of suites that run at a time, which equals the number of cores.
const LANES: usize = 2;

/// Runs the suites whose names contain `only`.
pub(crate) fn run(only: &str, seed: u64) -> Result<Tally, Failure> {
    let chosen = |suites: &[Suite]| -> Vec<Suite> {
        suites.iter().copied().filter(|(name, _)| name.contains(only)).collect()
    };
    run_all(&chosen(&CARGO), &chosen(&SUITES), seed)
}

/// Runs the suites that check the output of `ecrane` against other programs.
pub(crate) fn conformance(seed: u64) -> Result<Tally, Failure> {
    let suites = [
        EMULATED_AWS,
        AWS_CDK,
        CHECKOV,
        TAKE_OVER,
        LIVE,
        TERRAFORM_VALIDATE,
        CFN_LINT,
        CDK_CLI,
        CDK_DIFFER,
        IAM_SIMULATOR,
        ADOPT,
        FACTS,
    ];
    run_all(&[], &suites, seed)
}

/// Runs the linters.
pub(crate) fn lint() -> Result<Tally, Failure> {
    run_all(&[], &[TERRAFORM_VALIDATE, CFN_LINT, CHECKOV], 0)
}

/// Runs suites one by one and then others side by side, and prints the result of each.
fn run_all(alone: &[Suite], beside: &[Suite], seed: u64) -> Result<Tally, Failure> {
    let mut sum = Sum::default();
    // A single suite prints its progress.
    let (alone, beside) = if beside.len() == 1 {
        ([alone, beside].concat(), &[][..])
    } else {
        (alone.to_vec(), beside)
    };
    for (name, suite) in alone {
        say(format_args!("\n== {name}"))?;
        let start = Instant::now();
        // A suite that aborts is a failed check; the other suites still run.
        let tally = suite(seed).or_else(|failure| {
            say(crate::causes(&failure))?;
            Ok(Tally::one(false))
        })?;
        sum.add(name, tally, start);
    }
    let queue = Mutex::new(beside.iter().map(|(name, _)| *name).collect());
    let sum = Mutex::new(sum);
    std::thread::scope(|scope| {
        let lanes: Vec<_> = (0..LANES).map(|_| scope.spawn(|| lane(&queue, &sum, seed))).collect();
        lanes.into_iter().try_for_each(|lane| {
            lane.join().unwrap_or_else(|_| Err(Failure::program("xtask")(ErrorKind::Other.into())))
        })
    })?;
    let sum = sum.into_inner().unwrap_or_else(PoisonError::into_inner);
    say("")?;
    for line in sum.lines {
        say(line)?;
    }
    say(sum.total)?;
    Ok(sum.total)
}

/// Runs the suites of a queue, each in its own process, and prints the output of each at its end.
fn lane(queue: &Mutex<VecDeque<&'static str>>, sum: &Mutex<Sum>, seed: u64) -> Result<(), Failure> {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let Some(name) = next else { return Ok(()) };
        let start = Instant::now();
        // Not the current executable: the tests may have rebuilt it.
        let mut command = Command::new(tools::target().join("debug/xtask"));
        command.args(["test", name, "--seed", &seed.to_string()]).stderr(Stdio::inherit());
        let output = tools::output(&mut command)?;
        let text = String::from_utf8_lossy(&output.stdout);
        let mut sum = sum.lock().unwrap_or_else(PoisonError::into_inner);
        say(text.trim_end())?;
        // A suite that aborts prints no counts.
        let tally = text.lines().last().and_then(|line| line.parse().ok());
        sum.add(name, tally.unwrap_or_else(|| Tally::one(false)), start);
    }
}

/// The counts of a foreign test runner. Its output is printed if a test failed.
fn counted(tally: Tally, status: ExitStatus, text: &str) -> Result<Tally, Failure> {
    if tally.failed > 0 || !status.success() {
        say(text)?;
    }
    // A test runner that aborts counts nothing.
    let silent = tally.passed == 0 || tally.failed == 0 && !status.success();
    Ok(if silent { Tally::one(false) } else { tally })
}

/// The combined result of all suites.
#[derive(Debug, Default)]
struct Sum {
    total: Tally,
    lines: Vec<String>,
}

impl Sum {
    fn add(&mut self, name: &str, tally: Tally, start: Instant) {
        self.lines.push(format!("{name}: {tally} in {} s", start.elapsed().as_secs()));
        self.total.add(tally);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_suite_selects_only_that_suite() {
        let names: Vec<_> = CARGO.iter().chain(&SUITES).map(|(name, _)| *name).collect();
        for name in &names {
            let selected = names.iter().filter(|other| other.contains(name)).count();
            assert_eq!(selected, 1, "{name}");
        }
    }
}
