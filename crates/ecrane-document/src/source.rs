//! The source files of a config.

use std::fmt;
use std::path::Path;

use crate::position::Position;

/// The format of a config file.
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
    /// Returns the format for a file extension, or `None` if the extension is unknown.
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

/// A source file of a config.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The path as the user specified it.
    pub name: String,
    /// The format.
    pub format: Format,
    /// The content, without a byte-order mark.
    pub text: String,
}

impl SourceFile {
    /// Returns the line and column of a byte offset, both starting at 1. Columns count characters.
    ///
    /// ```
    /// use ecrane_document::{Format, SourceFile};
    ///
    /// let file = SourceFile { name: "a.yaml".into(), format: Format::Yaml, text: "é: 1\nb: x".into() };
    /// assert_eq!(file.position(file.text.len() - 1), (2, 4));
    /// ```
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let Position { line, column } = Position::of(&self.text, offset);
        (line, column)
    }
}
