//! Tests and measures ecrane: `cargo xtask --help`.

mod adopt;
mod aws;
mod bench;
mod beyond_provider;
mod cdk;
mod cdk_differ;
mod configs;
mod ecrane;
mod failure;
mod iam_simulator;
mod json_lines;
mod judge;
mod mutants;
mod random;
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

/// The default seed. It is constant, so that repeated runs on a commit test the same configs.
const SEED: u64 = 1;

/// Test and measure ecrane
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Run all checks
    Test {
        /// Run only the suites whose names contain this text
        #[arg(default_value = "")]
        only: String,
        /// The first seed of random configs
        #[arg(long, default_value_t = SEED)]
        seed: u64,
    },
    /// Check the output against the AWS CDK, an emulated AWS and linters. Default: all of them
    Conformance {
        #[command(subcommand)]
        by: Option<Oracle>,
    },
    /// Insert deliberate faults into a copy of the sources, and verify that the checks detect them
    Mutants {
        /// Insert only the faults whose names contain this text
        #[arg(default_value = "")]
        only: String,
    },
    /// Fuzz what reads configs and lifecycle policies
    Fuzz {
        /// Fuzz only the targets whose names contain this text
        #[arg(default_value = "")]
        only: String,
        /// How long to fuzz each target
        #[arg(long, default_value_t = suites::fuzz::SECONDS)]
        seconds: u64,
    },
    /// Write random configs with the templates that the AWS CDK synthesizes for them
    Vectors {
        /// The directory to write the vectors to, one file each
        folder: PathBuf,
        /// The major version of the AWS CDK
        #[arg(long, value_parser = version, default_value = "2")]
        cdk: Dialect,
        #[command(flatten)]
        seeds: Seeds,
    },
    /// Measure whole runs of ecrane, of the AWS CDK and of CDKTF, as a table
    Bench {
        /// The maximum number of repositories
        #[arg(long, default_value_t = 100_000)]
        most: usize,
        /// The maximum number of repositories for the AWS CDK and CDKTF
        #[arg(long, default_value_t = 1_000)]
        most_of_cdk: usize,
    },
    /// Verify that the work of a run is proportional to its input, in each dimension of a config
    Growth {
        /// Measure only the dimensions whose names contain this text
        #[arg(default_value = "")]
        only: String,
    },
    /// Print a config with many repositories, for benchmarks
    BenchConfig {
        /// The number of repositories
        repositories: usize,
    },
}

#[derive(Debug, Subcommand)]
enum Oracle {
    /// Compare with the AWS CDK, on the vectors and on random configs for each CDK version
    Cdk {
        /// The first seed
        #[arg(long, default_value_t = SEED)]
        seed: u64,
        /// The number of random configs for each CDK version
        #[arg(long, default_value_t = cdk::COUNT)]
        count: u64,
        /// The directory for failing configs, minimized
        #[arg(long, default_value = cdk::KEEP)]
        keep: PathBuf,
    },
    /// Deploy examples and random configs to an emulated AWS, and compare the resulting states of
    /// both backends
    Aws {
        /// The first seed
        #[arg(long, default_value_t = SEED)]
        seed: u64,
        /// The number of random configs
        #[arg(long, default_value_t = aws::COUNT)]
        count: usize,
        /// The number of random updates
        #[arg(long, default_value_t = aws::UPDATES)]
        updates: usize,
        /// Run only one: an example, a case, `injection`, `random-SEED`, `update-SEED`, or all
        /// `updates`
        #[arg(long)]
        only: Option<String>,
    },
    /// Move resources from CloudFormation, the AWS CLI and another module to Terraform, and back, on the
    /// emulated AWS: nothing may change
    TakeOver {
        /// Run only the cases whose names contain this text
        #[arg(default_value = "")]
        only: String,
    },
    /// Follow the book and the README: run their commands in order, on the emulated AWS
    Walkthrough {
        /// Follow only the pages whose paths contain this text
        #[arg(default_value = "")]
        only: String,
    },
    /// Read an emulated account with `--live`, and compare with files of the AWS CLI
    Live,
    /// Compare `ecrane diff` with the differ of the AWS CDK CLI, on random changes
    Diff {
        /// The first seed
        #[arg(long, default_value_t = SEED)]
        seed: u64,
        /// The number of random changes
        #[arg(long, default_value_t = cdk_differ::COUNT)]
        count: u64,
    },
    /// Compare `ecrane access` with an independent simulator of IAM, on random policies and requests
    Access {
        /// The first seed
        #[arg(long, default_value_t = SEED)]
        seed: u64,
        /// The number of random configs
        #[arg(long, default_value_t = iam_simulator::COUNT)]
        count: u64,
    },
    /// Adopt what the vectors and random configs render to, which must render to the same again
    Adopt {
        /// The first seed
        #[arg(long, default_value_t = SEED)]
        seed: u64,
        /// The number of random configs
        #[arg(long, default_value_t = adopt::COUNT)]
        count: u64,
        /// Adopt only the cases whose names begin with this text: `random-`, `random-SEED`, or a vector
        #[arg(default_value = "")]
        only: String,
    },
    /// Verify that the AWS CDK CLI finds no difference to stacks that a CDK app deployed
    CdkCli,
    /// Run ecrane as the app of the `cdk`, `cdktf` and `cdktn` CLIs: list, synthesize, diff, deploy
    /// and destroy the examples on the emulated AWS
    Clis {
        /// Run only the examples whose names contain this text
        #[arg(default_value = "")]
        only: String,
    },
    /// Compare the tables of facts in the sources with what AWS and Terraform publish
    Facts,
    /// Run cfn-lint, checkov and `terraform validate`
    Lint,
}

