//! Failures of a command.

use ecrane_core::Explain;

use crate::diagnostics::Finding;
use crate::exit::Exit;

/// A failure of a command: its findings and the exit status.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) findings: Vec<Finding>,
    /// The file that the findings are about, for the summary line.
    pub(crate) subject: Option<String>,
}

impl Failure {
    /// A failure with several findings that have no place in a file.
    pub(crate) fn new<'f>(exit: Exit, facts: impl IntoIterator<Item = &'f dyn Explain>) -> Self {
        let findings = facts.into_iter().map(Finding::error).collect();
        Self { exit, findings, subject: None }
    }

    /// A failure with one finding that has no place in a file.
    pub(crate) fn one(exit: Exit, fact: &dyn Explain) -> Self {
        Self::new(exit, [fact])
    }
}
