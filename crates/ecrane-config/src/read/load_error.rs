//! Errors from loading a config.

use std::fmt;
use std::ops::Range;
use std::path::PathBuf;

use ecrane_document::{Explain, SourceFile, SyntaxError, SyntaxErrorKind};
use thiserror::Error;

/// An error from loading a config.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The file does not exist.
    #[error("file `{}` does not exist", path.display())]
    Missing {
        /// The path as given.
        path: PathBuf,
    },
    /// The path is a directory.
    #[error("`{}` is a directory", path.display())]
    Directory {
        /// The path as given.
        path: PathBuf,
    },
    /// The file cannot be read.
    #[error("cannot read `{}`", path.display())]
    Unreadable {
        /// The path as given.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The path is neither a regular file nor, for the config itself, a pipe.
    #[error("`{}` is not a regular file", path.display())]
    NotAFile {
        /// The path as given.
        path: PathBuf,
    },
    /// The files of the config are larger than the bound.
    #[error("`{}` is too large: the files of a config may have {limit} MiB together", path.display())]
    TooLarge {
        /// The path as given.
        path: PathBuf,
        /// The bound, in MiB.
        limit: u64,
    },
    /// The file extension is not that of a supported format.
    #[error("`{}` has no known file extension", path.display())]
    UnknownFormat {
        /// The path as given.
        path: PathBuf,
    },
    /// The file is not valid UTF-8.
    #[error("`{}` is not valid UTF-8: invalid byte at offset {offset}", path.display())]
    NotUtf8 {
        /// The path as given.
        path: PathBuf,
        /// The offset of the first invalid byte, starting at 0.
        offset: usize,
    },
    /// The file has a syntax error.
    #[error(transparent)]
    Syntax(Box<FileSyntaxError>),
}

/// A syntax error in a file.
///
/// Displays as `FILE:LINE:COLUMN: message`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSyntaxError {
    /// The file.
    pub file: SourceFile,
    /// The error and its place.
    pub error: SyntaxError,
}

impl fmt::Display for FileSyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.file.position(self.error.span.start);
        write!(f, "{}:{line}:{column}: {}", self.file.name, self.error)
    }
}

impl std::error::Error for FileSyntaxError {}

impl LoadError {
    /// The file and the byte range of the error, if the text is available.
    pub fn location(&self) -> Option<(&SourceFile, Range<usize>)> {
        let Self::Syntax(syntax) = self else { return None };
        Some((&syntax.file, syntax.error.span.clone()))
    }

    /// Another byte range of the same file that belongs to the error, with a label.
    pub fn related(&self) -> Option<(Range<usize>, &'static str)> {
        let Self::Syntax(syntax) = self else { return None };
        let SyntaxErrorKind::DuplicateKey { first, .. } = &syntax.error.kind else { return None };
        first.clone().map(|first| (first, "first defined here"))
    }
}

impl Explain for LoadError {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "config::missing_file",
            Self::Directory { .. } => "config::directory",
            Self::Unreadable { .. } => "config::unreadable",
            Self::NotAFile { .. } => "config::not_a_file",
            Self::TooLarge { .. } => "config::too_large",
            Self::UnknownFormat { .. } => "config::unknown_format",
            Self::NotUtf8 { .. } => "config::not_utf8",
            Self::Syntax(syntax) => syntax.error.code(),
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Missing { .. } => Some("check the path, or create the file".to_owned()),
            Self::Directory { .. } => {
                Some("give the path of a config file in the directory".to_owned())
            }
            Self::Unreadable { .. } => None,
            Self::NotAFile { .. } => Some("include regular files only".to_owned()),
            Self::TooLarge { .. } => Some("move some of the stacks to another config".to_owned()),
            Self::UnknownFormat { .. } => {
                Some("rename it to `.yaml`, `.yml`, `.json` or `.toml`".to_owned())
            }
            Self::NotUtf8 { .. } => Some("save the file as UTF-8".to_owned()),
            Self::Syntax(syntax) => syntax.error.help(),
        }
    }
}
