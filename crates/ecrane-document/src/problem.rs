//! What is wrong with an input, as data.
//!
//! A problem is a fact with typed fields ([`Explain`]) and a [`Place`]. Nothing here knows files,
//! lines or colours: the config loader turns a place into a span, and only the command line turns
//! both into text.

use std::fmt;
use std::sync::Arc;

use crate::place::Place;

/// A fact about the input: why it is refused, or what the reader should know.
///
/// `Display` gives one line: lower case, no full stop, user input in backticks.
pub trait Explain: std::error::Error + Send + Sync + 'static {
    /// The stable name of the fact, `area::what`.
    fn code(&self) -> &'static str;

    /// The next step, where there is one.
    fn help(&self) -> Option<String> {
        None
    }

    /// The likely spelling, where the input looks like a misspelt word.
    fn suggestion(&self) -> Option<&str> {
        None
    }

    /// Another place that belongs to it, and what that is.
    fn related(&self) -> Option<(&Place, &'static str)> {
        None
    }
}

/// Whether a problem stops the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is rendered.
    Error,
    /// It is rendered, and the reader should know.
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

/// A fact about the input, where it stands, and whether it stops the work.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Where it stands.
    pub place: Place,
    /// Whether it stops the work.
    pub severity: Severity,
    /// What it is.
    pub fact: Arc<dyn Explain>,
}

impl Problem {
    /// A problem that stops the work.
    pub fn error(place: Place, fact: impl Explain) -> Self {
        Self { place, severity: Severity::Error, fact: Arc::new(fact) }
    }

    /// The problem as text for a tool that shows it as it is, such as the CLIs of the AWS CDK and of
    /// CDKTF: the fact, its code, and the next step in a line of its own.
    pub fn annotation(&self) -> String {
        let text = format!("{} [{}]", self.fact, self.fact.code());
        match self.fact.help() {
            Some(help) => format!("{text}\nhelp: {help}"),
            None => text,
        }
    }

    /// A problem that the reader should know of.
    pub fn warning(place: Place, fact: impl Explain) -> Self {
        Self { place, severity: Severity::Warning, fact: Arc::new(fact) }
    }
}

/// The problems of an input that cannot be used: at least one of them is an error.
#[derive(Debug, Clone)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// `Err` with all the problems when one of them is an error, else `Ok` with the warnings.
    ///
    /// # Errors
    /// When one of the problems is an error.
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
    /// One problem that stops the work.
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

/// As the command line prints it: `error[code]: message`, the place, and the help.
///
/// ```
/// use ecrane_document::{Explain, Place, Problem};
///
/// #[derive(Debug)]
/// struct NoBackend;
///
/// impl std::fmt::Display for NoBackend {
///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
///         f.write_str("no backend is named")
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
///     "error[example::no_backend]: no backend is named\n  --> /stacks/Shop\n  = help: add `backend: terraform`"
/// );
/// ```
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, severity, fact } = self;
        write!(f, "{severity}[{}]: {fact}", fact.code())?;
        if !place.steps().is_empty() {
            write!(f, "\n  --> {place}")?;
        }
        if let Some(suggestion) = fact.suggestion() {
            write!(f, "\n  = help: did you mean `{suggestion}`?")?;
        }
        if let Some(help) = fact.help() {
            write!(f, "\n  = help: {help}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Problems {
    /// The problems, with an empty line between two of them.
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
