//! Errors and warnings about an input, as data.
//!
//! A problem is a fact with typed fields ([`Explain`]) and a [`Place`]. This module has no files,
//! lines or colors: the config loader maps a place to a source span, and the command line renders
//! both as text.

use std::fmt;
use std::sync::Arc;

use crate::place::Place;
use crate::shorten::{HELP_LIMIT, MESSAGE_LIMIT, shortened};

/// A fact about the input: an error or a warning.
///
/// `Display` gives one line: lower case, no full stop, user input in backticks.
pub trait Explain: std::error::Error + Send + Sync + 'static {
    /// The stable code of the fact, `area::name`.
    fn code(&self) -> &'static str;

    /// How to fix the problem, if known.
    fn help(&self) -> Option<String> {
        None
    }

    /// The likely intended word, if the input looks like a typo.
    fn suggestion(&self) -> Option<&str> {
        None
    }

    /// A related place and its label.
    fn related(&self) -> Option<(&Place, &'static str)> {
        None
    }

    /// Whether the fact depends on a value that is missing, or on its default. It may then follow
    /// from another problem: the value is there, but cannot be read.
    fn depends_on_defaults(&self) -> bool {
        false
    }
}

/// Whether a problem prevents rendering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The input is invalid. No files are written.
    Error,
    /// The input is valid and files are written, but the result may be unintended.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// A fact about the input, with its place and severity.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The place in the input.
    pub place: Place,
    /// The severity.
    pub severity: Severity,
    /// The fact.
    pub fact: Arc<dyn Explain>,
}

impl Problem {
    /// Creates an error.
    pub fn error(place: Place, fact: impl Explain) -> Self {
        Self { place, severity: Severity::Error, fact: Arc::new(fact) }
    }

    /// Formats the problem for a tool that prints text unchanged, such as the CLIs of the AWS CDK
    /// and CDKTF: the message and the code, then the help on a separate line.
    pub fn annotation(&self) -> String {
        let message = self.fact.to_string();
        let text = format!("{} [{}]", shortened(&message, MESSAGE_LIMIT), self.fact.code());
        match self.fact.help() {
            Some(help) => format!("{text}\nhelp: {}", shortened(&help, HELP_LIMIT)),
            None => text,
        }
    }

    /// Creates a warning.
    pub fn warning(place: Place, fact: impl Explain) -> Self {
        Self { place, severity: Severity::Warning, fact: Arc::new(fact) }
    }
}

/// The problems of an invalid input. At least one of them is an error.
#[derive(Debug, Clone)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Returns `Err` with all problems if at least one is an error, otherwise `Ok` with the
    /// warnings.
    ///
    /// # Errors
    /// If at least one of the problems is an error.
    pub fn check(problems: Vec<Problem>) -> Result<Vec<Problem>, Self> {
        if problems.iter().any(|p| p.severity == Severity::Error) {
            Err(Self(problems))
        } else {
            Ok(problems)
        }
    }

    /// The problems, in the order of the input.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }
}

impl From<Problem> for Problems {
    /// Converts one problem. Its severity becomes [`Severity::Error`].
    fn from(mut problem: Problem) -> Self {
        problem.severity = Severity::Error;
        Self(vec![problem])
    }
}

impl IntoIterator for Problems {
    type Item = Problem;
    type IntoIter = std::vec::IntoIter<Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Formats the problem as the command line prints it: `error[code]: message`, the place, the help.
/// What is longer than some kilobytes is shortened.
///
/// ```
/// use ecrane_document::{Explain, Place, Problem};
///
/// #[derive(Debug)]
/// struct NoBackend;
///
/// impl std::fmt::Display for NoBackend {
///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
///         f.write_str("missing backend")
///     }
/// }
///
/// impl std::error::Error for NoBackend {}
///
/// impl Explain for NoBackend {
///     fn code(&self) -> &'static str {
///         "example::no_backend"
///     }
///
///     fn help(&self) -> Option<String> {
///         Some("add `backend: terraform`".to_owned())
///     }
/// }
///
/// let problem = Problem::error(Place::default().key("stacks").key("Shop"), NoBackend);
/// assert_eq!(
///     problem.to_string(),
///     "error[example::no_backend]: missing backend\n  --> /stacks/Shop\n  = help: add `backend: terraform`"
/// );
/// ```
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, severity, fact } = self;
        let line = |text: String| shortened(&text, MESSAGE_LIMIT).into_owned();
        write!(f, "{severity}[{}]: {}", fact.code(), line(fact.to_string()))?;
        if place.last().is_some() {
            write!(f, "\n  --> {}", line(place.to_string()))?;
        }
        if let Some(suggestion) = fact.suggestion() {
            write!(f, "\n  = help: did you mean `{}`?", shortened(suggestion, MESSAGE_LIMIT))?;
        }
        if let Some(help) = fact.help() {
            write!(f, "\n  = help: {}", shortened(&help, HELP_LIMIT))?;
        }
        Ok(())
    }
}

impl fmt::Display for Problems {
    /// Formats the problems, separated by blank lines.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
