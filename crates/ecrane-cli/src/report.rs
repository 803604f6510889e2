//! `ecrane report`: a page about a config.

use std::io;

use ecrane::lifecycle::preview::Strictness;
use ecrane_core::{ResourceId, Severity};
use ecrane_report::{Forecast, Page, RepositoryForecast};

use crate::args::ReportArgs;
use crate::check;
use crate::diagnostics::{Finding, Reporter, number};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::locate::locate;
use crate::preview::input::Images;
use crate::preview::{Progress, instant};
use crate::render::DocumentError;
use crate::whole_file;

/// Writes the page. Fails if `check` finds an error, or if an image in use would be expired or
/// archived; the page says so, too.
pub(crate) fn run(args: &ReportArgs, reporter: Reporter<'_>) -> Result<(), Failure> {
    let at = instant(args.at)?;
    let (input, problems) = check::load(args.config.config.as_deref(), None)?;
    let mut findings: Vec<(Finding, Option<ResourceId>)> =
        locate(&input.document, &problems).into_iter().map(|finding| (finding, None)).collect();
    let images = match &args.images {
        Some(path) => {
            let progress = Progress::start();
            let images = Images::load(&input, path, args, &progress)?;
            Some((images, progress))
        }
        None => None,
    };
    let mut forecast = None;
    if let Some((Images { subjects, in_use, findings: warnings }, progress)) = &images {
        findings.extend(warnings.iter().map(|finding| (finding.clone(), None)));
        let mut repositories = Vec::with_capacity(subjects.len());
        for (index, subject) in subjects.iter().enumerate() {
            let Some(repository) = subject.repository else { continue };
            progress.repository("evaluating", subject.label(), index, subjects.len());
            let (schedule, facts) = subject.schedule(in_use, at, args.by_day);
            findings.extend(
                facts
                    .iter()
                    .map(|fact| (subject.finding(fact, Strictness::Certain), Some(repository))),
            );
            let listing = &subject.listing;
            let uses = in_use.of(listing);
            repositories.push(RepositoryForecast { repository, listing, schedule, uses });
        }
        forecast = Some(Forecast { at, days: args.by_day, repositories });
    }
    let page = Page {
        title: &input.name,
        graph: &input.graph,
        findings: &findings.iter().map(on_page).collect::<Vec<_>>(),
        forecast: forecast.as_ref(),
    };
    let html = page.html().map_err(|error| {
        Failure::one(Exit::Io, &DocumentError { source: io::Error::other(error) })
    })?;
    whole_file::write(&args.out, html.as_bytes())?;
    if let Some((_, progress)) = images {
        progress.finish();
    }
    let findings: Vec<_> = findings.into_iter().map(|(finding, _)| finding).collect();
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(Failure { exit: Exit::Refused, findings, subject: Some(input.name) });
    }
    let count = number(findings.len(), "finding");
    if !findings.is_empty() {
        reporter.report(findings, Some(&input.name));
    }
    reporter.say(&format!("wrote {} with {count}", args.out.display()));
    Ok(())
}

/// A finding as the page shows it.
fn on_page((finding, repository): &(Finding, Option<ResourceId>)) -> ecrane_report::Finding {
    let suggestion = finding.suggestion.as_ref().map(|word| format!("did you mean `{word}`?"));
    let notes = suggestion.iter().chain(&finding.help).chain(&finding.notes);
    ecrane_report::Finding {
        severity: finding.severity,
        code: finding.code.to_owned(),
        message: finding.message.clone(),
        notes: notes.cloned().collect(),
        place: finding
            .site
            .as_ref()
            .map(|site| format!("{}:{}:{}", site.file, site.position.line, site.position.column)),
        pointer: finding.pointer.clone(),
        repository: *repository,
    }
}
