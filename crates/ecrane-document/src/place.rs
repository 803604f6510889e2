//! Places in the input.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
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
/// Cheap to clone and to extend: places share the steps that they have in common.
///
/// ```
/// use ecrane_document::Place;
///
/// let place = Place::default().key("stacks").key("Registry").key("repositories").key("a/b");
/// assert_eq!(place.to_string(), "/stacks/Registry/repositories/a~1b");
/// ```
#[derive(Clone, Default)]
pub struct Place {
    last: Option<Arc<Link>>,
    on_key: bool,
}

/// A step, and those before it.
struct Link {
    step: Step,
    before: Option<Arc<Self>>,
    /// The number of steps from the root.
    depth: usize,
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
        let link = Link { step, before: self.last.clone(), depth: self.depth() + 1 };
        Self { last: Some(Arc::new(link)), on_key: false }
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
        let last = self.last.as_ref()?;
        Some(Self { last: last.before.clone(), on_key: false })
    }

    /// The last step, or `None` for the root.
    pub fn last(&self) -> Option<&Step> {
        self.last.as_ref().map(|link| &link.step)
    }

    /// The steps from the root.
    pub fn steps(&self) -> Vec<&Step> {
        let mut steps: Vec<_> = self.links().map(|link| &link.step).collect();
        steps.reverse();
        steps
    }

    /// Whether this is the same value as another place, or a value in it.
    ///
    /// ```
    /// use ecrane_document::Place;
    ///
    /// let stack = Place::default().key("stacks").key("Registry");
    /// assert!(stack.key("tags").on_key().is_within(&stack) && stack.is_within(&stack));
    /// assert!(!stack.is_within(&stack.key("tags")));
    /// ```
    pub fn is_within(&self, other: &Self) -> bool {
        let mut above = self.links().skip(self.depth().saturating_sub(other.depth()));
        are_same(&mut above, &mut other.links())
    }

    fn depth(&self) -> usize {
        self.last.as_ref().map_or(0, |last| last.depth)
    }

    /// The links, from the last to the root.
    fn links(&self) -> impl Iterator<Item = &Arc<Link>> {
        std::iter::successors(self.last.as_ref(), |link| link.before.as_ref())
    }
}

/// Whether links are the same up to the root.
fn are_same<'l>(
    ones: &mut impl Iterator<Item = &'l Arc<Link>>,
    others: &mut impl Iterator<Item = &'l Arc<Link>>,
) -> bool {
    loop {
        match (ones.next(), others.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if Arc::ptr_eq(one, other) => return true,
            (Some(one), Some(other)) if one.depth == other.depth && one.step == other.step => {}
            _ => return false,
        }
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.on_key == other.on_key && are_same(&mut self.links(), &mut other.links())
    }
}

impl Eq for Place {}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Place {
    /// By the steps, from the root.
    fn cmp(&self, other: &Self) -> Ordering {
        self.steps().cmp(&other.steps()).then(self.on_key.cmp(&other.on_key))
    }
}

impl Hash for Place {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for link in self.links() {
            link.step.hash(state);
        }
        self.on_key.hash(state);
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on_key = if self.on_key { ", on its key" } else { "" };
        write!(f, "Place({self}{on_key})")
    }
}

impl fmt::Display for Place {
    /// Formats the place as a JSON Pointer (RFC 6901).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in self.steps() {
            match step {
                Step::Key(key) => write!(f, "/{}", key.replace('~', "~0").replace('/', "~1"))?,
                Step::Index(index) => write!(f, "/{index}")?,
            }
        }
        Ok(())
    }
}