#[derive(Debug, Args)]
struct Seeds {
    /// The first seed
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// The number of seeds
    #[arg(long, default_value_t = 0)]
    count: u64,
}

fn version(version: &str) -> Result<Dialect, &'static str> {
    match version {
        "1" => Ok(Dialect::Cdk1),
        "2" => Ok(Dialect::Cdk2),
        _ => Err("use `1` or `2`"),
    }
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(Tally { failed: 0, .. }) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(failure) => {
            // If standard error cannot be written, the error cannot be reported.
            drop(writeln!(io::stderr(), "{}", causes(&failure)));
            ExitCode::FAILURE
        }
    }
}

/// An error with all its causes.
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
            print(cdk::run(seed, count, &keep)?)
        }
        Task::Conformance { by: Some(Oracle::Aws { seed, count, updates, only }) } => {
            print(aws::run(aws::Random { seed, configs: count, updates }, only.as_deref())?)
        }
        Task::Conformance { by: Some(Oracle::Diff { seed, count }) } => {
            print(cdk_differ::run(seed, count)?)
        }
        Task::Conformance { by: Some(Oracle::Access { seed, count }) } => {
            print(iam_simulator::run(seed, count)?)
        }
        Task::Conformance { by: Some(Oracle::Adopt { seed, count, only }) } => {
            print(adopt::run(seed, count, 1, &only)?)
        }
        Task::Conformance { by: Some(Oracle::TakeOver { only }) } => {
            print(aws::take_over::run(&only)?)
        }
        Task::Conformance { by: Some(Oracle::Walkthrough { only }) } => {
            print(aws::walkthrough::run(&only)?)
        }
        Task::Conformance { by: Some(Oracle::Live) } => print(aws::live::run()?),
        Task::Conformance { by: Some(Oracle::CdkCli) } => print(aws::cdk_cli::run()?),
        Task::Conformance { by: Some(Oracle::Clis { only }) } => print(aws::clis::run(&only)?),
        Task::Conformance { by: Some(Oracle::Facts) } => print(suites::facts::run()?),
        Task::Conformance { by: Some(Oracle::Lint) } => suites::lint(),
        Task::Fuzz { only, seconds } => print(suites::fuzz::run(&only, seconds)?),
        Task::Mutants { only } => print(mutants::run(&only)?),
        Task::Vectors { folder, cdk, seeds } => {
            for vector in vectors::random(&mut Judge::start()?, cdk, seeds.seed, seeds.count)? {
                vectors::write(&folder, &vector)?;
            }
            Ok(Tally::default())
        }
        Task::Bench { most, most_of_cdk } => {
            bench::run(most, most_of_cdk)?;
            Ok(Tally::default())
        }
        Task::Growth { only } => print(bench::growth(&only)?),
        Task::BenchConfig { repositories } => {
            say(format_args!("{:#}", ecrane_generate::registries(repositories)))?;
            Ok(Tally::default())
        }
    }
}

/// Prints the result of a task.
fn print(tally: Tally) -> Result<Tally, Failure> {
    say(tally)?;
    Ok(tally)
}
