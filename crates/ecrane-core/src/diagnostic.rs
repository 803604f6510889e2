//! What is wrong with an input, as data.
//!
//! A problem is a fact with typed fields ([`Explain`]) and a [`Place`]. Nothing here knows files,
//! lines or colours: the config loader turns a place into a span, and only the command line turns
//! both into text.

use std::fmt;
use std::sync::Arc;

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

/// A step from a node of the input to one below it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Into a map.
    Key(Arc<str>),
    /// Into a list, from 0.
    Index(usize),
}

/// Where in the input something stands: the steps from its top.
///
/// A graph that is built through the API has no file; its places are those that the same graph
/// would have in a config, so that both read alike.
///
/// ```
/// use ecrane_core::Place;
///
/// let place = Place::default().key("stacks").key("Registry").key("repositories").key("a/b");
/// assert_eq!(place.to_string(), "/stacks/Registry/repositories/a~1b");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    steps: Vec<Step>,
    on_key: bool,
}

impl Place {
    /// The place below this one, under a key.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.step(Step::Key(key.into()))
    }

    /// The place below this one, in a list, from 0.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.step(Step::Index(index))
    }

    fn step(&self, step: Step) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step);
        Self { steps, on_key: false }
    }

    /// The key that leads here, instead of what stands under it.
    #[must_use]
    pub fn on_key(mut self) -> Self {
        self.on_key = true;
        self
    }

    /// Whether the key is meant, instead of what stands under it.
    pub fn is_on_key(&self) -> bool {
        self.on_key
    }

    /// The place that this one is right below; none for the top.
    pub fn parent(&self) -> Option<Self> {
        let (_, above) = self.steps.split_last()?;
        Some(Self { steps: above.to_vec(), on_key: false })
    }

    /// The steps from the top.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }
}

impl fmt::Display for Place {
    /// A JSON pointer (RFC 6901).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            match step {
                Step::Key(key) => write!(f, "/{}", key.replace('~', "~0").replace('/', "~1"))?,
                Step::Index(index) => write!(f, "/{index}")?,
            }
        }
        Ok(())
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
    ///
    /// ```
    /// use ecrane_core::{AccountId, Place, Problem};
    ///
    /// let fact = AccountId::try_from("x").unwrap_err();
    /// let problem = Problem::warning(Place::default(), fact);
    /// assert!(problem.annotation().starts_with("`x` is not an account id [account::id_malformed]"));
    /// ```
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

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{}: {} [{}]", problem.place, problem.fact, problem.fact.code())?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
