//! Rendering of a graph to the bytes of files.

use std::cell::OnceCell;

use ecrane_cloudformation::CloudFormation;
use ecrane_config::Config;
use ecrane_core::{Backend, Draft, Explain, Graph, PhysicalIds, Place, Problem, Problems, Style};
use ecrane_terraform::{Ledger, Terraform};
use thiserror::Error;

use crate::args::{BackendName, Layout};
use crate::caller::Caller;
use crate::input::Input;

/// The rendering options.
#[derive(Debug, Clone)]
pub(crate) struct Wish<'a> {
    pub(crate) layout: Layout,
    /// The positions of the selected stacks in the graph.
    pub(crate) stacks: &'a [usize],
    /// The CLI that runs ecrane as its app.
    pub(crate) caller: &'a Caller,
    /// The project directory, in which stacks of the layout `cdktf` store local states.
    pub(crate) project: Option<String>,
    /// Whether to write JSON without whitespace.
    pub(crate) compact: bool,
    /// What is written so that one engine takes over from another.
    pub(crate) take_over: TakeOver,
    /// The Terraform addresses of earlier runs.
    pub(crate) ledger: Option<&'a Ledger>,
}

/// What is written so that one engine takes over from another.
#[derive(Debug, Clone, Default)]
pub(crate) struct TakeOver {
    /// The physical IDs that the config does not contain, if what exists is imported.
    pub(crate) import: Option<PhysicalIds>,
    /// Whether every resource has the deletion policy `Retain`.
    pub(crate) retain_all: bool,
}

/// The files, by path below the output directory, and the warnings.
#[derive(Debug, Default)]
pub(crate) struct Rendered {
    pub(crate) files: Vec<(String, Vec<u8>)>,
    /// The warnings of the backend. Those of the graph are separate.
    pub(crate) warnings: Vec<Problem>,
    /// The address ledger for the next run.
    pub(crate) ledger: Option<Ledger>,
}

/// A configured backend.
type Prepared<'a> = Box<dyn Backend + 'a>;
type Prepare =
    for<'a> fn(&'a Input, &'a Wish<'a>, &'a OnceCell<Ledger>) -> Result<Prepared<'a>, Problems>;

/// The table of backends, with their constructors.
const BACKENDS: [(BackendName, Prepare); 2] =
    [(BackendName::Cloudformation, cloudformation), (BackendName::Terraform, terraform)];

/// Renders a graph.
///
/// # Errors
/// Returns all problems of the backend, in all stacks.
pub(crate) fn render(
    name: BackendName,
    input: &Input,
    wish: &Wish<'_>,
) -> Result<Rendered, Problems> {
    let after = OnceCell::new();
    let mut rendered = Rendered::default();
    // A stack that is gone is written when all are.
    let stacks = input.graph.stacks();
    let is_wanted = |id: &str| {
        let position = stacks.iter().position(|stack| stack.id == id);
        position.map_or(wish.stacks.len() == stacks.len(), |index| wish.stacks.contains(&index))
    };
    for (_, prepare) in BACKENDS.iter().filter(|(backend, _)| *backend == name) {
        let backend = prepare(input, wish, &after)?;
        let output = backend.render(&input.graph)?;
        let style = if wish.compact { Style::Compact } else { Style::Pretty };
        for file in output.files.iter().filter(|file| file.stack.is_none_or(is_wanted)) {
            let bytes = file.to_vec(style).map_err(|source| {
                Problems::from(Problem::error(Place::default(), DocumentError { source }))
            })?;
            rendered.files.push((file.path.clone(), bytes));
        }
        rendered.warnings.extend(output.warnings);
    }
    rendered.ledger = wish.ledger.zip(after.into_inner()).map(|(before, written)| {
        let mut ledger = before.clone();
        ledger.take(&written, terraform_layout(wish.layout), is_wanted);
        ledger
    });
    Ok(rendered)
}

/// The problems that a backend finds in a config that has errors.
pub(crate) fn problems_of(
    name: BackendName,
    config: &Config,
    draft: &Draft,
    layout: Layout,
) -> Vec<Problem> {
    match name {
        BackendName::Cloudformation => draft.problems_of(&CloudFormation::default()),
        BackendName::Terraform => {
            match ecrane::terraform_options(config, terraform_layout(layout)) {
                Ok(options) => draft.problems_of(&Terraform { options }),
                Err(problems) => problems.into_iter().collect(),
            }
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the table holds functions of one type")]
fn cloudformation<'a>(
    input: &'a Input,
    wish: &'a Wish<'a>,
    _: &'a OnceCell<Ledger>,
) -> Result<Prepared<'a>, Problems> {
    let chosen = wish.stacks.iter().filter_map(|index| input.graph.stacks().get(*index));
    let layout = match wish.layout {
        Layout::Plain | Layout::Cdktf => ecrane_cloudformation::Layout::Plain,
        Layout::Cdk => ecrane_cloudformation::Layout::Cdk {
            assembly_version: wish.caller.assembly_version,
            stacks: Some(chosen.map(|stack| stack.id.clone()).collect()),
        },
    };
    let options = ecrane_cloudformation::Options {
        layout,
        path_metadata: wish.caller.wants_paths(),
        bootstrap_qualifier: wish.caller.bootstrap_qualifier(),
        retain_all: wish.take_over.retain_all,
        import: wish.take_over.import.clone(),
    };
    Ok(Box::new(CloudFormation { options }))
}

fn terraform<'a>(
    input: &'a Input,
    wish: &'a Wish<'a>,
    after: &'a OnceCell<Ledger>,
) -> Result<Prepared<'a>, Problems> {
    let options = ecrane::terraform_options(&input.config, terraform_layout(wish.layout))?;
    let (project, import) = (wish.project.clone(), wish.take_over.import.clone());
    let options = ecrane_terraform::Options { project, import, ..options };
    let terraform = Terraform { options };
    Ok(match wish.ledger {
        None => Box::new(terraform),
        Some(before) => Box::new(OverLedger { terraform, before, after }),
    })
}

/// The Terraform backend with an address ledger, which it updates.
struct OverLedger<'a> {
    terraform: Terraform,
    before: &'a Ledger,
    after: &'a OnceCell<Ledger>,
}

impl Backend for OverLedger<'_> {
    fn target(&self) -> &'static str {
        self.terraform.target()
    }

    fn render<'g>(&'g self, graph: &'g Graph) -> Result<ecrane_core::Rendered<'g>, Problems> {
        let output = ecrane_terraform::render_over(graph, &self.terraform.options, self.before)?;
        // It is rendered once a run.
        let _ = self.after.set(output.ledger);
        Ok(output.rendered)
    }
}

/// The layout of the Terraform backend.
pub(crate) fn terraform_layout(layout: Layout) -> ecrane_terraform::Layout {
    match layout {
        Layout::Plain | Layout::Cdk => ecrane_terraform::Layout::Plain,
        Layout::Cdktf => ecrane_terraform::Layout::Cdktf,
    }
}

/// A document cannot be serialized.
#[derive(Debug, Error)]
#[error("a document cannot be written as JSON")]
pub(crate) struct DocumentError {
    pub(crate) source: std::io::Error,
}

impl Explain for DocumentError {
    fn code(&self) -> &'static str {
        "output::not_json"
    }
}
