//! From a graph to the bytes of files.

use ecrane_core::{Problem, Problems};
use serde::Serialize;

use crate::args::{BackendName, Layout};
use crate::input::Input;
use crate::terraform_options;

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

/// Renders a graph.
///
/// # Errors
/// All that the backend cannot express, in any stack.
pub(crate) fn render(
    backend: BackendName,
    input: &Input,
    wish: &Wish<'_>,
) -> Result<Rendered, Problems> {
    match backend {
        BackendName::Cloudformation => cloudformation(input, wish),
        BackendName::Terraform => terraform(input, wish),
    }
}

fn cloudformation(input: &Input, wish: &Wish<'_>) -> Result<Rendered, Problems> {
    todo!()
}

fn terraform(input: &Input, wish: &Wish<'_>) -> Result<Rendered, Problems> {
    let layout = match wish.layout {
        Layout::Plain | Layout::Cdk => ecrane_terraform::Layout::Plain,
        Layout::Cdktf => ecrane_terraform::Layout::Cdktf,
    };
    let options = terraform_options::options(&input.config, layout)?;
    let output = ecrane_terraform::render(&input.graph, &options)?;
    let is_wanted = |stack: Option<&str>| {
        stack.is_none_or(|id| {
            let position = input.graph.stacks.iter().position(|stack| stack.id == id);
            position.is_some_and(|position| wish.stacks.contains(&position))
        })
    };
    let files = output.files.iter().filter(|file| is_wanted(file.stack));
    Ok(Rendered {
        files: files.map(|f| (f.path.clone(), to_json(&f.document, wish.compact))).collect(),
        warnings: output.warnings,
    })
}

fn to_json(document: &impl Serialize, compact: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    todo!()
}
