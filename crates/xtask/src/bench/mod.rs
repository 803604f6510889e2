//! `cargo xtask bench`: the time and the memory of whole runs, from a config file to files on disk,
//! with the AWS CDK and CDKTF beside them.

mod format;
mod growth;
mod measure;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::report::say;
use crate::tools;
use format::Format;
use measure::{Measured, measure};

pub(crate) use growth::growth;

/// The numbers of repositories.
const SIZES: [usize; 6] = [1, 100, 1_000, 10_000, 100_000, 1_000_000];
/// The size to which larger ones are compared.
const COMPARED: usize = 1_000;
const BACKENDS: [&str; 2] = ["cloudformation", "terraform"];
/// The libraries that have the output of each backend.
const NAMES: [&str; 2] = ["AWS CDK", "CDKTF"];

/// A released ecrane, and a directory for its runs.
struct Bench {
    program: PathBuf,
    desk: PathBuf,
}

/// Prints the table of all sizes up to one. The AWS CDK and CDKTF take seconds for thousands of
/// repositories and run up to a size of their own.
pub(crate) fn run(most: usize, most_of_cdk: usize) -> Result<(), Failure> {
    let bench = Bench::new()?;
    let others = if tools::has("npm") {
        [Some(tools::npm("cdk")?), Some(tools::npm("cdktf")?)]
    } else {
        [None, None]
    };
    say(format_args!("{}\n", machine()))?;
    say(
        "| repositories | program | format | seconds | of processors | MB | instructions | unchanged | check | growth | CDK | cat |",
    )?;
    say("|--:|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")?;
    let mut at_compared: Vec<(&str, Format, f64)> = Vec::new();
    for size in SIZES.into_iter().filter(|size| *size <= most) {
        let config = ecrane_generate::registries(size);
        let mut of_others = [None, None];
        for ((name, folder), other) in NAMES.iter().zip(&others).zip(&mut of_others) {
            if let Some(folder) = folder.as_ref().filter(|_| size <= most_of_cdk) {
                let measured = bench.other(folder, &config)?;
                say(format_args!("| {size} | {name} | | {} | | | | | | |", Times(measured)))?;
                *other = Some(measured);
            }
        }
        for format in Format::ALL {
            let path = bench.desk.join("config").with_extension(format.extension());
            let text = format.write(&config);
            if text.len() > format.limit() {
                let format = format.extension();
                say(format_args!("| {size} | ecrane | {format} | too large | | | | | | | | |"))?;
                continue;
            }
            fs::write(&path, text).map_err(Failure::file(&path))?;
            for (backend, other) in BACKENDS.into_iter().zip(of_others) {
                let Runs { fresh, again, check, cat } = bench.ecrane(&path, backend, size)?;
                let counted = bench.count(&path, backend, size)?;
                if size == COMPARED {
                    at_compared.push((backend, format, fresh.processor));
                }
                let compared = at_compared.iter().find(|(b, f, _)| (*b, *f) == (backend, format));
                #[expect(clippy::cast_precision_loss, reason = "sizes are small")]
                let growth = compared
                    .map(|(.., small)| (fresh.processor / size as f64) / (small / COMPARED as f64));
                say(format_args!(
                    "| {size} | {backend} | {} | {} | {} | {:.2} | {:.2} | {} | {} | {} |",
                    format.extension(),
                    Times(fresh),
                    counted.map(|count| format!("{:.1} M", count / 1e6)).unwrap_or_default(),
                    again.elapsed,
                    check.elapsed,
                    optional(growth),
                    optional(other.map(|other| other.elapsed / fresh.elapsed.max(0.001))),
                    optional(Some(fresh.elapsed / cat.elapsed.max(0.001))),
                ))?;
            }
        }
    }
    say(
        "\nunchanged: the same run again, which writes nothing. instructions: as callgrind counts them. growth: processor time per repository, by that of 1,000. CDK, cat: how often the time of ecrane fits in that of the AWS CDK or CDKTF, and the time of copying the output with `cat` in that of ecrane.",
    )
}

