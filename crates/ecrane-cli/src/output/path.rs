//! Paths of output files.

use serde::{Deserialize, Serialize};

use super::error::OutputError;

/// The path of a file below the output directory, with `/` as the separator.
///
/// It cannot leave the directory, even if it comes from a manipulated record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct RelativePath(String);

impl RelativePath {
    /// The path as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The parent directories, outermost first.
    pub(super) fn folders(&self) -> impl DoubleEndedIterator<Item = &str> {
        folders(&self.0)
    }
}

/// The parent directories of a path with `/` as the separator, outermost first.
pub(super) fn folders(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.match_indices('/').filter_map(|(end, _)| path.get(..end))
}

impl TryFrom<String> for RelativePath {
    type Error = OutputError;

    fn try_from(path: String) -> Result<Self, OutputError> {
        // A backslash or a colon has a special meaning on Windows.
        let is_name = |name: &str| {
            !matches!(name, "" | "." | "..")
                && !name.contains(|c: char| c.is_control() || matches!(c, '\\' | ':'))
        };
        if path.split('/').all(is_name) {
            Ok(Self(path))
        } else {
            Err(OutputError::LeadsOutside { path: path.into() })
        }
    }
}

impl From<RelativePath> for String {
    fn from(path: RelativePath) -> Self {
        path.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_below() {
        for (path, ok) in [
            ("a", true),
            ("stacks/a/cdk.tf.json", true),
            ("a..b/.x", true),
            ("", false),
            ("/etc/passwd", false),
            ("a/../../b", false),
            ("./a", false),
            ("a//b", false),
            ("a/", false),
            ("c:/a", false),
            ("a\\b", false),
            ("a\0b", false),
        ] {
            assert_eq!(RelativePath::try_from(path.to_owned()).is_ok(), ok, "{path:?}");
        }
    }

    #[test]
    fn folders_from_the_outside() {
        let path = RelativePath::try_from("a/b/c".to_owned()).unwrap();
        assert_eq!(path.folders().collect::<Vec<_>>(), ["a", "a/b"]);
    }
}
