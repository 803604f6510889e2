//! How ecrane is tested and measured: `cargo xtask --help`.

mod configs;
mod conformance;
mod ecrane;
mod failure;
mod judge;
mod report;
mod suites;
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
    },
    /// Compare ecrane's templates with those of the AWS CDK.
    Conformance {
        #[command(subcommand)]
        with: Oracle,
    },
    /// Write random configs, each with what the AWS CDK makes of it.
    Vectors {
        /// Where to write them, one file each.
        folder: PathBuf,
        /// The version of the AWS CDK.
        #[arg(long, value_parser = cdk, default_value = "2")]
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
    /// On the project's vectors, and on random configs when a count is given.
    Cdk {
        #[command(flatten)]
        seeds: Seeds,
        /// Where to keep what fails, made as small as it gets.
        #[arg(long, default_value = "target/xtask/disagreements")]
        keep: PathBuf,
    },
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

fn cdk(version: &str) -> Result<Dialect, &'static str> {
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
        Task::Test { only } => suites::run(&only),
        Task::Conformance { with: Oracle::Cdk { seeds, keep } } => {
            conformance::run(seeds.seed, seeds.count, &keep)
        }
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
