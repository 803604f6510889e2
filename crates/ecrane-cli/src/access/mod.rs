//! `ecrane access`: who can do what with the repositories, and why.

mod answer;
mod data;
pub(crate) mod error;
mod table;

use ecrane::access::{Context, Matrix, Permissions, Query};
use ecrane_config::{Document, SourceFile};
use ecrane_core::Place;

use crate::args::{AccessArgs, AccessFormat};
use crate::diagnostics::{Finding, Lines, Reporter};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::Input;
use crate::locate::locate;
use crate::principals::known_as;
use crate::print::print_by;
use error::AccessError;

/// Answers a query, or prints the matrix.
pub(crate) fn run(args: &AccessArgs, reporter: Reporter<'_>) -> Result<(), Failure> {
    let query = query(args).map_err(|error| Failure::one(Exit::Usage, &error))?;
    let input = Input::load(args.config.config.as_deref())?;
    let places = Places::new(&input.document);
    if let Some(mut query) = query {
        query.principal = known_as(&input.config, &query.principal);
        let permissions = Permissions::new(&input.graph);
        let decision = permissions.decide(&query).map_err(|error| Failure {
            exit: Exit::Refused,
            findings: vec![Finding::error(&error)],
            subject: Some(input.name.clone()),
        })?;
        return print_by(|out| match args.format {
            AccessFormat::Json => answer::json(out, &decision, &places),
            AccessFormat::Table | AccessFormat::Csv | AccessFormat::Markdown => {
                answer::text(out, &query, &decision, &places)
            }
        });
    }
    let matrix = Matrix::new(&input.graph);
    print_by(|out| match args.format {
        AccessFormat::Table => table::text(out, &matrix, &places),
        AccessFormat::Markdown => table::markdown(out, &matrix),
        AccessFormat::Json => data::json(out, &matrix, &places),
        AccessFormat::Csv => data::csv(out, &matrix),
    })?;
    let warnings = matrix.warnings();
    if !warnings.is_empty() {
        reporter.report(locate(&input.document, &warnings), Some(&input.name));
    }
    Ok(())
}

/// The query, if the arguments form one.
fn query(args: &AccessArgs) -> Result<Option<Query>, AccessError> {
    let (Some(principal), Some(action)) = (&args.principal, &args.action) else { return Ok(None) };
    if matches!(args.format, AccessFormat::Csv | AccessFormat::Markdown) {
        return Err(AccessError::FormatOfMatrix);
    }
    let mut context = Context::default();
    for text in &args.context {
        match text.split_once('=') {
            Some((key, value)) if !key.is_empty() => context.add(key, value),
            _ => return Err(AccessError::NoValue { text: text.clone() }),
        }
    }
    Ok(Some(Query {
        principal: principal.clone(),
        action: action.clone(),
        repository: args.repository.clone(),
        context,
        assume_identity_allows: args.assume_identity_allows,
    }))
}

/// Finds the lines of places in the files of a config.
struct Places<'d> {
    document: &'d Document,
    files: Vec<(&'d SourceFile, Lines<'d>)>,
}

/// A line of a file.
struct At<'d> {
    file: &'d str,
    line: usize,
    column: usize,
}

impl<'d> Places<'d> {
    fn new(document: &'d Document) -> Self {
        // Finding the lines of a file takes longer than finding one place in them.
        let files = document.files().iter().map(|file| (file, Lines::new(&file.text))).collect();
        Self { document, files }
    }

    fn at(&self, place: &Place) -> Option<At<'d>> {
        let location = self.document.locate(place)?;
        let (file, lines) = self.files.get(location.file)?;
        let position = lines.position(&location.span);
        Some(At { file: &file.name, line: position.line, column: position.column })
    }

    /// The place as `file:line:column`.
    fn text(&self, place: &Place) -> Option<String> {
        self.at(place).map(|At { file, line, column }| format!("{file}:{line}:{column}"))
    }

    /// The place as an object.
    fn json(&self, place: &Place) -> serde_json::Value {
        let at = self.at(place);
        serde_json::json!({
            "file": at.as_ref().map(|at| at.file),
            "line": at.as_ref().map(|at| at.line),
            "column": at.as_ref().map(|at| at.column),
            "pointer": place.to_string(),
        })
    }
}