/// The runs of one config.
struct Runs {
    fresh: Measured,
    again: Measured,
    check: Measured,
    cat: Measured,
}

impl Bench {
    fn new() -> Result<Self, Failure> {
        let build = ["build", "--quiet", "--release", "--package", "ecrane-cli"];
        tools::run(Command::new("cargo").args(build).current_dir(tools::root()))?;
        let desk = tools::target().join("xtask/bench");
        remove(&desk)?;
        fs::create_dir_all(&desk).map_err(Failure::file(&desk))?;
        Ok(Self { program: tools::target().join("release/ecrane"), desk })
    }

    fn synth(&self, config: &Path, backend: &str) -> Command {
        let mut command = Command::new(&self.program);
        command.args(["synth", "--backend", backend, "--out"]);
        command.arg(self.desk.join("out")).arg(config);
        command
    }

    /// The fastest of some runs: others disturb a run, and nothing makes it faster.
    fn ecrane(&self, config: &Path, backend: &str, size: usize) -> Result<Runs, Failure> {
        let out = self.desk.join("out");
        let fastest = |command: &Command, is_fresh: bool| {
            let mut best: Option<Measured> = None;
            for _ in 0..if size < 10_000 { 10 } else { 3 } {
                if is_fresh {
                    remove(&out)?;
                    crate::ecrane::forget(config)?;
                }
                let next = measure(command, &self.desk)?;
                if best.is_none_or(|best| next.processor < best.processor) {
                    best = Some(next);
                }
            }
            best.ok_or_else(|| Failure::Measurement { said: String::new() })
        };
        let synth = self.synth(config, backend);
        let fresh = fastest(&synth, true)?;
        let again = fastest(&synth, false)?;
        let mut check = Command::new(&self.program);
        let check = fastest(check.args(["check", "--backend", backend]).arg(config), false)?;
        let mut cat = Command::new("sh");
        cat.args(["-c", "find out -type f -exec cat {} + > copy"]).current_dir(&self.desk);
        let cat = fastest(&cat, false)?;
        crate::ecrane::forget(config)?;
        Ok(Runs { fresh, again, check, cat })
    }

    /// The instructions of a fresh run, which callgrind makes fifty times as long.
    fn count(&self, config: &Path, backend: &str, size: usize) -> Result<Option<f64>, Failure> {
        if size > COMPARED || !tools::has("valgrind") {
            return Ok(None);
        }
        remove(&self.desk.join("out"))?;
        crate::ecrane::forget(config)?;
        measure::instructions(&self.synth(config, backend)).map(Some)
    }

    /// Runs the app in a directory, which is a program with the AWS CDK or CDKTF.
    fn other(&self, folder: &Path, config: &serde_json::Value) -> Result<Measured, Failure> {
        let (path, out) = (self.desk.join("other.json"), self.desk.join("other.out"));
        remove(&out)?;
        fs::write(&path, config.to_string()).map_err(Failure::file(&path))?;
        let mut command = Command::new("node");
        command.arg("app.js").arg(&path).arg(&out).current_dir(folder);
        command.env("CDK_OUTDIR", &out);
        measure(&command, &self.desk)
    }
}

fn remove(folder: &Path) -> Result<(), Failure> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(Failure::file(folder))?;
    }
    Ok(())
}

/// The processor and the operating system.
fn machine() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let info = read("/proc/cpuinfo");
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let kernel = read("/proc/sys/kernel/osrelease");
    let load = read("/proc/loadavg");
    format!(
        "{processors} × {}, Linux {}, load {}",
        model.map_or("unknown processor", |(_, model)| model),
        kernel.trim(),
        load.split(' ').next().unwrap_or_default(),
    )
}

/// Times as columns.
struct Times(Measured);

impl std::fmt::Display for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Measured { elapsed, processor, memory } = self.0;
        write!(f, "{elapsed:.2} | {processor:.2} | {memory:.0}")
    }
}

fn optional(number: Option<f64>) -> String {
    number.map(|number| format!("{number:.2}")).unwrap_or_default()
}
