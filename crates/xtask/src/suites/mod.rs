//! All that `cargo xtask test` runs, a module a suite.

mod cargo;
mod cfn_lint;
mod checkov;
mod emulator;
mod language_server;
mod terraform;

use std::path::Path;
use std::time::Instant;

use crate::failure::Failure;
use crate::report::{Tally, say};

/// A suite takes the first seed of what is random in it.
type Suite = (&'static str, fn(u64) -> Result<Tally, Failure>);

/// In the order in which a mistake is found soonest.
const SUITES: [Suite; 11] = [
    ("format", |_| cargo::format()),
    ("lints", |_| cargo::lints()),
    ("tests", |_| cargo::tests()),
    ("documentation", |_| cargo::documentation()),
    ("yaml-language-server", |_| language_server::run()),
    TERRAFORM_VALIDATE,
    CFN_LINT,
    CHECKOV,
    AWS_CDK,
    EMULATOR,
    EMULATED_AWS,
];

const TERRAFORM_VALIDATE: Suite = ("terraform validate", |_| terraform::run());
const CFN_LINT: Suite = ("cfn-lint", |_| cfn_lint::run());
const CHECKOV: Suite = ("checkov", |_| checkov::run());
const AWS_CDK: Suite =
    ("AWS CDK", |seed| crate::cdk::run(seed, crate::cdk::COUNT, Path::new(crate::cdk::KEEP)));
const EMULATED_AWS: Suite = ("emulated AWS", |seed| crate::aws::run(seed, crate::aws::COUNT, None));
const EMULATOR: Suite = ("emulator", |_| emulator::run());

/// Runs the suites whose names contain `only`.
pub(crate) fn run(only: &str, seed: u64) -> Result<Tally, Failure> {
    run_all(SUITES.into_iter().filter(|(name, _)| name.contains(only)), seed)
}

/// Runs those in which others judge what `ecrane` renders.
pub(crate) fn conformance(seed: u64) -> Result<Tally, Failure> {
    run_all([TERRAFORM_VALIDATE, CFN_LINT, CHECKOV, AWS_CDK, EMULATED_AWS], seed)
}

/// Runs the linters.
pub(crate) fn lint() -> Result<Tally, Failure> {
    run_all([TERRAFORM_VALIDATE, CFN_LINT, CHECKOV], 0)
}

/// Runs suites, and tells how each came out.
fn run_all(suites: impl IntoIterator<Item = Suite>, seed: u64) -> Result<Tally, Failure> {
    let mut total = Tally::default();
    let mut lines = Vec::new();
    for (name, suite) in suites {
        say(format_args!("\n== {name}"))?;
        let start = Instant::now();
        // A suite that breaks off is a failed check; the others still have something to say.
        let tally = suite(seed).or_else(|failure| {
            say(crate::causes(&failure))?;
            Ok(Tally::one(false))
        })?;
        lines.push(format!("{name}: {tally} in {} s", start.elapsed().as_secs()));
        total.add(tally);
    }
    say("")?;
    for line in lines {
        say(line)?;
    }
    say(total)?;
    Ok(total)
}
