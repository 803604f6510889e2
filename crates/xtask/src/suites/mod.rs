//! The suites of `cargo xtask test`, one per module.

mod actionlint;
mod book;
mod cargo;
mod cfn_lint;
mod checkov;
mod emulator;
pub(crate) mod facts;
mod language_server;
mod packaging;
mod terraform;

use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Instant;

use crate::failure::Failure;
use crate::report::{Tally, say};
use crate::tools;

/// A suite takes the first seed of its random configs.
type Suite = (&'static str, fn(u64) -> Result<Tally, Failure>);

/// Fast suites come first. The last suites run in parallel with the slowest.
const SUITES: [Suite; 16] = [
    ("format", |_| cargo::format()),
    ("lints", |_| cargo::lints()),
    ("tests", |_| cargo::tests()),
    ("documentation", |_| cargo::documentation()),
    EMULATED_AWS,
    FACTS,
    ("yaml-language-server", |_| language_server::run()),
    ("actionlint", |_| actionlint::run()),
    ("packaging", |_| packaging::run()),
    ("book", |_| book::run()),
    TERRAFORM_VALIDATE,
    CFN_LINT,
    CHECKOV,
    AWS_CDK,
    CDK_CLI,
    EMULATOR,
];

const FACTS: Suite = ("facts", |_| facts::run());
const TERRAFORM_VALIDATE: Suite = ("terraform validate", |_| terraform::run());
const CFN_LINT: Suite = ("cfn-lint", |_| cfn_lint::run());
const CHECKOV: Suite = ("checkov", |_| checkov::run());
const AWS_CDK: Suite =
    ("AWS CDK", |seed| crate::cdk::run(seed, crate::cdk::COUNT, Path::new(crate::cdk::KEEP)));
const CDK_CLI: Suite = ("cdk CLI", |_| crate::aws::cdk_cli::run());
const EMULATED_AWS: Suite = ("emulated AWS", |seed| {
    crate::aws::run(
        crate::aws::Random { seed, configs: crate::aws::COUNT, updates: crate::aws::UPDATES },
        None,
    )
});
const EMULATOR: Suite = ("emulator", |_| emulator::run());

/// Runs the suites whose names contain `only`.
pub(crate) fn run(only: &str, seed: u64) -> Result<Tally, Failure> {
    run_all(SUITES.into_iter().filter(|(name, _)| name.contains(only)), seed)
}

/// Runs the suites that check the output of `ecrane` against other programs.
pub(crate) fn conformance(seed: u64) -> Result<Tally, Failure> {
    run_all([EMULATED_AWS, FACTS, TERRAFORM_VALIDATE, CFN_LINT, CHECKOV, AWS_CDK, CDK_CLI], seed)
}

/// Runs the linters.
pub(crate) fn lint() -> Result<Tally, Failure> {
    run_all([TERRAFORM_VALIDATE, CFN_LINT, CHECKOV], 0)
}

/// Runs suites, and prints the result of each.
fn run_all(suites: impl IntoIterator<Item = Suite>, seed: u64) -> Result<Tally, Failure> {
    let mut suites = suites.into_iter().peekable();
    let mut sum = Sum::default();
    let mut beside = None;
    while let Some((name, suite)) = suites.next() {
        if name == EMULATED_AWS.0 && suites.peek().is_some() {
            beside = Some(Beside::start(name, seed)?);
            continue;
        }
        say(format_args!("\n== {name}"))?;
        let start = Instant::now();
        // A suite that aborts is a failed check; the other suites still run.
        let tally = suite(seed).or_else(|failure| {
            say(crate::causes(&failure))?;
            Ok(Tally::one(false))
        })?;
        sum.add(name, tally, start);
    }
    if let Some(Beside { name, start, process }) = beside {
        let output = process.wait_with_output().map_err(Failure::program(name))?;
        let text = String::from_utf8_lossy(&output.stdout);
        say(text.trim_end())?;
        // A suite that aborts prints no counts.
        let tally = text.lines().last().and_then(|line| line.parse().ok());
        sum.add(name, tally.unwrap_or_else(|| Tally::one(false)), start);
    }
    say("")?;
    for line in sum.lines {
        say(line)?;
    }
    say(sum.total)?;
    Ok(sum.total)
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

/// A suite in a process of its own, in parallel with the others, because none of them uses all
/// cores. Its output is printed after the others are done.
#[derive(Debug)]
struct Beside {
    name: &'static str,
    start: Instant,
    process: Child,
}

impl Beside {
    fn start(name: &'static str, seed: u64) -> Result<Self, Failure> {
        // Not the current executable: the tests may have rebuilt it.
        let mut command = Command::new(tools::target().join("debug/xtask"));
        command.args(["test", name, "--seed", &seed.to_string()]).stdout(Stdio::piped());
        let process = command.spawn().map_err(Failure::program("xtask"))?;
        Ok(Self { name, start: Instant::now(), process })
    }
}
