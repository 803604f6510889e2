//! Places in the input.

use std::fmt;
use std::sync::Arc;

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

    /// The value at this place, instead of the key that leads to it.
    #[must_use]
    pub fn on_value(mut self) -> Self {
        self.on_key = false;
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
