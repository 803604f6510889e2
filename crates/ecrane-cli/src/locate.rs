//! Locations of problems: from places in a config to lines of its files.

use std::ops::Range;

use ecrane_config::{Document, LoadError, SourceFile};
use ecrane_core::{Explain, Problem, Severity};

use crate::diagnostics::{Finding, Lines, SHOWN, Site};

/// The problems of a document, with their locations.
pub(crate) fn locate<'p>(
    document: &Document,
    problems: impl IntoIterator<Item = &'p Problem>,
) -> Vec<Finding> {
    let mut problems = problems.into_iter().peekable();
    if problems.peek().is_none() {
        return Vec::new();
    }
    // Finding the lines of a file takes longer than finding one problem in them.
    let files: Vec<_> = document.files().iter().map(|f| (f, Lines::new(&f.text))).collect();
    let (mut errors, mut warnings) = (0, 0);
    let mut site = |problem: &Problem| {
        let location = document.locate(&problem.place)?;
        let (file, lines) = files.get(location.file)?;
        let count = match problem.severity {
            Severity::Error => &mut errors,
            Severity::Warning => &mut warnings,
        };
        *count += 1;
        // An excerpt is long, and errors are displayed before warnings.
        let excerpt = (*count <= SHOWN).then(|| lines.excerpt(&location.span));
        Some(Site { file: file.name.clone(), position: lines.position(&location.span), excerpt })
    };
    let note = |problem: &Problem| {
        let (place, what) = problem.fact.related()?;
        let location = document.locate(place)?;
        let (file, lines) = files.get(location.file)?;
        Some(note(what, file, lines, &location.span))
    };
    let finding = |problem: &Problem| {
        let mut finding = Finding::new(problem.severity, problem.fact.as_ref());
        finding.notes.extend(note(problem));
        Finding { pointer: Some(problem.place.to_string()), site: site(problem), ..finding }
    };
    document.in_order(problems).into_iter().map(finding).collect()
}

/// A config that does not exist or has a syntax error.
pub(crate) fn locate_load_error(error: &LoadError) -> Finding {
    // A finding shows the place of a syntax error by itself.
    let fact: &dyn Explain =
        if let LoadError::Syntax(syntax) = error { &syntax.error } else { error };
    let mut finding = Finding::error(fact);
    if let Some((file, span)) = error.location() {
        let lines = Lines::new(&file.text);
        if let Some((related, what)) = error.related() {
            finding.notes.push(note(what, file, &lines, &related));
        }
        finding.site = Some(site(file, &lines, &span));
    }
    finding
}

/// The problems of a text with a syntax error, at the location of the syntax error.
pub(crate) fn locate_syntax_error<'p>(
    error: &LoadError,
    problems: impl IntoIterator<Item = &'p Problem>,
) -> Vec<Finding> {
    let at = error.location().map(|(file, span)| site(file, &Lines::new(&file.text), &span));
    let finding = |problem: &Problem| Finding {
        pointer: Some(problem.place.to_string()),
        site: at.clone(),
        ..Finding::new(problem.severity, problem.fact.as_ref())
    };
    problems.into_iter().map(finding).collect()
}

fn note(what: &str, file: &SourceFile, lines: &Lines<'_>, span: &Range<usize>) -> String {
    let at = lines.position(span);
    format!("{what}: {}:{}:{}", file.name, at.line, at.column)
}

fn site(file: &SourceFile, lines: &Lines<'_>, span: &Range<usize>) -> Site {
    let excerpt = Some(lines.excerpt(span));
    Site { file: file.name.clone(), position: lines.position(span), excerpt }
}
