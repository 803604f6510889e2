//! The command line of ecrane.

mod access;
mod address_ledger;
mod adopt;
mod args;
mod caller;
mod check;
#[cfg(test)]
mod codes;
mod completions;
mod config_file;
mod diagnostics;
mod diff;
mod exit;
mod explain;
mod explain_rules;
mod failure;
mod graph;
mod huge_pages;
mod import_ids;
mod init;
mod input;
mod lifecycle_policy;
#[cfg(feature = "aws")]
mod live;
mod locate;
mod man;
mod next_step;
mod output;
mod preview;
mod principals;
mod print;
mod project;
mod render;
mod report;
mod repositories;
mod synth;
mod text_file;
mod whole_file;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Cli, Command, SchemaName};
use diagnostics::{Report, Reporter};
use exit::Exit;

/// Half of a run is to allocate and to free small texts and nodes.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    huge_pages::decline();
    let Cli { command, color, message_format } = Cli::parse();
    let report = Report::default();
    let reporter = Reporter::new(message_format, color.into(), &report);
    let done = match command {
        Command::Synth(args) => synth::run(&args, reporter),
        Command::Check(args) => check::run(&args, reporter),
        Command::Diff(args) => diff::run(&args, reporter),
        Command::Adopt(args) => adopt::run(&args, reporter),
        Command::Init(args) => init::run(&args, reporter),
        Command::Access(args) => access::run(&args, reporter),
        Command::Graph(args) => graph::run(&args),
        Command::Report(args) => report::run(&args, reporter),
        Command::Preview(args) => preview::run(&args, reporter),
        Command::Explain(args) => explain::run(&args),
        Command::Completions(args) => completions::run(args.shell),
        Command::Man(args) => man::run(&args.directory, reporter),
        Command::Schema(args) => match args.of {
            SchemaName::Config => print::print(ecrane_schema::schema_text().as_bytes()),
        },
    };
    let exit = match done {
        Ok(()) => Exit::Done,
        Err(failure) => {
            reporter.report(failure.findings, failure.subject.as_deref());
            failure.exit
        }
    };
    reporter.finish(exit);
    exit.into()
}
