//! `ecrane preview`: what lifecycle rules would do to the images of repositories.

mod csv;
pub(crate) mod error;
pub(crate) mod folder;
pub(crate) mod input;
mod json;
#[cfg(feature = "aws")]
mod live;
mod policy;
mod progress;
mod table;

use std::collections::HashSet;
use std::io;
use std::time::SystemTime;

use ecrane::lifecycle::preview::{
    Comparison, Finding as Fact, ImageListing, InUse, Preview, Schedule, Strictness, Timestamp,
};
use ecrane_core::{LifecyclePolicy, ResourceId, Severity};

use crate::args::{PreviewArgs, PreviewFormat};
use crate::diagnostics::{Finding, Reporter};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::print::print_by;
use input::Inputs;
pub(crate) use progress::Progress;

/// The images of a repository, and the policy for them.
#[derive(Debug)]
pub(crate) struct Subject {
    /// The name of the repository, if anything says it.
    label: Option<String>,
    /// The repository, if it is one of a config.
    pub(crate) repository: Option<ResourceId>,
    policy: LifecyclePolicy,
    pub(crate) listing: ImageListing,
}

impl Subject {
    /// The name of the repository, if anything says it.
    pub(crate) fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    /// Which images go on the following days, and what there is to say about it.
    pub(crate) fn schedule(
        &self,
        in_use: &InUse,
        at: Timestamp,
        days: u32,
    ) -> (Schedule, Vec<Fact>) {
        let preview = Preview::new(&self.policy, &self.listing, at);
        let mut facts = preview.findings();
        facts.extend(preview.in_use(in_use));
        let schedule = Schedule::new(&self.policy, &self.listing, at, days);
        // A part of a manifest list that goes now is found already.
        let digest = |fact: &Fact| {
            if let Fact::InUseLater { digest, day: 1, .. } = fact {
                Some(digest.clone())
            } else {
                None
            }
        };
        let found: HashSet<_> = facts.iter().filter_map(digest).collect();
        let later = schedule.in_use(&self.listing, in_use).into_iter();
        facts.extend(later.filter(|fact| digest(fact).is_none_or(|it| !found.contains(&it))));
        (schedule, facts)
    }

    /// A fact as a finding about the repository.
    pub(crate) fn finding(&self, fact: &Fact, strictness: Strictness) -> Finding {
        let mut finding = Finding::new(fact.severity(strictness), fact);
        if let Some(label) = &self.label {
            finding.notes.push(format!("in the repository {label}"));
        }
        finding
    }
}

/// The instant of an evaluation.
pub(crate) fn instant(named: Option<Timestamp>) -> Result<Timestamp, Failure> {
    match named {
        Some(at) => Ok(at),
        None => {
            Timestamp::try_from(SystemTime::now()).map_err(|error| Failure::one(Exit::Io, &error))
        }
    }
}

/// The part of the evaluation that is shown.
#[derive(Debug)]
enum View {
    Now,
    Against(LifecyclePolicy),
    ByDay(u32),
}

/// The evaluation of a subject.
enum Evaluated<'s> {
    Now(Preview<'s>),
    Against(Box<Comparison<'s>>),
    ByDay(Schedule),
}

/// How outcomes are shown.
#[derive(Debug, Clone, Copy)]
struct Style {
    strictness: Strictness,
    at: Timestamp,
    /// Whether several repositories are shown.
    is_several: bool,
}

/// Shows what the rules would do. Fails if an image in use would be expired or archived.
pub(crate) fn run(args: &PreviewArgs, reporter: Reporter<'_>) -> Result<(), Failure> {
    let at = instant(args.at)?;
    let progress = Progress::start();
    let Inputs { subjects, view, in_use, is_several, mut findings } =
        Inputs::load(args, &progress)?;
    let strictness = if args.strict { Strictness::Possible } else { Strictness::Certain };
    let style = Style { strictness, at, is_several };
    let mut evaluated = Vec::with_capacity(subjects.len());
    for (index, subject) in subjects.iter().enumerate() {
        progress.repository("evaluating", subject.label.as_deref(), index, subjects.len());
        let (result, facts) = evaluate(subject, &view, &in_use, style);
        findings.extend(facts.iter().map(|fact| subject.finding(fact, strictness)));
        evaluated.push((subject, result));
    }
    progress.finish();
    print_by(|out| match args.format {
        PreviewFormat::Table => table::write(out, &evaluated, style),
        PreviewFormat::Json => json::write(out, &evaluated, style),
        PreviewFormat::Csv => csv::write(out, &evaluated, style),
    })?;
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(Failure { exit: Exit::Refused, findings, subject: None });
    }
    reporter.report(findings, None);
    Ok(())
}

fn evaluate<'s>(
    subject: &'s Subject,
    view: &'s View,
    in_use: &InUse,
    style: Style,
) -> (Evaluated<'s>, Vec<Fact>) {
    let Subject { policy, listing, label: _, repository: _ } = subject;
    let facts = |preview: &Preview<'_>| {
        let mut facts = preview.findings();
        facts.extend(preview.in_use(in_use));
        facts
    };
    match view {
        View::Now => {
            let preview = Preview::new(policy, listing, style.at);
            let facts = facts(&preview);
            (Evaluated::Now(preview), facts)
        }
        View::Against(before) => {
            let comparison = Comparison::new(before, policy, listing, style.at);
            let facts = facts(&comparison.after);
            (Evaluated::Against(Box::new(comparison)), facts)
        }
        View::ByDay(days) => {
            let (schedule, facts) = subject.schedule(in_use, style.at, *days);
            (Evaluated::ByDay(schedule), facts)
        }
    }
}

/// An error of the CSV writer, whose only cause is the output.
fn io_error(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::other(error)
}
