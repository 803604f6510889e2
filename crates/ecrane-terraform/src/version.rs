//! Versions of Terraform and its providers, and version constraints.

use std::fmt;

use ecrane_core::Explain;
use thiserror::Error;

/// A released version: `6.8.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    major: u32,
    minor: u32,
    patch: u32,
}

impl Version {
    /// Creates a version from its numbers.
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, patch }
    }

    /// The first version that is higher than this one.
    const fn next(self) -> Self {
        Self { patch: self.patch.saturating_add(1), ..self }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// A feature that a provider has only had since some version.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Feature {
    pub(crate) name: &'static str,
    pub(crate) since: Version,
}

impl Feature {
    pub(crate) const fn new(name: &'static str, since: Version) -> Self {
        Self { name, since }
    }
}

/// A version constraint in Terraform's syntax: `~> 5.100`, `>= 6.8, < 7`.
///
/// It consists of the text and the range of versions. A single version that `!=` excludes does not
/// change the range.
///
/// ```
/// use ecrane_terraform::{Version, VersionConstraint};
///
/// let pin = VersionConstraint::try_from("~> 5.100")?;
/// assert!(!pin.reaches(Version::new(6, 8, 0)));
/// # Ok::<(), ecrane_terraform::VersionConstraintError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionConstraint {
    text: String,
    lowest: Version,
    /// The first version above the range.
    above: Option<Version>,
}

impl VersionConstraint {
    /// The text of the constraint.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the constraint allows this version or any later version.
    pub fn reaches(&self, version: Version) -> bool {
        self.above.is_none_or(|above| version < above)
    }

    /// Whether the constraint allows no version below this one.
    pub(crate) fn starts_at(&self, version: Version) -> bool {
        version <= self.lowest
    }
}

impl TryFrom<&str> for VersionConstraint {
    type Error = VersionConstraintError;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        let malformed = || VersionConstraintError::Malformed { text: text.to_owned() };
        let mut lowest = Version::new(0, 0, 0);
        let mut above: Option<Version> = None;
        for term in text.split(',') {
            let (from, until) = range(term.trim()).ok_or_else(malformed)?;
            lowest = lowest.max(from);
            above = match (above, until) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
        if above.is_some_and(|above| above <= lowest) {
            return Err(VersionConstraintError::Empty { text: text.to_owned() });
        }
        Ok(Self { text: text.to_owned(), lowest, above })
    }
}

/// The range of one term: its first version, and the first one above it.
fn range(term: &str) -> Option<(Version, Option<Version>)> {
    const OPERATORS: [&str; 7] = ["~>", ">=", "<=", "!=", ">", "<", "="];
    let (operator, number) = OPERATORS
        .iter()
        .find_map(|operator| Some((*operator, term.strip_prefix(operator)?)))
        .unwrap_or(("=", term));
    let segments: Vec<u32> =
        number.trim().split('.').map(|s| s.parse().ok()).collect::<Option<_>>()?;
    let (version, pessimistic) = match *segments.as_slice() {
        [major] => (Version::new(major, 0, 0), Version::new(major.checked_add(1)?, 0, 0)),
        [major, minor] => {
            (Version::new(major, minor, 0), Version::new(major.checked_add(1)?, 0, 0))
        }
        [major, minor, patch] => {
            (Version::new(major, minor, patch), Version::new(major, minor.checked_add(1)?, 0))
        }
        _ => return None,
    };
    let zero = Version::new(0, 0, 0);
    Some(match operator {
        "~>" => (version, Some(pessimistic)),
        ">=" => (version, None),
        "<=" => (zero, Some(version.next())),
        ">" => (version.next(), None),
        "<" => (zero, Some(version)),
        "!=" => (zero, None),
        _ => (version, Some(version.next())),
    })
}

/// An invalid [`VersionConstraint`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum VersionConstraintError {
    /// The text does not have the syntax of a version constraint.
    #[error("`{text}` is not a version constraint")]
    Malformed {
        /// The text as given.
        text: String,
    },
    /// No version satisfies it.
    #[error("no version satisfies `{text}`")]
    Empty {
        /// The text as given.
        text: String,
    },
}

impl Explain for VersionConstraintError {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "terraform::version_constraint_malformed",
            Self::Empty { .. } => "terraform::version_constraint_empty",
        }
    }

    fn help(&self) -> Option<String> {
        Some("use Terraform's syntax, such as `~> 5.100` or `>= 6.8, < 7`".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_a_range() {
        let cases = [
            ("~> 5.100", "5.100.0", Some("6.0.0")),
            ("~> 5.100.1", "5.100.1", Some("5.101.0")),
            ("~> 5", "5.0.0", Some("6.0.0")),
            (">= 6.8, < 7", "6.8.0", Some("7.0.0")),
            (">6.8.0,<=6.9.1", "6.8.1", Some("6.9.2")),
            ("6.8.0", "6.8.0", Some("6.8.1")),
            ("= 6.8.0", "6.8.0", Some("6.8.1")),
            (">= 5, != 5.7.0", "5.0.0", None),
        ];
        for (text, lowest, above) in cases {
            let range = VersionConstraint::try_from(text).unwrap();
            assert_eq!(range.lowest.to_string(), lowest, "{text}");
            assert_eq!(range.above.map(|v| v.to_string()).as_deref(), above, "{text}");
        }
    }

    #[test]
    fn refuses_what_terraform_would() {
        let cases = [
            ("", "terraform::version_constraint_malformed"),
            ("latest", "terraform::version_constraint_malformed"),
            ("~> 5.100,", "terraform::version_constraint_malformed"),
            ("1.2.3.4", "terraform::version_constraint_malformed"),
            ("> 6, < 5", "terraform::version_constraint_empty"),
        ];
        for (text, code) in cases {
            assert_eq!(VersionConstraint::try_from(text).unwrap_err().code(), code, "{text}");
        }
    }
}
