//! `ecrane report`: a page about a config.

use std::collections::HashMap;
use std::io;

use ecrane::lifecycle::preview::Strictness;
use ecrane_config::Document;
use ecrane_core::{Problem, ResourceId, Severity};
use ecrane_report::{Forecast, Page, RepositoryForecast};
use indexmap::IndexMap;

use crate::args::ReportArgs;
use crate::check;
use crate::diagnostics::{Finding, Reporter, number};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::locate::locate;
use crate::preview::input::Images;
use crate::preview::{Progress, instant};
use crate::whole_file::{self, FileError};

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
    let places = Places::new(&input.document, &problems);
    let on_page: Vec<_> = findings.iter().map(|(it, of)| on_page(it, *of, &places)).collect();
    let page = Page {
        title: &input.name,
        graph: &input.graph,
        findings: &on_page,
        forecast: forecast.as_ref(),
    };
    let html = page.html().map_err(|error| {
        Failure::one(
            Exit::Io,
            &FileError { path: args.out.clone(), source: io::Error::other(error) },
        )
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

/// The places of problems. A problem in a preset is reported once, and is about every repository that
/// inherits it.
struct Places(HashMap<(&'static str, String), Vec<String>>);

impl Places {
    fn new(document: &Document, problems: &[Problem]) -> Self {
        let mut alike = IndexMap::<_, Vec<&Problem>>::new();
        for problem in problems {
            let at = document.locate(&problem.place);
            let at = at.map(|it| (it.file, it.span.start, it.span.end));
            let key = (at, problem.fact.code(), problem.fact.to_string());
            alike.entry(key).or_default().push(problem);
        }
        let all = |problems: Vec<&Problem>| -> Vec<String> {
            problems.into_iter().map(|problem| problem.place.to_string()).collect()
        };
        // The first of them is reported.
        let places = alike.into_iter().filter_map(|((_, code, _), problems)| {
            let places = all(problems);
            Some(((code, places.first()?.clone()), places))
        });
        Self(places.collect())
    }

    fn of(&self, finding: &Finding) -> Vec<String> {
        let Some(pointer) = &finding.pointer else { return Vec::new() };
        let all = self.0.get(&(finding.code, pointer.clone())).cloned();
        all.unwrap_or_else(|| vec![pointer.clone()])
    }
}

/// A finding as the page shows it.
fn on_page(
    finding: &Finding,
    repository: Option<ResourceId>,
    places: &Places,
) -> ecrane_report::Finding {
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
        pointers: places.of(finding),
        repository,
    }
}
