//! What can go wrong while the project tests itself.

use std::path::PathBuf;

use thiserror::Error;

/// Why a task did not end well.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    #[error("cannot use `{}`", path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("cannot run `{program}`")]
    Program { program: String, source: std::io::Error },
    #[error("`{command}` ended with {status}\n{output}")]
    Command { command: String, status: std::process::ExitStatus, output: String },
    #[error("`{}` is not JSON of the expected shape", path.display())]
    Json { path: PathBuf, source: serde_json::Error },
    #[error("the judge answered {answers} of {questions} configs\n{output}")]
    Judge { questions: usize, answers: usize, output: String },
    #[error("cannot write to standard output")]
    Output(#[source] std::io::Error),
}

impl Failure {
    /// For `map_err` on what reads or writes `path`.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}
