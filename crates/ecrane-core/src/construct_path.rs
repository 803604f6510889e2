//! Construct paths, and the ids derived from them.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use md5::{Digest, Md5};
use sha1::Sha1;
use thiserror::Error;

use ecrane_document::Explain;

/// The path of a construct within its stack: the ids of its scopes and its own id.
///
/// A construct id can be a path (`Service/App`), where every part except the last is a scope.
///
/// ```
/// use ecrane_core::ConstructPath;
///
/// let path = ConstructPath::try_from("Repo")?;
/// assert_eq!(path.child("Resource").logical_id(), "Repo02AC86CF");
/// # Ok::<(), ecrane_core::ConstructPathError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ConstructPath(Arc<str>);

/// The maximum number of parts of a construct id.
const MAX_PARTS: usize = 64;

impl ConstructPath {
    /// The ids, outermost first.
    ///
    /// ```
    /// use ecrane_core::ConstructPath;
    ///
    /// let path = ConstructPath::try_from("Service/App")?;
    /// assert!(path.components().eq(["Service", "App"]));
    /// # Ok::<(), ecrane_core::ConstructPathError>(())
    /// ```
    pub fn components(&self) -> impl DoubleEndedIterator<Item = &str> + Clone {
        self.0.split('/')
    }

    /// The ids, with `/` between them.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The ids, with `/` between them, without a copy.
    pub fn to_shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }

    /// Parses the construct id of an input, whose number of parts is bounded: paths are kept for each
    /// scope.
    ///
    /// # Errors
    /// If a part is empty, or the id has more than 64 parts.
    pub fn of_id(id: &str) -> Result<Self, ConstructPathError> {
        let parts = id.split('/').count();
        if parts > MAX_PARTS {
            return Err(ConstructPathError::TooDeep { parts });
        }
        Self::try_from(id)
    }

    /// Creates the path of a construct directly in its stack. Slashes in the id are replaced.
    pub fn top(id: &str) -> Self {
        Self(without_slashes(id).into())
    }

    /// Returns the path of a child construct. Slashes in the id are replaced.
    #[must_use]
    pub fn child(&self, id: &str) -> Self {
        Self(format!("{}/{}", self.0, without_slashes(id)).into())
    }

    /// Whether no id can be derived from the path: `Default` is left out of derived ids.
    pub(crate) fn is_default(&self) -> bool {
        self.components().all(|component| component == HIDDEN)
    }

    /// The logical id that the AWS CDK generates for a resource with this path.
    pub fn logical_id(&self) -> String {
        unique_id(self.components(), &LOGICAL_ID)
    }

    /// The unique id that CDKTF and CDK Terrain generate for an element with this path.
    ///
    /// It is not always a valid Terraform name, which must start with a letter or `_`.
    pub fn cdktf_id(&self) -> String {
        unique_id(self.components(), &CDKTF_ID)
    }

    /// CDK's `Names.uniqueId`: like the logical id, but including the stack id.
    pub fn unique_id(&self, stack: &str) -> String {
        unique_id(std::iter::once(stack).chain(self.components()), &LOGICAL_ID)
    }

    /// CDK's `node.addr`: `c8` and the SHA-1 of the ids from the app (whose own id is empty) down.
    pub fn address(&self, stack: &str) -> String {
        let mut hash = Sha1::new();
        let ids = ["", stack].into_iter().chain(self.components());
        for id in ids.filter(|id| *id != HIDDEN) {
            hash.update(id.as_bytes());
            hash.update(b"\n");
        }
        let mut address = String::from("c8");
        hex(&mut address, &hash.finalize());
        address
    }
}

fn without_slashes(id: &str) -> Cow<'_, str> {
    if id.contains('/') { id.replace('/', "--").into() } else { id.into() }
}

impl TryFrom<&str> for ConstructPath {
    type Error = ConstructPathError;

    fn try_from(id: &str) -> Result<Self, Self::Error> {
        if id.split('/').any(str::is_empty) {
            return Err(ConstructPathError::Empty { id: id.to_owned() });
        }
        Ok(Self(id.into()))
    }
}

impl PartialOrd for ConstructPath {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ConstructPath {
    /// By the ids, outermost first.
    fn cmp(&self, other: &Self) -> Ordering {
        self.components().cmp(other.components())
    }
}

impl fmt::Display for ConstructPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An error when parsing a construct id.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ConstructPathError {
    /// A part between slashes is empty.
    #[error("construct id `{id}` has an empty part")]
    Empty {
        /// The invalid id.
        id: String,
    },
    /// The id has more scopes than the bound.
    #[error("construct id has {parts} parts, the maximum is {MAX_PARTS}")]
    TooDeep {
        /// The number of parts.
        parts: usize,
    },
}

impl Explain for ConstructPathError {
    fn code(&self) -> &'static str {
        match self {
            Self::Empty { .. } => "construct::id_empty_part",
            Self::TooDeep { .. } => "construct::id_too_deep",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Empty { .. } => {
                "use letters and digits, with a single `/` between scopes".to_owned()
            }
            Self::TooDeep { .. } => "use fewer scopes".to_owned(),
        })
    }
}

/// The component that is omitted from every derived id.
const HIDDEN: &str = "Default";
/// The component that is omitted from the readable part, but included in the hash.
const HIDDEN_FROM_HUMANS: &str = "Resource";
const MAX_HUMAN: usize = 240;

struct IdStyle {
    allowed: fn(char) -> bool,
    separator: &'static str,
}

const LOGICAL_ID: IdStyle = IdStyle { allowed: |c| c.is_ascii_alphanumeric(), separator: "" };
const CDKTF_ID: IdStyle =
    IdStyle { allowed: |c| c.is_ascii_alphanumeric() || c == '_' || c == '-', separator: "_" };

/// The algorithm of aws-cdk-lib's `makeUniqueId`, which CDKTF shares: a readable part of the path
/// and a hash of the full path.
fn unique_id<'a>(components: impl Iterator<Item = &'a str> + Clone, style: &IdStyle) -> String {
    let components = components.filter(|component| *component != HIDDEN);
    let strip = |text: &'a str| text.chars().filter(|c| (style.allowed)(*c));
    let mut first = components.clone();
    if let (Some(only), None) = (first.next(), first.next()) {
        let stripped: String = strip(only).collect();
        if stripped.len() <= 255 {
            return stripped;
        }
    }
    let (mut id, mut hash) = (String::new(), Md5::new());
    let (mut before, mut is_first_kept) = (None::<&str>, true);
    for (index, component) in components.enumerate() {
        hash.update(if index > 0 { "/" } else { "" });
        hash.update(component);
        // A component that repeats the end of the previous one is omitted.
        if before.is_some_and(|before| before.ends_with(component)) {
            continue;
        }
        before = Some(component);
        if component != HIDDEN_FROM_HUMANS {
            id.push_str(if is_first_kept { "" } else { style.separator });
            id.extend(strip(component));
            is_first_kept = false;
        }
    }
    // All that is left is ASCII.
    id.truncate(MAX_HUMAN);
    id.push_str(style.separator);
    let at = id.len();
    hex(&mut id, hash.finalize().get(..4).unwrap_or_default());
    if let Some(hash) = id.get_mut(at..) {
        hash.make_ascii_uppercase();
    }
    id
}

fn hex(text: &mut String, bytes: &[u8]) {
    use fmt::Write as _;
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
}
