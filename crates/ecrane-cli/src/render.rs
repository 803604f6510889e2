//! From a graph to the bytes of files.

use ecrane_core::{Explain, Place, Problem, Problems};
use ecrane_terraform::Ledger;
use serde::Serialize;
use thiserror::Error;

use crate::args::{BackendName, Layout};
use crate::caller::Caller;
use crate::input::Input;
use crate::terraform_options;

/// What is to be rendered, and how.
#[derive(Debug, Clone)]
pub(crate) struct Wish<'a> {
    pub(crate) layout: Layout,
    /// Positions of the stacks in the graph.
    pub(crate) stacks: &'a [usize],
    /// What the CLI that runs this as its app asks for.
    pub(crate) caller: &'a Caller,
    /// Where stacks of the layout `cdktf` keep local states.
    pub(crate) project: Option<String>,
    /// JSON without white space.
    pub(crate) compact: bool,
    /// The Terraform addresses that earlier runs wrote, as far as they are known.
    pub(crate) ledger: Option<&'a Ledger>,
}

/// Files by their paths below the output folder, and what else there is to say.
#[derive(Debug, Default)]
pub(crate) struct Rendered {
    pub(crate) files: Vec<(String, Vec<u8>)>,
    /// Warnings of the backend, beside those of the graph.
    pub(crate) warnings: Vec<Problem>,
    /// The Terraform addresses that this run and earlier ones wrote.
    pub(crate) ledger: Option<Ledger>,
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
    let options = ecrane_cloudformation::Options {
        path_metadata: wish.caller.wants_paths(),
        bootstrap_qualifier: wish.caller.bootstrap_qualifier(),
    };
    let templates = ecrane_cloudformation::render_with(&input.graph, options)?;
    let mut files = Vec::new();
    for (index, template) in templates.iter().enumerate() {
        if !wish.stacks.contains(&index) {
            continue;
        }
        let path = match wish.layout {
            Layout::Cdk => ecrane_cloudformation::template_file(template.stack()),
            Layout::Plain | Layout::Cdktf => format!("{}.template.json", template.stack().name),
        };
        files.push((path, to_json(&template, wish.compact)?));
    }
    if wish.layout == Layout::Cdk {
        let version = wish.caller.assembly_version;
        let manifest = ecrane_cloudformation::manifest(&input.graph, wish.stacks, version);
        files.push(("manifest.json".to_owned(), to_json(&manifest, wish.compact)?));
    }
    Ok(Rendered { files, ..Rendered::default() })
}

fn terraform(input: &Input, wish: &Wish<'_>) -> Result<Rendered, Problems> {
    let layout = terraform_layout(wish.layout);
    let options = terraform_options::options(&input.config, layout)?;
    let options = ecrane_terraform::Options { project: wish.project.clone(), ..options };
    let mut output = match wish.ledger {
        None => ecrane_terraform::render(&input.graph, &options)?,
        Some(before) => ecrane_terraform::render_over(&input.graph, &options, before)?,
    };
    // A stack that is gone is written when all are.
    let stacks = input.graph.stacks();
    let is_wanted = |id: &str| {
        let position = stacks.iter().position(|stack| stack.id == id);
        position.map_or(wish.stacks.len() == stacks.len(), |index| wish.stacks.contains(&index))
    };
    let ledger = wish.ledger.map(|before| {
        let mut ledger = before.clone();
        ledger.take(&std::mem::take(&mut output.ledger), layout, is_wanted);
        ledger
    });
    let files = output.files.iter().filter(|file| file.stack.is_none_or(is_wanted));
    let files = files
        .map(|file| Ok((file.path.clone(), to_json(&file.document, wish.compact)?)))
        .collect::<Result<_, Problems>>()?;
    Ok(Rendered { files, warnings: output.warnings, ledger })
}

/// The layout as the Terraform backend knows it.
pub(crate) fn terraform_layout(layout: Layout) -> ecrane_terraform::Layout {
    match layout {
        Layout::Plain | Layout::Cdk => ecrane_terraform::Layout::Plain,
        Layout::Cdktf => ecrane_terraform::Layout::Cdktf,
    }
}

/// A document as it is written: with a line break at its end.
fn to_json(document: &impl Serialize, compact: bool) -> Result<Vec<u8>, Problems> {
    let mut bytes = Vec::new();
    let written = if compact {
        serde_json::to_writer(&mut bytes, document)
    } else {
        serde_json::to_writer_pretty(&mut bytes, document)
    };
    match written {
        Ok(()) => {
            bytes.push(b'\n');
            Ok(bytes)
        }
        Err(source) => Err(Problem::error(Place::default(), DocumentError { source }).into()),
    }
}

/// A document has no form in JSON.
#[derive(Debug, Error)]
#[error("a document has no form in JSON")]
struct DocumentError {
    source: serde_json::Error,
}

impl Explain for DocumentError {
    fn code(&self) -> &'static str {
        "output::not_json"
    }
}
