//! `ecrane synth`: writes the output of a config.

use std::fmt::Write as _;
use std::io;
use std::panic::resume_unwind;
use std::path::Path;
use std::thread;

use ecrane_core::{Explain, File, Severity, StackNode, Style, suggest};
use ecrane_terraform::Ledger;
use thiserror::Error;

use crate::address_ledger::{AddressLedger, learn_module, learn_states};
use crate::args::{BackendName, Layout, SynthArgs};
use crate::caller::{Caller, unread_output};
use crate::diagnostics::{Finding, Reporter, escape, number};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::import_ids::import_ids;
use crate::input::{self, Input, nowhere};
use crate::locate::locate;
use crate::next_step::next_step;
use crate::output::{self, Content, Existing, Files, Foreign, RelativePath, Stale, Written};
use crate::print::print_documents;
use crate::project::project_of;
use crate::render::{Rendered, Renderer, TakeOver, Wish, problems_of, terraform_layout};

/// Writes or prints the output of a config.
pub(crate) fn run(args: &SynthArgs, reporter: Reporter<'_>) -> Result<(), Failure> {
    check_layout(args).map_err(|error| Failure::one(Exit::Usage, &error))?;
    let caller = Caller::of(args.layout)?;
    let unread = unread_output(args);
    if let Some(unread) = &unread {
        reporter.report(vec![Finding::new(Severity::Warning, unread)], None);
    }
    let run_by_cli = caller.out.is_some() && unread.is_none();
    let (input, ledger) = load(args);
    let mut input = input?;
    if let Some(context) = &caller.context {
        let warnings = input.config.differing_flags(context);
        input.graph = input.graph.with_warnings(warnings);
    }
    let input = input.keep();
    let backend = backend(args, input).map_err(|error| Failure::one(Exit::Usage, &error))?;
    let stacks = selected(args, input)?;
    let folder = args.out.clone().or(caller.out.clone());
    // The output of a config in a parent directory is written beside the config.
    let beside = input.path.parent().filter(|_| args.config.config.is_none());
    let beside = beside.unwrap_or(Path::new(""));
    let folder = folder.unwrap_or_else(|| beside.join("ecrane.out"));
    let project = match args.layout {
        Layout::Cdktf => {
            // A CLI runs its app in the project directory.
            let start = if run_by_cli { Path::new("") } else { beside };
            Some(project_of(start, &folder, run_by_cli).map_err(nowhere)?)
        }
        Layout::Plain | Layout::Cdk => None,
    };
    let ledger = address_ledger(args, backend, input, ledger, &folder)?;
    if args.take_over.retain_all && backend != BackendName::Cloudformation {
        return Err(Failure::one(Exit::Usage, &SynthError::RetainAllOfCloudformation));
    }
    let layout = terraform_layout(args.layout);
    let import =
        args.take_over.import.then(|| import_ids(&input.graph, layout, &args.take_over.import_ids));
    let wish = Wish {
        take_over: TakeOver { import: import.transpose()?, retain_all: args.take_over.retain_all },
        layout: args.layout,
        stacks: &stacks,
        caller: &caller,
        project,
        compact: args.compact,
        ledger: ledger.as_ref().and_then(|(ledger, learnt)| learnt.as_ref().or(ledger.known())),
    };
    let refuse = |problems| input.refuse(&problems);
    let renderer = Renderer::new(backend, input, &wish).map_err(refuse)?;
    let Rendered { files, warnings, ledger: addresses } = renderer.render().map_err(refuse)?;

    // Kept until the process ends, as the input is.
    let addresses: Option<&'static Ledger> = addresses.map(|it| &*Box::leak(Box::new(it)));
    let ledger = ledger.as_ref().map(|(ledger, _)| ledger).zip(addresses);
    if args.locked
        && let Some((ledger, new)) = &ledger
    {
        ledger.expect(new)?;
    }
    let done = if args.stdout {
        print_documents(&files, renderer.style())?;
        None
    } else {
        // Additional addresses in a ledger are harmless; a missing one loses data.
        let noted = ledger.map(|(ledger, new)| ledger.write(new)).transpose()?.flatten();
        let written = write(&folder, backend, files, renderer.style(), existing(args));
        if written.is_err()
            && let Some(noted) = noted
        {
            noted.undo();
        }
        let written = written?;
        let mut done = summary(&written, &escape(&folder.display().to_string()));
        if written.changed > 0 && args.layout == Layout::Plain {
            let all = input.graph.stacks();
            let stacks: Vec<_> = stacks.iter().filter_map(|index| all.get(*index)).collect();
            let next = next_step(backend, args.take_over.import, &folder, &stacks);
            done.extend(next.map(|next| format!("\n{next}")));
        }
        Some(done)
    };
    // The CLI reads the warnings from the files, and treats output on stderr as a failure.
    if !run_by_cli {
        let warnings = input.graph.warnings().iter().chain(&warnings);
        let warnings = locate(&input.document, warnings);
        if !warnings.is_empty() {
            reporter.report(warnings, Some(&input.name));
        }
        if let Some(done) = done {
            reporter.say(&done);
        }
    }
    Ok(())
}

