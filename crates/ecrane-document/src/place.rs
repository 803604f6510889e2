//! Places in the input.

use std::fmt;
use std::sync::Arc;

/// A step from a value in the input to one of its children.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A key in a map.
    Key(Arc<str>),
    /// An index in a list, starting at 0.
    Index(usize),
}

/// A location in the input: the path from the root of the document to a value.
///
/// A graph that is built through the API has no file. Its places are those that the same graph
/// would have in a config, so that messages are the same for both.
///
/// ```
/// use ecrane_document::Place;
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
    /// Returns the place of a key in this map.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.step(Step::Key(key.into()))
    }

    /// Returns the place of an item in this list. Indexes start at 0.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.step(Step::Index(index))
    }

    fn step(&self, step: Step) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step);
        Self { steps, on_key: false }
    }

    /// Returns the place of the key itself instead of its value.
    #[must_use]
    pub fn on_key(mut self) -> Self {
        self.on_key = true;
        self
    }

    /// Returns the place of the value instead of its key.
    #[must_use]
    pub fn on_value(mut self) -> Self {
        self.on_key = false;
        self
    }

    /// Whether the place refers to the key itself instead of its value.
    pub fn is_on_key(&self) -> bool {
        self.on_key
    }

    /// Returns the parent place, or `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        let (_, above) = self.steps.split_last()?;
        Some(Self { steps: above.to_vec(), on_key: false })
    }

    /// The steps from the root.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }
}

impl fmt::Display for Place {
    /// Formats the place as a JSON Pointer (RFC 6901).
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
