//! Diagnostics for people and for programs.

mod github;
mod human;
mod json;
mod sarif;
mod source;

use std::cell::RefCell;
use std::error::Error;
use std::io::Write as _;

use anstream::{AutoStream, ColorChoice};
use ecrane_core::{Explain, HELP_LIMIT, MESSAGE_LIMIT, Severity, shortened};

pub(crate) use ecrane_core::visible as escape;
pub(crate) use human::{SHOWN, number};
pub(crate) use source::{Excerpt, Lines, Position};

use crate::args::MessageFormat;
use crate::exit::Exit;

/// A diagnostic: a problem with everything that is needed to display it.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    /// The severity.
    pub(crate) severity: Severity,
    /// The stable code.
    pub(crate) code: &'static str,
    /// The message, on one line.
    pub(crate) message: String,
    /// The help.
    pub(crate) help: Option<String>,
    /// Additional notes for people.
    pub(crate) notes: Vec<String>,
    /// The likely intended spelling.
    pub(crate) suggestion: Option<String>,
    /// The place in the input, as a JSON pointer.
    pub(crate) pointer: Option<String>,
    /// The location in a file.
    pub(crate) site: Option<Site>,
}

/// A location in a file.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    /// The file, as the user names it.
    pub(crate) file: String,
    /// The range.
    pub(crate) position: Position,
    /// The source lines to display, of the findings that are displayed to people.
    pub(crate) excerpt: Option<Excerpt>,
}

impl Finding {
    /// An error without a location.
    pub(crate) fn error(fact: &dyn Explain) -> Self {
        Self::new(Severity::Error, fact)
    }

    /// A diagnostic without a location.
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
            message: escape(&shortened(&message, MESSAGE_LIMIT)),
            help: fact.help().map(|help| escape(&shortened(&help, HELP_LIMIT))),
            notes: Vec::new(),
            suggestion: fact.suggestion().map(|word| escape(&shortened(word, MESSAGE_LIMIT))),
            pointer: None,
            site: None,
        }
    }
}

/// The number of problems of each severity.
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

/// A finding, and the file that the command is about.
#[derive(Debug, Clone)]
struct Reported {
    finding: Finding,
    subject: Option<String>,
}

/// What a run has reported, for what is written at its end.
#[derive(Debug, Default)]
pub(crate) struct Report(RefCell<Vec<Reported>>);

/// Reports diagnostics on stderr.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reporter<'r> {
    format: MessageFormat,
    color: ColorChoice,
    report: &'r Report,
}

impl<'r> Reporter<'r> {
    pub(crate) fn new(format: MessageFormat, color: ColorChoice, report: &'r Report) -> Self {
        Self { format, color, report }
    }

    /// When to color.
    pub(crate) fn color(self) -> ColorChoice {
        self.color
    }

    /// Reports all findings, errors first, with a summary.
    pub(crate) fn report(self, mut findings: Vec<Finding>, subject: Option<&str>) {
        // The sort is stable, so each kind keeps the order of the input.
        findings.sort_by_key(|finding| finding.severity);
        match self.format {
            MessageFormat::Human => self.print(&human::render(&findings, subject)),
            MessageFormat::Json => self.print(&json::render(&findings)),
            MessageFormat::Github => self.print(&github::render(&findings)),
            MessageFormat::Sarif => {}
        }
        let subject = subject.map(str::to_owned);
        let reported =
            findings.into_iter().map(|finding| Reported { finding, subject: subject.clone() });
        self.report.0.borrow_mut().extend(reported);
    }

    /// Reports success to people; programs read the exit status.
    pub(crate) fn say(self, text: &str) {
        if self.format == MessageFormat::Human {
            self.print(&format!("{text}\n"));
        }
    }

    /// Writes what can only be written when all findings are known.
    pub(crate) fn finish(self, exit: Exit) {
        match self.format {
            MessageFormat::Sarif => self.print(&sarif::render(&self.report.0.borrow(), exit)),
            MessageFormat::Human => self.print(&human::footer(&self.report.0.borrow())),
            MessageFormat::Json | MessageFormat::Github => {}
        }
    }