/// Reads the config, and a large ledger beside it: each takes one processor for most of its time.
fn load(args: &SynthArgs) -> (Result<Input, Failure>, Option<Result<AddressLedger, Failure>>) {
    let named = args.config.config.as_deref();
    let is_wanted = args.backend != Some(BackendName::Cloudformation);
    let path = input::path_of(named).ok().filter(|it| is_wanted && AddressLedger::is_large(it));
    thread::scope(|scope| {
        let ledger = path.and_then(|path| {
            let load = move || AddressLedger::load(&path);
            thread::Builder::new().spawn_scoped(scope, load).ok()
        });
        let input = Input::load_for(named, |config, draft| {
            let backend = args.backend.or(backend_of(args.layout)).or(input::backend_of(config));
            backend.map(|name| problems_of(name, config, draft, args.layout)).unwrap_or_default()
        });
        (input, ledger.map(|it| it.join().unwrap_or_else(|panic| resume_unwind(panic))))
    })
}

/// The backend of a layout, if only one backend has it.
fn backend_of(layout: Layout) -> Option<BackendName> {
    match layout {
        Layout::Plain => None,
        Layout::Cdk => Some(BackendName::Cloudformation),
        Layout::Cdktf => Some(BackendName::Terraform),
    }
}

fn check_layout(args: &SynthArgs) -> Result<(), SynthError> {
    match (args.backend, backend_of(args.layout)) {
        (Some(asked), Some(needed)) if asked != needed => {
            Err(SynthError::LayoutOfOther { layout: args.layout, asked, needed })
        }
        _ if args.layout == Layout::Cdktf && !args.stacks.is_empty() => {
            Err(SynthError::StackOfCdktf)
        }
        _ => Ok(()),
    }
}

/// The order of precedence: the option, the layout, the config.
fn backend(args: &SynthArgs, input: &Input) -> Result<BackendName, SynthError> {
    args.backend.or(backend_of(args.layout)).or(input.backend()).ok_or(SynthError::NoBackend)
}

fn selected(args: &SynthArgs, input: &Input) -> Result<Vec<usize>, Failure> {
    let stacks = input.graph.stacks();
    if args.stacks.is_empty() {
        return Ok((0..stacks.len()).collect());
    }
    let ids = || stacks.iter().map(|stack| stack.id.as_str());
    let unknown: Vec<SynthError> = args
        .stacks
        .iter()
        .filter(|id| !ids().any(|known| known == *id))
        .map(|id| SynthError::unknown_stack(id, stacks))
        .collect();
    if !unknown.is_empty() {
        return Err(Failure::new(Exit::Usage, unknown.iter().map(|e| e as &dyn Explain)));
    }
    let wanted = |index: &usize| stacks.get(*index).is_some_and(|s| args.stacks.contains(&s.id));
    Ok((0..stacks.len()).filter(wanted).collect())
}

/// How to treat files that the output directory contains.
///
/// In the layouts of the CLIs, the directory belongs to the app: an app of their library overwrites
/// any file. The CLIs for Terraform list the directories of the stacks before they run the app, and
/// delete those of removed stacks. They fail if such a directory is already missing.
fn existing(args: &SynthArgs) -> Existing {
    let foreign = match args.layout {
        Layout::Plain => Foreign::Refuse,
        Layout::Cdk | Layout::Cdktf => Foreign::Replace,
    };
    let stale = match args.layout {
        _ if !args.stacks.is_empty() => Stale::Keep,
        Layout::Cdktf => Stale::Leave,
        Layout::Plain | Layout::Cdk => Stale::Remove,
    };
    Existing { stale, foreign }
}

fn write(
    folder: &Path,
    backend: BackendName,
    rendered: Vec<File<'_>>,
    style: Style,
    existing: Existing,
) -> Result<Written, Failure> {
    let mut files = Files::new();
    for file in rendered {
        let path = RelativePath::try_from(file.path.clone())
            .map_err(|error| Failure::one(Exit::Refused, &error))?;
        files.insert(path, Box::new(Styled { file, style }));
    }
    output::write(folder, purpose(backend), &files, existing)
        .map_err(|errors| Failure::new(Exit::Io, errors.iter().map(|e| e as &dyn Explain)))
}

/// A file in a layout.
struct Styled<'g> {
    file: File<'g>,
    style: Style,
}

impl Content for Styled<'_> {
    fn write(&self, text: &mut Vec<u8>) -> io::Result<()> {
        self.file.append(text, self.style)
    }
}

/// The purpose of a backend's files in the record of the output directory.
fn purpose(backend: BackendName) -> &'static str {
    match backend {
        BackendName::Cloudformation => "cloudformation",
        BackendName::Terraform => "terraform",
    }
}

