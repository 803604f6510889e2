//! The output of rendering with an address ledger.

use ecrane_core::Rendered;

use crate::ledger::Ledger;

/// The output of [`render_over`](crate::render_over).
#[derive(Debug)]
pub struct Output<'g> {
    /// The files and the warnings.
    pub rendered: Rendered<'g>,
    /// The address ledger for the next run.
    pub ledger: Ledger,
}
