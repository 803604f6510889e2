//! Whether the work of a run grows with its input, in each dimension of a config.

use std::fs;
use std::path::Path;
use std::process::Command;

use ecrane_generate::{DIMENSIONS, Large};

use super::measure::instructions;
use super::{BACKENDS, Bench, remove};
use crate::failure::Failure;
use crate::report::{Tally, missing, say};
use crate::tools;

/// The sizes that are compared.
const SIZES: [usize; 2] = [500, 2_000];
/// How much more of the same may take, per piece.
const MOST: f64 = 1.3;

/// The commands that draw a config.
const PAGES: [&str; 2] = ["graph", "report"];

/// Counts the instructions of runs at two sizes, in the dimensions whose names contain a text.
///
/// `CloudFormation` takes 500 resources in a stack; more are rendered before they are refused.
pub(crate) fn growth(only: &str) -> Result<Tally, Failure> {
    if !tools::has("valgrind") {
        return missing("valgrind, which counts instructions");
    }
    let bench = Bench::new()?;
    let mut tally = Tally::default();
    say("| dimension | run | instructions | per piece | growth |\n|---|---|--:|--:|--:|")?;
    for (name, large) in DIMENSIONS.into_iter().filter(|(name, _)| name.contains(only)) {
        for run in BACKENDS.into_iter().chain(PAGES) {
            let empty = bench.instructions(&large(0), run)?;
            let [small, big] = SIZES.map(|size| bench.instructions(&large(size), run));
            let (small, big) = (small? - empty, big? - empty);
            #[expect(clippy::cast_precision_loss, reason = "sizes are small")]
            let [few, many] = SIZES.map(|size| size as f64);
            let growth = (big / many) / (small / few);
            tally.add(Tally::one(growth <= MOST));
            say(format_args!("| {name} | {run} | {big:.0} | {:.0} | {growth:.2} |", big / many))?;
        }
    }
    Ok(tally)
}

impl Bench {
    fn instructions(&self, large: &Large, run: &str) -> Result<f64, Failure> {
        let included = self.desk.join("included");
        remove(&included)?;
        fs::create_dir_all(&included).map_err(Failure::file(&included))?;
        for (name, file) in &large.included {
            let path = included.join(name);
            fs::write(&path, file.to_string()).map_err(Failure::file(&path))?;
        }
        let config = self.desk.join("config.json");
        fs::write(&config, large.config.to_string()).map_err(Failure::file(&config))?;
        remove(Path::new(&self.desk.join("out")))?;
        crate::ecrane::forget(&config)?;
        if !PAGES.contains(&run) {
            return instructions(&self.synth(&config, run));
        }
        let mut command = Command::new(&self.program);
        command.args([run, "--out"]).arg(self.desk.join("page")).arg(config);
        instructions(&command)
    }
}
