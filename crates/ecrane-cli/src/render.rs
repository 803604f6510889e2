//! From a graph to the bytes of files.

use ecrane_core::{Graph, Problem, Problems};
use serde::Serialize;

use crate::args::{BackendName, Layout};

/// What is to be rendered, and how.
#[derive(Debug, Clone)]
pub(crate) struct Wish<'a> {
    pub(crate) layout: Layout,
    /// Positions of the stacks in the graph.
    pub(crate) stacks: &'a [usize],
    /// The newest cloud assembly that the `cdk` CLI says it can read.
    pub(crate) assembly_version: Option<u32>,
    /// JSON without white space.
    pub(crate) compact: bool,
}

/// Files by their paths below the output folder, and what else there is to say.
#[derive(Debug, Default)]
pub(crate) struct Rendered {
    pub(crate) files: Vec<(String, Vec<u8>)>,
    /// Warnings of the backend, beside those of the graph.
    pub(crate) warnings: Vec<Problem>,
}
