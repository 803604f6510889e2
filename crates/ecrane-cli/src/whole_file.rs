//! A file that is written whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use ecrane_core::Explain;
use thiserror::Error;

use crate::exit::Exit;
use crate::failure::Failure;

/// Writes a file beside its path and renames it, so that a reader never sees a part of it. Replaces a
/// file, as the user names it.
pub(crate) fn write(path: &Path, text: &[u8]) -> Result<(), Failure> {
    replace(path, text)
        .map_err(|source| Failure::one(Exit::Io, &FileError { path: path.to_owned(), source }))
}

fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    // A link stays, and the file that it leads to is replaced.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy();
    // Two runs at the same time do not write to the same file.
    let beside = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let written = || {
        let mut file = File::create_new(&beside)?;
        file.write_all(text)?;
        file.sync_all()?;
        fs::rename(&beside, &path)
    };
    written().inspect_err(|error| {
        if error.kind() != io::ErrorKind::AlreadyExists {
            let _ = fs::remove_file(&beside);
        }
    })
}

/// A file could not be written.
#[derive(Debug, Error)]
#[error("could not write `{}`", .path.display())]
pub(crate) struct FileError {
    pub(crate) path: PathBuf,
    pub(crate) source: io::Error,
}

impl Explain for FileError {
    fn code(&self) -> &'static str {
        "file::io"
    }
}
