//! How ecrane is tested and measured: `cargo xtask --help`.

mod aws;
mod beyond_provider;
mod cdk;
mod configs;
mod ecrane;
mod failure;
mod json_lines;
mod judge;
mod mutants;
mod report;
mod suites;
mod terraform;
mod tools;
mod vectors;

use std::error::Error;
use std::io::{self, Write as _};
use std::iter::successors;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use ecrane_generate::Dialect;
use failure::Failure;
use judge::Judge;
use report::{Tally, say};

/// Where random configs begin: the same in each run, so that one commit is judged the same each time.
const SEED: u64 = 1;

/// How ecrane is tested and measured.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Run every check of the project.
    Test {
        /// Only the suites whose names contain this.
        #[arg(default_value = "")]
        only: String,
        /// The first seed of what is random.
        #[arg(long, default_value_t = SEED)]
        seed: u64,
    },
    /// Have others judge what ecrane renders: all of them, unless one is named.
    Conformance {
        #[command(subcommand)]
        by: Option<Oracle>,
    },
    /// Put deliberate faults into copies of the sources, and see that the checks catch them.
    Mutants {
        /// Only the faults whose names contain this.
        #[arg(default_value = "")]
        only: String,
    },
    /// Write random configs, each with what the AWS CDK makes of it.
    Vectors {
        /// Where to write them, one file each.
        folder: PathBuf,
        /// The version of the AWS CDK.
        #[arg(long, value_parser = version, default_value = "2")]
        cdk: Dialect,
        #[command(flatten)]
        seeds: Seeds,
    },
    /// Print a config of many repositories, for measuring.
    BenchConfig {
        /// How many repositories.
        repositories: usize,
    },
}

#[derive(Debug, Subcommand)]
enum Oracle {
    /// The AWS CDK, on the project's vectors and on random configs for each of its versions.
    Cdk {
        /// The first seed.
        #[arg(long, default_value_t = SEED)]
        seed: u64,
        /// How many random configs for each version.
        #[arg(long, default_value_t = cdk::COUNT)]
        count: u64,
        /// Where to keep what fails, made as small as it gets.
        #[arg(long, default_value = cdk::KEEP)]
        keep: PathBuf,
    },
    /// An emulated AWS, on the examples and on random configs: both backends leave the same state.
    Aws {
        /// The first seed.
        #[arg(long, default_value_t = SEED)]
        seed: u64,
        /// How many random configs.
        #[arg(long, default_value_t = aws::COUNT)]
        count: usize,
        /// How many random updates of a config.
        #[arg(long, default_value_t = aws::UPDATES)]
        updates: usize,
        /// One only: an example, a case, `injection`, `random-` or `update-` and a seed, or all `updates`.
        #[arg(long)]
        only: Option<String>,
    },
    /// The CLI of the AWS CDK: it finds no difference to stacks that an app of the CDK has deployed.
    CdkCli,
    /// cfn-lint, checkov and `terraform validate`.
    Lint,
}

#[derive(Debug, Args)]
struct Seeds {
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// How many seeds.
    #[arg(long, default_value_t = 0)]
    count: u64,
}

fn version(version: &str) -> Result<Dialect, &'static str> {
    match version {
        "1" => Ok(Dialect::Cdk1),
        "2" => Ok(Dialect::Cdk2),
        _ => Err("1 and 2 are the versions of the AWS CDK"),
    }
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(Tally { failed: 0, .. }) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(failure) => {
            // Nothing is left to do for who cannot even read an error.
            drop(writeln!(io::stderr(), "{}", causes(&failure)));
            ExitCode::FAILURE
        }
    }
}

/// A failure with all its causes.
fn causes(failure: &Failure) -> String {
    let causes = successors(failure.source(), |&error| error.source()).map(ToString::to_string);
    let texts: Vec<_> = [failure.to_string()].into_iter().chain(causes).collect();
    format!("error: {}", texts.join(": "))
}

fn run(task: Task) -> Result<Tally, Failure> {
    match task {
        Task::Test { only, seed } => suites::run(&only, seed),
        Task::Conformance { by: None } => suites::conformance(SEED),
        Task::Conformance { by: Some(Oracle::Cdk { seed, count, keep }) } => {
            told(cdk::run(seed, count, &keep)?)
        }
        Task::Conformance { by: Some(Oracle::Aws { seed, count, updates, only }) } => {
            told(aws::run(aws::Random { seed, configs: count, updates }, only.as_deref())?)
        }
        Task::Conformance { by: Some(Oracle::CdkCli) } => told(aws::cdk_cli::run()?),
        Task::Conformance { by: Some(Oracle::Lint) } => suites::lint(),
        Task::Mutants { only } => told(mutants::run(&only)?),
        Task::Vectors { folder, cdk, seeds } => {
            for vector in vectors::random(&mut Judge::start()?, cdk, seeds.seed, seeds.count)? {
                vectors::write(&folder, &vector)?;
            }
            Ok(Tally::default())
        }
        Task::BenchConfig { repositories } => {
            say(format_args!("{:#}", ecrane_generate::many(repositories)))?;
            Ok(Tally::default())
        }
    }
}

/// Says what a task has come to.
fn told(tally: Tally) -> Result<Tally, Failure> {
    say(tally)?;
    Ok(tally)
}
