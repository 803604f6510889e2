//! The files that a config is read from.

use std::fmt;
use std::path::Path;

/// A language that configs are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// YAML 1.2.
    Yaml,
    /// JSON.
    Json,
    /// TOML.
    Toml,
}

impl Format {
    /// The format that a file's extension stands for.
    pub fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "yaml" | "yml" => Some(Self::Yaml),
            "json" => Some(Self::Json),
            "toml" => Some(Self::Toml),
            _ => None,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Yaml => "YAML",
            Self::Json => "JSON",
            Self::Toml => "TOML",
        })
    }
}

/// A file that a config is read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Its name as a reader knows it: the path as it was given.
    pub name: String,
    /// Its language.
    pub format: Format,
    /// What it says, without a byte-order mark.
    pub text: String,
}

impl SourceFile {
    /// The line and the column, both from 1, of a byte of the text; columns count characters.
    ///
    /// ```
    /// use ecrane_document::{Format, SourceFile};
    ///
    /// let file = SourceFile { name: "a.yaml".into(), format: Format::Yaml, text: "é: 1\nb: x".into() };
    /// assert_eq!(file.position(file.text.len() - 1), (2, 4));
    /// ```
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
        (line, column)
    }
}
