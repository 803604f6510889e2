//! Reads config files from disk.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use ecrane_document::{Format, Node, SourceFile, SyntaxError, parse_json};

use super::load_error::LoadError;
use super::{toml, yaml};

/// The size of all files of a config in MiB: a million repositories with a preset have half of it.
const SIZE_LIMIT: u64 = 512;
/// The same if a file is TOML. Parsed, such a text takes up to some dozen times its size.
const TOML_LIMIT: u64 = 32;

/// Reads a file that is included, if it is a regular one: to read from a pipe or device may never
/// end. `used` is the size of the files that were read before.
pub(super) fn included(path: &Path, used: u64) -> Result<SourceFile, LoadError> {
    if std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        return Err(LoadError::NotAFile { path: path.to_path_buf() });
    }
    source(path, used)
}

/// Reads a file. `used` is the size of the files that were read before.
pub(super) fn source(path: &Path, used: u64) -> Result<SourceFile, LoadError> {
    let owned = || path.to_path_buf();
    if path.is_dir() {
        return Err(LoadError::Directory { path: owned() });
    }
    let format = Format::of(path).ok_or_else(|| LoadError::UnknownFormat { path: owned() })?;
    let limit = match format {
        Format::Yaml | Format::Json => SIZE_LIMIT,
        Format::Toml => TOML_LIMIT,
    };
    let open = || {
        let opened = File::open(path)?;
        let size = opened.metadata()?.len();
        Ok((opened, size))
    };
    let (opened, size) = open().map_err(|source| unreadable(path, source))?;
    if size > (limit << 20).saturating_sub(used) {
        return Err(LoadError::TooLarge { path: owned(), limit });
    }
    // To grow the text while it is read would copy it, into more memory than it takes.
    let bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    let text = text(path, opened, bytes, limit, used)?;
    Ok(file(path.display().to_string(), format, text))
}

/// Reads the text of a config, such as one on stdin, up to the 512 MiB that the files of a config
/// may have together. `path` is its name in errors.
///
/// # Errors
/// Returns an error if the text is larger, is not UTF-8, or cannot be read.
///
/// # Examples
/// ```
/// use ecrane_config::{Document, Format, read_text};
///
/// let text = read_text("stdin".as_ref(), "stacks: {}".as_bytes())?;
/// let document = Document::parse("stdin", Format::Yaml, &text)?;
/// assert_eq!(document.files().len(), 1);
/// # Ok::<(), ecrane_config::LoadError>(())
/// ```
pub fn read_text(path: &Path, reader: impl Read) -> Result<String, LoadError> {
    text(path, reader, Vec::new(), SIZE_LIMIT, 0)
}

/// Reads a text into an empty list. `limit` is the bound of all files in MiB, `used` what the others
/// have in bytes.
fn text(
    path: &Path,
    reader: impl Read,
    mut bytes: Vec<u8>,
    limit: u64,
    used: u64,
) -> Result<String, LoadError> {
    let left = (limit << 20).saturating_sub(used);
    reader.take(left + 1).read_to_end(&mut bytes).map_err(|source| unreadable(path, source))?;
    if u64::try_from(bytes.len()).is_ok_and(|size| size > left) {
        return Err(LoadError::TooLarge { path: path.to_path_buf(), limit });
    }
    String::from_utf8(bytes).map_err(|error| LoadError::NotUtf8 {
        path: path.to_path_buf(),
        offset: error.utf8_error().valid_up_to(),
    })
}

fn unreadable(path: &Path, source: std::io::Error) -> LoadError {
    let path = path.to_path_buf();
    if source.kind() == ErrorKind::NotFound {
        LoadError::Missing { path }
    } else {
        LoadError::Unreadable { path, source }
    }
}

pub(super) fn file(name: String, format: Format, mut text: String) -> SourceFile {
    // Spans count from the first character, so a byte-order mark is removed before parsing.
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    SourceFile { name, format, text }
}

/// Parses the file with this index in its document.
pub(super) fn tree(file: &SourceFile, index: usize) -> Result<Node, SyntaxError> {
    let read = match file.format {
        Format::Yaml => yaml::parse,
        Format::Json => parse_json,
        Format::Toml => toml::parse,
    };
    read(&file.text, u32::try_from(index).unwrap_or(u32::MAX))
}