/// The address ledger; and the addresses of earlier runs, if it does not contain all of them: those of
/// the ledger, otherwise those of the current output; and those of the given states.
fn address_ledger(
    args: &SynthArgs,
    backend: BackendName,
    input: &Input,
    ledger: Option<Result<AddressLedger, Failure>>,
    folder: &Path,
) -> Result<Option<(AddressLedger, Option<Ledger>)>, Failure> {
    if backend != BackendName::Terraform {
        return if args.locked || !args.from_state.is_empty() {
            Err(Failure::one(Exit::Usage, &SynthError::LedgerOfTerraform))
        } else {
            Ok(None)
        };
    }
    let ledger = ledger.unwrap_or_else(|| AddressLedger::load(&input.path))?;
    let layout = terraform_layout(args.layout);
    if args.from_state.is_empty() && ledger.known().is_some_and(|known| known.knows(layout)) {
        return Ok(Some((ledger, None)));
    }
    let mut known = ledger.known().cloned().unwrap_or_default();
    if !known.knows(layout) && !args.stdout {
        let earlier = output::earlier(folder, purpose(backend))
            .map_err(|error| Failure::one(Exit::Io, &error))?;
        for (path, module) in earlier {
            learn_module(&mut known, layout, input, path.as_str(), &module);
        }
    }
    learn_states(&mut known, layout, input.graph.stacks(), &args.from_state)?;
    Ok(Some((ledger, Some(known))))
}

fn summary(written: &Written, folder: &str) -> String {
    let mut text = if written.changed > 0 {
        format!("wrote {} to {folder}", number(written.changed, "file"))
    } else {
        format!("{folder} is up to date")
    };
    // Writing to a string cannot fail.
    for (count, what) in [(written.unchanged, "unchanged"), (written.removed, "removed")] {
        if count > 0 {
            let _ = write!(text, ", {count} {what}");
        }
    }
    for path in &written.kept {
        let path = escape(&path.display().to_string());
        let _ = write!(text, "\nkept {path}: it is stale, but was changed since ecrane wrote it");
    }
    text
}

/// Options that cannot be combined, or that require other options.
#[derive(Debug, Error)]
pub(crate) enum SynthError {
    #[error("no backend is selected")]
    NoBackend,
    #[error("layout `{}` requires backend `{}`, not `{}`", name(layout), name(needed), name(asked))]
    LayoutOfOther { layout: Layout, asked: BackendName, needed: BackendName },
    #[error("`--stack` cannot be used with `--layout cdktf`")]
    StackOfCdktf,
    #[error("`--locked` and `--from-state` require the backend `terraform`")]
    LedgerOfTerraform,
    #[error("`--retain-all` requires the backend `cloudformation`")]
    RetainAllOfCloudformation,
    #[error("there is no stack `{id}`")]
    UnknownStack { id: String, known: Vec<String>, suggestion: Option<String> },
}

/// The value as written on the command line.
fn name(value: &impl clap::ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

impl SynthError {
    /// No stack has this id.
    pub(crate) fn unknown_stack(id: &str, stacks: &[StackNode]) -> Self {
        let ids = || stacks.iter().map(|stack| stack.id.as_str());
        Self::UnknownStack {
            id: id.to_owned(),
            known: ids().map(str::to_owned).collect(),
            suggestion: suggest(id, ids()).map(str::to_owned),
        }
    }
}

impl Explain for SynthError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoBackend => "synth::no_backend",
            Self::LayoutOfOther { .. } => "synth::layout_of_other_backend",
            Self::StackOfCdktf => "synth::stack_of_cdktf",
            Self::LedgerOfTerraform => "synth::ledger_of_terraform",
            Self::RetainAllOfCloudformation => "synth::retain_all_of_cloudformation",
            Self::UnknownStack { .. } => "synth::unknown_stack",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::NoBackend => Some(
                "pass `--backend cloudformation` or `--backend terraform`, or set `backend` in the config"
                    .to_owned(),
            ),
            Self::LayoutOfOther { .. } => Some("remove one of the two options".to_owned()),
            Self::StackOfCdktf => {
                Some("pass the stack to the cdktf CLI, which needs the manifest of all stacks".to_owned())
            }
            Self::LedgerOfTerraform => Some("remove the option".to_owned()),
            Self::RetainAllOfCloudformation => Some(
                "remove the option: Terraform keeps retained resources, and `terraform state rm` keeps any"
                    .to_owned(),
            ),
            Self::UnknownStack { known, .. } => {
                let known: Vec<_> = known.iter().map(|id| format!("`{id}`")).collect();
                Some(format!("the stacks are {}", known.join(", ")))
            }
        }
    }

    fn suggestion(&self) -> Option<&str> {
        match self {
            Self::UnknownStack { suggestion, .. } => suggestion.as_deref(),
            Self::NoBackend
            | Self::LayoutOfOther { .. }
            | Self::StackOfCdktf
            | Self::RetainAllOfCloudformation
            | Self::LedgerOfTerraform => None,
        }
    }
}
