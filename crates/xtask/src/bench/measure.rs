//! What a run of a program takes.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::failure::Failure;
use crate::tools;

/// The time and the memory of a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured {
    /// Elapsed, in seconds.
    pub(super) elapsed: f64,
    /// Of all processors, in seconds.
    pub(super) processor: f64,
    /// The largest resident set, in MB.
    pub(super) memory: f64,
}

/// Measures a run by GNU `time`. `desk` is a directory for its output.
pub(super) fn measure(command: &Command, desk: &Path) -> Result<Measured, Failure> {
    let path = desk.join("time");
    let mut time = Command::new("/usr/bin/time");
    time.args(["--format", "%e %U %S %M", "--output"]).arg(&path);
    tools::run(under(&mut time, command))?;
    let text = fs::read_to_string(&path).map_err(Failure::file(&path))?;
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|n| n.parse().ok()).collect();
    let [elapsed, user, system, kilobytes] = *numbers else {
        return Err(Failure::Measurement { said: text });
    };
    Ok(Measured { elapsed, processor: user + system, memory: kilobytes / 1000.0 })
}

/// Counts the instructions of a run by Valgrind. They do not depend on the load of the machine.
pub(super) fn instructions(command: &Command) -> Result<f64, Failure> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    let output = tools::output(under(&mut valgrind, command))?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let collected = said.lines().find_map(|line| line.split_once("Collected : "));
    let count = collected.and_then(|(_, count)| count.trim().parse().ok());
    count.ok_or(Failure::Measurement { said })
}

/// Completes the command of a tool with the one that it is to run.
fn under<'t>(tool: &'t mut Command, command: &Command) -> &'t mut Command {
    tool.arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        tool.current_dir(folder);
    }
    tool.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))))
}
