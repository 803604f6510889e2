//! Errors of tasks.

use std::path::PathBuf;
use std::process::ExitStatus;

use thiserror::Error;

/// An error that aborts a task. A failed test is a result, not an error.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    #[error("cannot access `{}`", path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("cannot run `{program}`")]
    Program { program: String, source: std::io::Error },
    #[error("`{command}` failed with {status}\n{output}")]
    Command { command: String, status: ExitStatus, output: String },
    #[error("`{program}` returned unexpected JSON")]
    Answer { program: &'static str, source: serde_json::Error },
    #[error("`{}` is not a test vector", path.display())]
    Vector { path: PathBuf, source: serde_json::Error },
    #[error("the emulated AWS failed: {said}")]
    Emulator { said: String },
    #[error("a measurement failed: {said}")]
    Measurement { said: String },
    #[error("cannot write to standard output")]
    Output(#[source] std::io::Error),
}

impl Failure {
    /// For `map_err` on operations that read or write `path`.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }

    /// For `map_err` on operations that run `program` or communicate with it.
    pub(crate) fn program(program: &str) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Program { program: program.to_owned(), source }
    }
}