    fn print(self, text: &str) {
        let mut stderr = AutoStream::new(std::io::stderr().lock(), self.color);
        // There is no other stream to report the error on.
        let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "stacks:\n  Registry:\n    repositories:\n      App:\n        imageScanOnPsh: true\n";

    /// A misspelt key, an error without a place, and a warning.
    fn findings() -> Vec<Finding> {
        let lines = Lines::new(TEXT);
        let start = TEXT.find("imageScan").unwrap();
        let span = start..start + "imageScanOnPsh".len();
        let mut warning = finding(Severity::Warning, "repository::no_lifecycle");
        warning.help = None;
        warning.suggestion = None;
        let mut misspelt = finding(Severity::Error, "config::unknown_key");
        misspelt.pointer = Some("/stacks/Registry/repositories/App/imageScanOnPsh".to_owned());
        misspelt.site = Some(Site {
            file: "dir,x/ecrane.yaml".to_owned(),
            position: lines.position(&span),
            excerpt: Some(lines.excerpt(&span)),
        });
        vec![warning, misspelt, finding(Severity::Error, "config::unknown_key")]
    }

    fn finding(severity: Severity, code: &'static str) -> Finding {
        Finding {
            severity,
            code,
            message: "unknown key `imageScanOnPsh`, 100% wrong".to_owned(),
            help: Some("see the schema".to_owned()),
            notes: Vec::new(),
            suggestion: Some("imageScanOnPush".to_owned()),
            pointer: None,
            site: None,
        }
    }

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn for_people() {
        let mut findings = findings();
        findings.sort_by_key(|finding| finding.severity);
        assert_eq!(
            plain(&human::render(&findings, Some("ecrane.yaml"))),
            "\
error[config::unknown_key]: unknown key `imageScanOnPsh`, 100% wrong
 --> dir,x/ecrane.yaml:5:9
  |
3 |     repositories:
4 |       App:
5 |         imageScanOnPsh: true
  |         ^^^^^^^^^^^^^^ did you mean `imageScanOnPush`?
  |
  = help: see the schema

error[config::unknown_key]: unknown key `imageScanOnPsh`, 100% wrong
 |
 = help: did you mean `imageScanOnPush`?
 = help: see the schema

warning[repository::no_lifecycle]: unknown key `imageScanOnPsh`, 100% wrong

error: 2 problems and 1 warning in ecrane.yaml
"
        );
    }

    #[test]
    fn tells_the_true_column_of_a_cut_line() {
        let text = format!("\n{}imageScanOnPsh{}\n", "ä ".repeat(30_000), " x".repeat(30_000));
        let start = text.find("imageScan").unwrap();
        let lines = Lines::new(&text);
        let mut findings = findings();
        let site = findings[1].site.as_mut().unwrap();
        site.position = lines.position(&(start..start + 14));
        site.excerpt = Some(lines.excerpt(&(start..start + 14)));
        let text = plain(&human::render(&findings[1..2], None));
        assert!(text.contains("ecrane.yaml:2:60001\n"), "{text}");
        assert!(text.contains("^^^^^^^^^^^^^^ did you mean"), "{text}");
        assert!(text.len() < 1000, "{text}");
    }

    #[test]
    fn stops_after_the_first_dozens() {
        let many = vec![finding(Severity::Error, "a::b"); 1234];
        let text = plain(&human::render(&many, Some("ecrane.yaml")));
        assert_eq!(text.matches("error[a::b]").count(), 50);
        let last = text.lines().last();
        assert_eq!(
            last,
            Some("error: 1234 problems in ecrane.yaml, of which the first 50 are shown")
        );
    }

    #[test]
    fn for_programs() {
        let text = json::render(&findings());
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(
            lines[1],
            serde_json::json!({
                "code": "config::unknown_key",
                "severity": "error",
                "message": "unknown key `imageScanOnPsh`, 100% wrong",
                "file": "dir,x/ecrane.yaml",
                "line": 5,
                "column": 9,
                "endLine": 5,
                "endColumn": 23,
                "help": "see the schema",
                "suggestion": "imageScanOnPush",
                "pointer": "/stacks/Registry/repositories/App/imageScanOnPsh"
            })
        );
        assert_eq!(lines[0]["severity"], "warning");
        assert_eq!(lines[0]["file"], serde_json::Value::Null);
    }

    #[test]
    fn for_github() {
        assert_eq!(
            github::render(&findings()[..2]),
            "::warning title=repository%3A%3Ano_lifecycle::unknown key `imageScanOnPsh`, 100%25 wrong\n\
             ::error file=dir%2Cx/ecrane.yaml,line=5,endLine=5,col=9,endColumn=23,\
             title=config%3A%3Aunknown_key::unknown key `imageScanOnPsh`, 100%25 wrong\
             %0Adid you mean `imageScanOnPush`?%0Ahelp: see the schema\n"
        );
    }
}
