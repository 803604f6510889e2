//! What a graph is rendered to, with what the next run has to know.

use ecrane_core::Rendered;

use crate::ledger::Ledger;

/// What [`render_over`](crate::render_over) makes of a graph.
#[derive(Debug)]
pub struct Output<'g> {
    /// The files and the warnings.
    pub rendered: Rendered<'g>,
    /// The addresses that this run and earlier ones wrote.
    pub ledger: Ledger,
}
