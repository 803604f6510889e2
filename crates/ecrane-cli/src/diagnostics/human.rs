//! Diagnostics for people.

use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use ecrane_core::Severity;

use super::escape;
use super::{Count, Finding, Reported, Site};

/// The maximum number of diagnostics: later ones mostly follow from the first few dozen.
pub(crate) const SHOWN: usize = 50;

/// Writes the diagnostics and a summary line.
pub(super) fn render(findings: &[Finding], subject: Option<&str>) -> String {
    let renderer = Renderer::styled();
    let mut text = String::new();
    for finding in findings.iter().take(SHOWN) {
        text.push_str(one(&renderer, finding).trim_end());
        text.push_str("\n\n");
    }
    if let Some(subject) = subject
        && !findings.is_empty()
    {
        text.push_str(&summary(&renderer, findings, subject));
        text.push('\n');
    } else {
        // The trailing empty line only separates a finding from the next.
        text.truncate(text.trim_end_matches('\n').len());
        if !text.is_empty() {
            text.push('\n');
        }
    }
    text
}

/// Where the codes of a run are explained, or nothing if it reported none.
pub(super) fn footer(reported: &[Reported]) -> String {
    let mut codes = reported.iter().map(|reported| reported.finding.code);
    let Some(first) = codes.next() else { return String::new() };
    if codes.all(|code| code == first) {
        format!("\nFor an explanation, run `ecrane explain {first}`.\n")
    } else {
        format!(
            "\nFor explanations, run `ecrane explain CODE`, such as `ecrane explain {first}`.\n"
        )
    }
}

fn one(renderer: &Renderer, finding: &Finding) -> String {
    let level = level(finding.severity);
    let title = level.primary_title(finding.message.as_str()).id(finding.code);
    let mut group = Group::with_title(title);
    if let Some(site) = &finding.site {
        group = place(group, site, finding.suggestion.as_deref());
    } else if let Some(suggestion) = &finding.suggestion {
        group = group.element(Level::HELP.message(did_you_mean(suggestion)));
    }
    for note in &finding.notes {
        group = group.element(Level::NOTE.message(escape(note)));
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

fn place<'a>(group: Group<'a>, site: &'a Site, suggestion: Option<&str>) -> Group<'a> {
    let origin = || {
        let at = site.position;
        Origin::path(escape(&site.file)).line(at.line).char_column(at.column)
    };
    let Some(excerpt) = &site.excerpt else { return group.element(origin()) };
    let label = suggestion.map(did_you_mean);
    let snippet = Snippet::source(excerpt.text.as_str())
        .line_start(excerpt.first_line)
        .fold(false)
        .annotation(AnnotationKind::Primary.span(excerpt.span.clone()).label(label));
    if excerpt.is_cut {
        // The renderer counts columns from the start of the truncated line.
        group.element(origin()).element(snippet)
    } else {
        group.element(snippet.path(escape(&site.file)))
    }
}

fn summary(renderer: &Renderer, findings: &[Finding], subject: &str) -> String {
    let count = Count::of(findings);
    let severity = if count.errors > 0 { Severity::Error } else { Severity::Warning };
    let mut text = match (count.errors, count.warnings) {
        (0, warnings) => number(warnings, "warning"),
        (errors, 0) => number(errors, "problem"),
        (errors, warnings) => {
            format!("{} and {}", number(errors, "problem"), number(warnings, "warning"))
        }
    };
    text.push_str(" in ");
    text.push_str(&escape(subject));
    if findings.len() > SHOWN {
        // Writing to a string cannot fail.
        let _ = write!(text, ", of which the first {SHOWN} are shown");
    }
    renderer.render(&[Group::with_title(level(severity).primary_title(text))])
}

/// A count and its noun: `1 problem`, `3 problems`.
pub(crate) fn number(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

fn did_you_mean(suggestion: &str) -> String {
    format!("did you mean `{suggestion}`?")
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    }
}
