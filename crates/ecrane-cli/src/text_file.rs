//! Input files other than configs, or stdin in place of one.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use ecrane_config::{Document, Format, LoadError, read_text};
use ecrane_core::{MESSAGE_LIMIT, Problem, Step, shortened};

use crate::diagnostics::{Finding, Lines, Site};
use crate::failure::Failure;
use crate::huge_pages;
use crate::input::load_exit;
use crate::locate::{locate, locate_load_error, locate_syntax_error};

/// The maximum size of a text in which problems get lines: the tree that contains them takes many
/// times the memory of the text.
const SMALL: usize = 16 << 20;

/// A text and its name in diagnostics.
#[derive(Debug)]
pub(crate) struct TextFile {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// Whether a path stands for stdin.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

impl TextFile {
    /// Reads a file, or stdin for `-`.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        huge_pages::accept_for(path);
        let name = if is_stdin(path) { "stdin".to_owned() } else { path.display().to_string() };
        let read = read(path, &name);
        Self::of(name, read)
    }

    /// Reads a config from a pipe, or from stdin for `-`. Its size has a limit.
    pub(crate) fn read_config(path: &Path) -> Result<Self, Failure> {
        if is_stdin(path) {
            let read = read_text("stdin".as_ref(), std::io::stdin().lock());
            return Self::of("stdin".to_owned(), read);
        }
        let read = File::open(path)
            .map_err(|source| LoadError::Unreadable { path: path.to_owned(), source })
            .and_then(|file| read_text(path, file));
        Self::of(path.display().to_string(), read)
    }

    fn of(name: String, read: Result<String, LoadError>) -> Result<Self, Failure> {
        read.map(|text| Self { name, text }).map_err(|error| Failure {
            exit: load_exit(&error),
            findings: vec![locate_load_error(&error)],
            subject: None,
        })
    }

    /// The problems of the file, with their lines.
    pub(crate) fn locate(&self, problems: &[Problem]) -> Vec<Finding> {
        if problems.is_empty() {
            return Vec::new();
        }
        if self.text.len() <= SMALL {
            return match Document::parse(&self.name, Format::Json, &self.text) {
                Ok(document) => locate(&document, problems),
                Err(error) => locate_syntax_error(&error, problems),
            };
        }
        problems.iter().map(|problem| self.elsewhere(problem)).collect()
    }

    /// The problems of a file of one or several JSON documents, or of lines: the place of a problem
    /// begins with the number of the document after the first, or is that of the line.
    pub(crate) fn locate_in_parts(&self, problems: &[Problem]) -> Vec<Finding> {
        let is_json = self.text.trim_ascii_start().starts_with(['{', '[']);
        if !is_json {
            return problems.iter().map(|problem| self.in_line(problem)).collect();
        }
        // A text that is not one document may be several.
        if self.text.len() <= SMALL
            && let Ok(document) = Document::parse(&self.name, Format::Json, &self.text)
        {
            return locate(&document, problems);
        }
        problems.iter().map(|problem| self.elsewhere(problem)).collect()
    }

    fn in_line(&self, problem: &Problem) -> Finding {
        let mut finding = self.elsewhere(problem);
        let Some(Step::Index(line)) = problem.place.steps().first().copied() else {
            return finding;
        };
        let mut offset = 0;
        for (number, text) in self.text.split_inclusive('\n').enumerate() {
            if number == *line {
                let span = offset..offset + text.trim_end().len();
                let lines = Lines::new(&self.text);
                let (position, excerpt) = (lines.position(&span), lines.excerpt(&span));
                let (file, excerpt) = (self.name.clone(), Some(excerpt));
                finding.site = Some(Site { file, position, excerpt });
                finding.notes.clear();
                break;
            }
            offset += text.len();
        }
        finding
    }

    /// A problem without a line.
    fn elsewhere(&self, problem: &Problem) -> Finding {
        let pointer = problem.place.to_string();
        let mut finding = Finding::new(problem.severity, problem.fact.as_ref());
        finding.notes.push(match pointer.as_str() {
            "" => format!("in {}", self.name),
            pointer => format!("at {} in {}", shortened(pointer, MESSAGE_LIMIT), self.name),
        });
        finding.pointer = Some(pointer);
        finding
    }
}

fn read(path: &Path, name: &str) -> Result<String, LoadError> {
    let read = if is_stdin(path) {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    let bytes = read.map_err(|source| {
        let path = name.into();
        if source.kind() == ErrorKind::NotFound {
            LoadError::Missing { path }
        } else {
            LoadError::Unreadable { path, source }
        }
    })?;
    String::from_utf8(bytes).map_err(|error| LoadError::NotUtf8 {
        path: name.into(),
        offset: error.utf8_error().valid_up_to(),
    })
}
