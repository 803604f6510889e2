//! Construct paths, and the ids derived from them.

use std::fmt;

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
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConstructPath(Vec<String>);

/// The maximum number of parts of a construct id.
const MAX_PARTS: usize = 64;

impl ConstructPath {
    /// The ids, outermost first.
    pub fn components(&self) -> &[String] {
        &self.0
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
        Self(vec![id.replace('/', "--")])
    }

    /// Returns the path of a child construct. Slashes in the id are replaced.
    #[must_use]
    pub fn child(&self, id: &str) -> Self {
        let mut components = self.0.clone();
        components.push(id.replace('/', "--"));
        Self(components)
    }

    /// Whether no id can be derived from the path: `Default` is left out of derived ids.
    pub(crate) fn is_default(&self) -> bool {
        self.0.iter().all(|component| component == HIDDEN)
    }

    /// The logical id that the AWS CDK generates for a resource with this path.
    pub fn logical_id(&self) -> String {
        unique_id(self.0.iter().map(String::as_str), &LOGICAL_ID)
    }

    /// The unique id that CDKTF and CDK Terrain generate for an element with this path.
    ///
    /// It is not always a valid Terraform name, which must start with a letter or `_`.
    pub fn cdktf_id(&self) -> String {
        unique_id(self.0.iter().map(String::as_str), &CDKTF_ID)
    }

    /// CDK's `Names.uniqueId`: like the logical id, but including the stack id.
    pub fn unique_id(&self, stack: &str) -> String {
        unique_id(std::iter::once(stack).chain(self.0.iter().map(String::as_str)), &LOGICAL_ID)
    }

    /// CDK's `node.addr`: `c8` and the SHA-1 of the ids from the app (whose own id is empty) down.
    pub fn address(&self, stack: &str) -> String {
        let mut hash = Sha1::new();
        let ids = ["", stack].into_iter().chain(self.0.iter().map(String::as_str));
        for id in ids.filter(|id| *id != HIDDEN) {
            hash.update(id.as_bytes());
            hash.update(b"\n");
        }
        format!("c8{}", hex(&hash.finalize()))
    }
}

impl TryFrom<&str> for ConstructPath {
    type Error = ConstructPathError;

    fn try_from(id: &str) -> Result<Self, Self::Error> {
        let components: Vec<String> = id.split('/').map(str::to_owned).collect();
        if components.iter().any(String::is_empty) {
            return Err(ConstructPathError::Empty { id: id.to_owned() });
        }
        Ok(Self(components))
    }
}

impl fmt::Display for ConstructPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("/"))
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
fn unique_id<'a>(components: impl Iterator<Item = &'a str>, style: &IdStyle) -> String {
    let components: Vec<&str> = components.filter(|c| *c != HIDDEN).collect();
    let strip = |text: &str| text.chars().filter(|c| (style.allowed)(*c)).collect::<String>();
    if let [only] = components.as_slice() {
        let stripped = strip(only);
        if stripped.len() <= 255 {
            return stripped;
        }
    }
    let hash = hex(&Md5::digest(components.join("/").as_bytes()));
    let hash = hash.get(..8).unwrap_or_default().to_uppercase();

    let mut kept: Vec<&str> = Vec::new();
    for component in components {
        // A component that repeats the end of the previous one is omitted.
        if !kept.last().is_some_and(|last| last.ends_with(component)) {
            kept.push(component);
        }
    }
    let human: Vec<String> =
        kept.into_iter().filter(|c| *c != HIDDEN_FROM_HUMANS).map(strip).collect();
    let human: String = human.join(style.separator).chars().take(MAX_HUMAN).collect();
    format!("{human}{}{hash}", style.separator)
}

fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
