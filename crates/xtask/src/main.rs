//! How ecrane is tested and measured: `cargo xtask --help`.

mod failure;
mod generate;
mod judge;
mod random;
mod tools;
mod vectors;

use std::error::Error;
use std::io::{self, Write as _};
use std::iter::successors;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use failure::Failure;
use generate::Cdk;

/// How ecrane is tested and measured.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Write random configs, each with what the AWS CDK makes of it.
    Vectors {
        /// Where to write them, one file each.
        folder: PathBuf,
        /// The version of the AWS CDK.
        #[arg(long, value_enum, default_value = "2")]
        cdk: Cdk,
        /// The first seed.
        #[arg(long, default_value_t = 0)]
        seed: u64,
        /// How many seeds.
        #[arg(long, default_value_t = 100)]
        count: u64,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(code) => code,
        Err(failure) => {
            let causes =
                successors(failure.source(), |&error| error.source()).map(ToString::to_string);
            let text =
                [failure.to_string()].into_iter().chain(causes).collect::<Vec<_>>().join(": ");
            // Nothing is left to do for who cannot even read an error.
            drop(writeln!(io::stderr(), "error: {text}"));
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<ExitCode, Failure> {
    match task {
        Task::Vectors { folder, cdk, seed, count } => {
            vectors::write(&folder, &vectors::random(cdk, seed, count)?)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
