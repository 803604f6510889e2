//! What is wrong, told to people and to programs.

mod github;
mod human;
mod json;
mod source;

use std::error::Error;
use std::io::Write as _;

use anstream::{AutoStream, ColorChoice};
use ecrane_core::{Explain, Severity};

pub(crate) use source::{Excerpt, Lines, Position};

use crate::args::MessageFormat;
use source::escape;

/// Something to tell: a problem with everything needed to show it.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    /// Whether it stops the work.
    pub(crate) severity: Severity,
    /// Its stable name.
    pub(crate) code: &'static str,
    /// What it is, and why, on one line.
    pub(crate) message: String,
    /// The next step.
    pub(crate) help: Option<String>,
    /// The likely spelling.
    pub(crate) suggestion: Option<String>,
    /// Where it stands in the input, as a JSON pointer.
    pub(crate) pointer: Option<String>,
    /// Where it stands in a file.
    pub(crate) site: Option<Site>,
}

/// Where in a file something stands.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    /// The file, as the user would name it.
    pub(crate) file: String,
    /// The range that is meant.
    pub(crate) position: Position,
    /// The lines to show.
    pub(crate) excerpt: Excerpt,
}

impl Finding {
    /// A fact that stops the work and stands in no file.
    pub(crate) fn error(fact: &dyn Explain) -> Self {
        Self::new(Severity::Error, fact)
    }

    /// A fact without a place.
    pub(crate) fn new(severity: Severity, fact: &dyn Explain) -> Self {
        let mut message = fact.to_string();
        let mut cause: Option<&dyn Error> = fact.source();
        while let Some(error) = cause {
            message.push_str(": ");
            message.push_str(&error.to_string());
            cause = error.source();
        }
        Self {
            severity,
            code: fact.code(),
            message: escape(&message),
            help: fact.help().as_deref().map(escape),
            suggestion: fact.suggestion().map(escape),
            pointer: None,
            site: None,
        }
    }
}

/// How many problems of each kind there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
}

impl Count {
    fn of(findings: &[Finding]) -> Self {
        let errors = findings.iter().filter(|f| f.severity == Severity::Error).count();
        Self { errors, warnings: findings.len() - errors }
    }
}

/// Tells people and programs what happens, on stderr.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reporter {
    format: MessageFormat,
    color: ColorChoice,
}

impl Reporter {
    pub(crate) fn new(format: MessageFormat, color: ColorChoice) -> Self {
        Self { format, color }
    }

    /// Tells everything that was found, errors first, and sums it up.
    pub(crate) fn report(&self, mut findings: Vec<Finding>, subject: Option<&str>) {
        // The sort is stable, so each kind keeps the order of the input.
        findings.sort_by_key(|finding| finding.severity);
        self.print(&match self.format {
            MessageFormat::Human => human::render(&findings, subject),
            MessageFormat::Json => json::render(&findings),
            MessageFormat::Github => github::render(&findings),
        });
    }

    /// Tells a person how it went; programs see the exit status.
    pub(crate) fn say(&self, text: &str) {
        if self.format == MessageFormat::Human {
            self.print(&format!("{text}\n"));
        }
    }

    fn print(&self, text: &str) {
        let mut stderr = AutoStream::new(std::io::stderr().lock(), self.color);
        // There is nowhere left to complain to.
        let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
    }
}
