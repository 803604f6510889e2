//! Checks that cargo runs.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use crate::failure::Failure;
use crate::report::{Tally, say};
use crate::tools;

pub(super) fn format() -> Result<Tally, Failure> {
    passes(&mut cargo(&["fmt", "--all", "--check"]))
}

pub(super) fn lints() -> Result<Tally, Failure> {
    passes(&mut cargo(&[
        "clippy",
        "--quiet",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))
}

pub(super) fn documentation() -> Result<Tally, Failure> {
    passes(
        cargo(&["doc", "--quiet", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"),
    )
}

/// Compiles the tests. Some of them take long with a single thread, so others run beside them.
pub(super) fn compilation() -> Result<Tally, Failure> {
    passes(&mut cargo(&["test", "--quiet", "--workspace", "--no-run"]))
}

/// All tests of the workspace, counted individually.
pub(super) fn tests() -> Result<Tally, Failure> {
    let mut command = cargo(&["test", "--quiet", "--workspace", "--no-fail-fast"]);
    let failed = |source| Failure::Program { program: "cargo".into(), source };
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(failed)?;
    let mut tally = Tally::default();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines() {
            let line = line.map_err(failed)?;
            tally.add(results(&line));
            say(line)?;
        }
    }
    let status = child.wait().map_err(failed)?;
    // A compilation error also fails, without any counted test.
    if !status.success() && tally.failed == 0 {
        tally.failed = 1;
    }
    Ok(tally)
}

fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(tools::root());
    command
}

fn passes(command: &mut Command) -> Result<Tally, Failure> {
    let status =
        command.status().map_err(|source| Failure::Program { program: "cargo".into(), source })?;
    Ok(Tally::one(status.success()))
}

/// Parses the counts of a line such as `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured;
/// …`.
fn results(line: &str) -> Tally {
    let mut tally = Tally::default();
    if let Some((_, counts)) =
        line.strip_prefix("test result: ").and_then(|line| line.split_once(". "))
    {
        for (count, what) in counts.split("; ").filter_map(|part| part.split_once(' ')) {
            let count = count.parse().unwrap_or(0);
            match what {
                "passed" => tally.passed = count,
                "failed" => tally.failed = count,
                "ignored" => tally.skipped = count,
                _ => {}
            }
        }
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_of_libtest_is_read() {
        let line = "test result: FAILED. 12 passed; 1 failed; 2 ignored; 0 measured; 7 filtered out; finished in 0.01s";
        assert_eq!(results(line), Tally { passed: 12, failed: 1, skipped: 2 });
        assert_eq!(results("running 15 tests"), Tally::default());
    }
}
