//! What can go wrong while the project tests itself.

use std::path::PathBuf;
use std::process::ExitStatus;

use thiserror::Error;

/// Why a task did not come to its end. That a test fails is a result, not one of these.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    #[error("cannot use `{}`", path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("cannot run `{program}`")]
    Program { program: String, source: std::io::Error },
    #[error("`{command}` ended with {status}\n{output}")]
    Command { command: String, status: ExitStatus, output: String },
    #[error("`{program}` answered with something else than the JSON expected")]
    Answer { program: &'static str, source: serde_json::Error },
    #[error("`{}` is not a test vector", path.display())]
    Vector { path: PathBuf, source: serde_json::Error },
    #[error("the emulated AWS said: {said}")]
    Emulator { said: String },
    #[error("cannot write to standard output")]
    Output(#[source] std::io::Error),
}

impl Failure {
    /// For `map_err` on what reads or writes `path`.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }

    /// For `map_err` on what runs `program` or talks with it.
    pub(crate) fn program(program: &str) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Program { program: program.to_owned(), source }
    }
}
