//! Why a command stops.

use ecrane_core::Explain;

use crate::diagnostics::Finding;
use crate::exit::Exit;

/// Why a command stops: what there is to tell, and the exit status it comes to.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) findings: Vec<Finding>,
    /// What the findings are about, for the line that sums them up.
    pub(crate) subject: Option<String>,
}

impl Failure {
    /// Facts that stand in no file.
    pub(crate) fn new<'f>(exit: Exit, facts: impl IntoIterator<Item = &'f dyn Explain>) -> Self {
        let findings = facts.into_iter().map(Finding::error).collect();
        Self { exit, findings, subject: None }
    }

    /// A fact that stands in no file.
    pub(crate) fn one(exit: Exit, fact: &dyn Explain) -> Self {
        Self::new(exit, [fact])
    }
}
