//! Rendering of a graph to files.

use std::cell::Cell;
use std::collections::HashSet;
use std::rc::Rc;

use ecrane_cloudformation::CloudFormation;
use ecrane_config::Config;
use ecrane_core::{Backend, Draft, File, Graph, PhysicalIds, Problem, Problems, Style};
use ecrane_terraform::{Ledger, Terraform};

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

/// The files and the warnings.
#[derive(Debug, Default)]
pub(crate) struct Rendered<'g> {
    pub(crate) files: Vec<File<'g>>,
    /// The warnings of the backend. Those of the graph are separate.
    pub(crate) warnings: Vec<Problem>,
    /// The address ledger for the next run.
    pub(crate) ledger: Option<Ledger>,
}

/// The ledger after a backend has rendered.
type After = Cell<Option<Ledger>>;

/// A configured backend.
type Prepared<'a> = Box<dyn Backend + 'a>;
type Prepare = for<'a> fn(&'a Input, &'a Wish<'a>, &Rc<After>) -> Result<Prepared<'a>, Problems>;

/// The table of backends, with their constructors.
const BACKENDS: [(BackendName, Prepare); 2] =
    [(BackendName::Cloudformation, cloudformation), (BackendName::Terraform, terraform)];

/// A backend that is configured for an input. Files borrow from it.
pub(crate) struct Renderer<'a> {
    backends: Vec<Prepared<'a>>,
    input: &'a Input,
    wish: &'a Wish<'a>,
    after: Rc<After>,
}

impl<'a> Renderer<'a> {
    /// Configures a backend.
    ///
    /// # Errors
    /// Returns all problems of its configuration.
    pub(crate) fn new(
        name: BackendName,
        input: &'a Input,
        wish: &'a Wish<'a>,
    ) -> Result<Self, Problems> {
        let after = Rc::new(After::default());
        let named = BACKENDS.iter().filter(|(backend, _)| *backend == name);
        let backends = named.map(|(_, prepare)| prepare(input, wish, &after));
        let backends = backends.collect::<Result<_, _>>()?;
        Ok(Self { backends, input, wish, after })
    }

    /// Renders the graph. The documents are made when the files are written.
    ///
    /// # Errors
    /// Returns all problems of the backend, in all stacks.
    pub(crate) fn render(&self) -> Result<Rendered<'_>, Problems> {
        let Self { backends, input, wish, after } = self;
        let mut rendered = Rendered::default();
        let stacks = input.graph.stacks();
        let known: HashSet<&str> = stacks.iter().map(|stack| stack.id.as_str()).collect();
        let wanted: HashSet<&str> =
            wish.stacks.iter().filter_map(|index| Some(stacks.get(*index)?.id.as_str())).collect();
        // A stack that is gone is written when all are.
        let is_wanted = |id: &str| {
            wanted.contains(id) || wish.stacks.len() == stacks.len() && !known.contains(id)
        };
        for backend in backends {
            let output = backend.render(&input.graph)?;
            let files = output.files.into_iter();
            rendered.files.extend(files.filter(|file| file.stack.is_none_or(is_wanted)));
            rendered.warnings.extend(output.warnings);
        }
        let written = wish.ledger.zip(after.take());
        rendered.ledger = written.map(|(before, written)| {
            written.over(before, terraform_layout(wish.layout), is_wanted)
        });
        Ok(rendered)
    }

    /// How the files are to be laid out.
    pub(crate) fn style(&self) -> Style {
        if self.wish.compact { Style::Compact } else { Style::Pretty }
    }
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
    _: &Rc<After>,
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
    after: &Rc<After>,
) -> Result<Prepared<'a>, Problems> {
    let options = ecrane::terraform_options(&input.config, terraform_layout(wish.layout))?;
    let (project, import) = (wish.project.clone(), wish.take_over.import.clone());
    let options = ecrane_terraform::Options { project, import, ..options };
    let terraform = Terraform { options };
    Ok(match wish.ledger {
        None => Box::new(terraform),
        Some(before) => Box::new(OverLedger { terraform, before, after: Rc::clone(after) }),
    })
}

/// The Terraform backend with an address ledger, which it updates.
struct OverLedger<'a> {
    terraform: Terraform,
    before: &'a Ledger,
    after: Rc<After>,
}

impl Backend for OverLedger<'_> {
    fn target(&self) -> &'static str {
        self.terraform.target()
    }

    fn render<'g>(&'g self, graph: &'g Graph) -> Result<ecrane_core::Rendered<'g>, Problems> {
        let output = ecrane_terraform::render_over(graph, &self.terraform.options, self.before)?;
        self.after.set(Some(output.ledger));
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
