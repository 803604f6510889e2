//! Reads config files from disk.

use std::io::ErrorKind;
use std::path::Path;

use ecrane_document::{Format, Node, SourceFile, SyntaxError, parse_json};

use super::load_error::LoadError;
use super::{toml, yaml};

/// Reads a file.
pub(super) fn source(path: &Path) -> Result<SourceFile, LoadError> {
    let owned = || path.to_path_buf();
    if path.is_dir() {
        return Err(LoadError::Directory { path: owned() });
    }
    let format = Format::of(path).ok_or_else(|| LoadError::UnknownFormat { path: owned() })?;
    let bytes = std::fs::read(path).map_err(|source| {
        if source.kind() == ErrorKind::NotFound {
            LoadError::Missing { path: owned() }
        } else {
            LoadError::Unreadable { path: owned(), source }
        }
    })?;
    let text = String::from_utf8(bytes).map_err(|error| LoadError::NotUtf8 {
        path: owned(),
        offset: error.utf8_error().valid_up_to(),
    })?;
    Ok(file(path.display().to_string(), format, &text))
}

pub(super) fn file(name: String, format: Format, text: &str) -> SourceFile {
    // Spans count from the first character, so a byte-order mark is removed before parsing.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    SourceFile { name, format, text: text.to_owned() }
}

/// Parses the file with this index in its document.
pub(super) fn tree(file: &SourceFile, index: usize) -> Result<Node, SyntaxError> {
    let read = match file.format {
        Format::Yaml => yaml::parse,
        Format::Json => parse_json,
        Format::Toml => toml::parse,
    };
    read(&file.text, index)
}
