//! Why nothing was written.

use std::io;
use std::path::PathBuf;

use ecrane_core::Explain;
use thiserror::Error;

/// Why nothing was written.
#[derive(Debug, Error)]
pub(crate) enum OutputError {
    /// Something that is not in the record exists at the path of a file.
    #[error("`{}` exists and was not written by ecrane", .path.display())]
    NotOurs {
        /// What stands there.
        path: PathBuf,
    },
    /// A file that ecrane wrote has been changed.
    #[error("`{}` was changed since ecrane wrote it", .path.display())]
    Edited {
        /// The file.
        path: PathBuf,
    },
    /// A path is not below the output directory, or a directory on it is a symbolic link to the
    /// outside.
    #[error("`{}` leads out of the output directory", .path.display())]
    LeadsOutside {
        /// The path, or the link.
        path: PathBuf,
    },
    /// The output path is not a directory.
    #[error("`{}` is not a directory", .path.display())]
    NotAFolder {
        /// What stands there.
        path: PathBuf,
    },
    /// Another run has locked the output directory.
    #[error("another ecrane has been writing to `{}` for more than {seconds} seconds", .path.display())]
    Busy {
        /// The output folder.
        path: PathBuf,
        /// How long this run waited.
        seconds: u64,
    },
    /// A record or journal of ecrane is malformed.
    #[error("`{}` is not a record that ecrane wrote", .path.display())]
    Record {
        /// The record.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// The file system refused.
    #[error("could not {action} `{}`", .path.display())]
    Io {
        /// The operation, as a verb.
        action: &'static str,
        /// The path.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// An operation failed, and so did undoing the previous ones.
    #[error("`{}` contains a part of the new output", .path.display())]
    HalfDone {
        /// The output folder.
        path: PathBuf,
        /// Why undoing failed.
        source: Box<OutputError>,
    },
}

impl OutputError {
    /// Adapts an error of the file system.
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }
}

impl Explain for OutputError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotOurs { .. } => "output::not_ours",
            Self::Edited { .. } => "output::edited",
            Self::LeadsOutside { .. } => "output::leads_outside",
            Self::NotAFolder { .. } => "output::not_a_folder",
            Self::Busy { .. } => "output::busy",
            Self::Record { .. } => "output::record_malformed",
            Self::Io { .. } => "output::io",
            Self::HalfDone { .. } => "output::half_done",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::NotOurs { .. } => "move it, or choose another directory with `--out`".to_owned(),
            Self::Edited { .. } => "make the change in the config and delete the file, \
                                    or choose another directory with `--out`"
                .to_owned(),
            Self::LeadsOutside { .. } => {
                "replace the link with a directory, or choose another directory with `--out`"
                    .to_owned()
            }
            Self::NotAFolder { .. } => "choose another directory with `--out`".to_owned(),
            Self::Record { .. } => {
                "restore it, or choose another directory with `--out`".to_owned()
            }
            Self::Busy { .. } => {
                "wait for it, or end it if it is stopped, and run ecrane again".to_owned()
            }
            Self::Io { .. } => return None,
            Self::HalfDone { .. } => {
                "remove the cause and run ecrane again, which first restores the \
                                      files of the earlier output"
                    .to_owned()
            }
        })
    }
}
