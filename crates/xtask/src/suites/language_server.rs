//! Checks with yaml-language-server what an editor shows for a config.

use std::process::Command;

use super::counted;
use crate::failure::Failure;
use crate::report::{Tally, missing};
use crate::tools;

pub(super) fn run() -> Result<Tally, Failure> {
    if !tools::has("node") || !tools::has("npm") {
        return missing("node and npm, which run yaml-language-server");
    }
    let folder = tools::npm("yaml-language-server")?;
    let schema = tools::root().join("schemas/ecrane.schema.json");
    let mut command = Command::new("node");
    command
        .args(["--test", "--test-reporter=tap", "test.js"])
        .env("ECRANE_SCHEMA", schema)
        .current_dir(folder);
    tap(&mut command)
}

/// Runs a test runner that reports in TAP, as Node's does.
pub(super) fn tap(command: &mut Command) -> Result<Tally, Failure> {
    let output = tools::output(command)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let tally = Tally {
        passed: count(&text, "pass"),
        failed: count(&text, "fail"),
        skipped: count(&text, "skipped"),
    };
    counted(tally, output.status, &text)
}

/// Parses the number in a line such as `# pass 6`.
fn count(tap: &str, what: &str) -> usize {
    let number = |line: &str| line.strip_prefix("# ")?.strip_prefix(what)?.trim().parse().ok();
    tap.lines().find_map(number).unwrap_or(0)
}
