//! Why a config cannot be loaded.

use std::fmt;
use std::ops::Range;
use std::path::PathBuf;

use ecrane_document::{Explain, SourceFile, SyntaxError, SyntaxErrorKind};
use thiserror::Error;

/// Why a config cannot be loaded.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LoadError {
    /// There is no such file.
    #[error("no file `{}`", path.display())]
    Missing {
        /// The path as given.
        path: PathBuf,
    },
    /// The path names a directory.
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
        /// Why.
        source: std::io::Error,
    },
    /// The file's name tells no format.
    #[error("`{}` has no extension that tells its format", path.display())]
    UnknownFormat {
        /// The path as given.
        path: PathBuf,
    },
    /// The file is not UTF-8.
    #[error("`{}` is not UTF-8: byte {offset} is not text", path.display())]
    NotUtf8 {
        /// The path as given.
        path: PathBuf,
        /// The first byte that is wrong, from 0.
        offset: usize,
    },
    /// The file breaks its format.
    #[error(transparent)]
    Syntax(Box<FileSyntaxError>),
}

/// Why a file breaks its format.
///
/// It displays as `FILE:LINE:COLUMN: message`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSyntaxError {
    /// The file.
    pub file: SourceFile,
    /// What is wrong, and where.
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
    /// The file that is wrong and the bytes that are to blame, where its text is known.
    pub fn location(&self) -> Option<(&SourceFile, Range<usize>)> {
        let Self::Syntax(syntax) = self else { return None };
        Some((&syntax.file, syntax.error.span.clone()))
    }

    /// Other bytes of the same file that belong to the problem, and what they are.
    pub fn related(&self) -> Option<(Range<usize>, &'static str)> {
        let Self::Syntax(syntax) = self else { return None };
        let SyntaxErrorKind::DuplicateKey { first, .. } = &syntax.error.kind else { return None };
        first.clone().map(|first| (first, "first given here"))
    }
}

impl Explain for LoadError {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "config::missing_file",
            Self::Directory { .. } => "config::directory",
            Self::Unreadable { .. } => "config::unreadable",
            Self::UnknownFormat { .. } => "config::unknown_format",
            Self::NotUtf8 { .. } => "config::not_utf8",
            Self::Syntax(syntax) => syntax.error.code(),
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Missing { .. } => Some("check the path, or create the file".to_owned()),
            Self::Directory { .. } => Some("name the config file in it".to_owned()),
            Self::Unreadable { .. } => None,
            Self::UnknownFormat { .. } => {
                Some("name it `.yaml`, `.yml`, `.json` or `.toml`".to_owned())
            }
            Self::NotUtf8 { .. } => Some("save the file as UTF-8".to_owned()),
            Self::Syntax(syntax) => syntax.error.help(),
        }
    }
}
