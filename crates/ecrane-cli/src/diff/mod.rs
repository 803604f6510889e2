//! `ecrane diff`: what a change of the config does to what is deployed.

mod against;
mod error;
mod human;
mod lifecycle;
mod markdown;
mod report;
mod sides;

#[cfg(test)]
pub(crate) use error::AgainstError;
pub(crate) use error::FailsOn;

use ecrane_core::{Explain, Style, write_json};
use ecrane_diff::access_changes;

use crate::args::FailOn;
use crate::args::{DiffArgs, DiffFormat};
use crate::diagnostics::Reporter;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::Input;
use crate::print::{print, print_by, print_colored};
use report::Report;
use sides::Sides;

/// Compares a config with what is deployed, and prints the changes.
pub(crate) fn run(args: &DiffArgs, reporter: Reporter<'_>) -> Result<(), Failure> {
    let input = Input::load(args.config.config.as_deref())?;
    let earlier = against::read(&args.against)?;
    let sides = sides::pair(args, &input, earlier)?;
    // Of configs too, the documents are compared: they have what overrides lay over them.
    let access = access_changes(&sides.stacks());
    let Sides { pairs, context: _, gone, refused } = sides;
    let report =
        Report::new(&pairs, gone, lifecycle::changes(&pairs, args.images.as_deref())?, access);
    match args.format {
        DiffFormat::Human => print_colored(&human::render(&report), reporter.color())?,
        DiffFormat::Markdown => print(markdown::render(&report).as_bytes())?,
        DiffFormat::Json => print_by(|out| write_json(&report, out, Style::Pretty))?,
    }
    if let Some(refused) = refused {
        return Err(refused);
    }
    fails(&report, &args.fail_on)
}

/// Fails if there are changes of the kinds in `--fail-on`.
fn fails(report: &Report, fail_on: &[FailOn]) -> Result<(), Failure> {
    let found = |on: &FailOn| {
        let count = report.count(*on);
        (count > 0).then_some(FailsOn { on: *on, count })
    };
    let found: Vec<FailsOn> = fail_on.iter().filter_map(found).collect();
    if found.is_empty() {
        return Ok(());
    }
    Err(Failure::new(Exit::Refused, found.iter().map(|it| it as &dyn Explain)))
}
