//! All that `cargo xtask test` runs, a module a suite.

mod cargo;
mod cfn_lint;
mod language_server;
mod terraform;

use crate::failure::Failure;
use crate::report::{Tally, say};

type Suite = (&'static str, fn() -> Result<Tally, Failure>);

/// In the order in which a mistake is found soonest.
const SUITES: [Suite; 7] = [
    ("format", cargo::format),
    ("lints", cargo::lints),
    ("tests", cargo::tests),
    ("documentation", cargo::documentation),
    ("yaml-language-server", language_server::run),
    ("terraform validate", terraform::run),
    ("cfn-lint", cfn_lint::run),
];

/// Runs the suites whose names contain `only`, and tells how each came out.
pub(crate) fn run(only: &str) -> Result<Tally, Failure> {
    let mut total = Tally::default();
    let mut lines = Vec::new();
    for (name, suite) in SUITES.into_iter().filter(|(name, _)| name.contains(only)) {
        say(format_args!("\n== {name}"))?;
        // A suite that breaks off is a failed check; the others still have something to say.
        let tally = suite().or_else(|failure| {
            say(crate::causes(&failure))?;
            Ok(Tally::one(false))
        })?;
        lines.push(format!("{name}: {tally}"));
        total.add(tally);
    }
    say("")?;
    for line in lines {
        say(line)?;
    }
    say(total)?;
    Ok(total)
}
