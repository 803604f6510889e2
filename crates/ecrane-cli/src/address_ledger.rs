//! The address ledger beside a config.
//!
//! It is a separate file, committed with the config like `Cargo.lock`: a fresh checkout has no
//! output directory of earlier runs.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use ecrane_core::{Explain, StackNode};
use ecrane_terraform::{Layout, Ledger, LedgerError, StateError};
use thiserror::Error;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::Input;

/// The size of a ledger from which another thread pays, in bytes: some thousand repositories.
const LARGE: u64 = 1 << 20;

/// The ledger and its file.
#[derive(Debug)]
pub(crate) struct AddressLedger {
    path: PathBuf,
    /// The content, or `None` if the file does not exist.
    known: Option<Ledger>,
}

impl AddressLedger {
    /// Whether the ledger of a config is so large that it is to be read beside the config.
    pub(crate) fn is_large(config: &Path) -> bool {
        path_of(config).metadata().is_ok_and(|found| found.len() >= LARGE)
    }

    /// Reads the ledger of a config: `ecrane.addresses.json` beside `ecrane.yaml`.
    pub(crate) fn load(config: &Path) -> Result<Self, Failure> {
        let path = path_of(config);
        let text = match fs::read(&path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => {
                let error = FileError::Io { action: "read", path, source };
                return Err(Failure::one(Exit::Io, &error));
            }
        };
        let known = text.as_deref().map(Ledger::parse).transpose();
        let known = known.map_err(|source| {
            Failure::one(Exit::Refused, &FileError::Malformed { path: path.clone(), source })
        })?;
        Ok(Self { path, known })
    }

    /// The ledger in the file.
    pub(crate) fn known(&self) -> Option<&Ledger> {
        self.known.as_ref()
    }

    /// Fails if the ledger differs from the file.
    pub(crate) fn expect(&self, new: &Ledger) -> Result<(), Failure> {
        if self.known.as_ref() == Some(new) {
            return Ok(());
        }
        let path = self.path.clone();
        Err(Failure::one(Exit::Refused, &FileError::Outdated { path }))
    }

    /// Writes a ledger to the file. Returns `None` if nothing changed.
    pub(crate) fn write(&self, new: &Ledger) -> Result<Option<Noted>, Failure> {
        if self.known.as_ref() == Some(new) {
            return Ok(None);
        }
        let io = |action| {
            move |source| {
                let path = self.path.clone();
                Failure::one(Exit::Io, &FileError::Io { action, path, source })
            }
        };
        let before = self.known.as_ref().map(|_| fs::read(&self.path));
        let before = before.transpose().map_err(io("read"))?;
        replace(&self.path, |file| Ok(new.write(file)?)).map_err(io("write"))?;
        Ok(Some(Noted { path: self.path.clone(), before }))
    }
}

fn path_of(config: &Path) -> PathBuf {
    config.with_extension("addresses.json")
}

/// A ledger that has been written.
#[derive(Debug)]
pub(crate) struct Noted {
    path: PathBuf,
    /// The previous content, or `None` if the file did not exist.
    before: Option<Vec<u8>>,
}

impl Noted {
    /// Restores the previous content if the output could not be written. If this fails, the ledger
    /// contains additional addresses, which is harmless.
    pub(crate) fn undo(self) {
        let _ = match self.before {
            None => fs::remove_file(&self.path),
            Some(text) => replace(&self.path, |file| file.write_all(&text)),
        };
    }
}

/// Replaces a file atomically.
fn replace(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> io::Result<()> {
    // If the file is a symbolic link, its target is replaced.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let new = path.with_extension("json.new");
    let mut file = BufWriter::new(File::create(&new)?);
    let written = write(&mut file).and_then(|()| file.flush());
    written.and_then(|()| fs::rename(&new, &path)).inspect_err(|_| {
        // It would be overwritten by the next run.
        let _ = fs::remove_file(&new);
    })
}

/// Adds a module of an earlier run, at a path below the output directory.
pub(crate) fn learn_module(
    known: &mut Ledger,
    layout: Layout,
    input: &Input,
    path: &str,
    module: &[u8],
) {
    // A root module that calls the module of a stack has no resources.
    let Some((folder, _)) = path.rsplit_once('/').filter(|_| ecrane_diff::is_stack(path)) else {
        return;
    };
    let name = folder.strip_prefix("modules/");
    let name = name.or((layout == Layout::Cdktf).then(|| folder.strip_prefix("stacks/")).flatten());
    let name = name.unwrap_or(folder);
    let stack = input.graph.stacks().iter().find(|stack| stack.output_name == name);
    let id = stack.filter(|_| layout == Layout::Plain).map_or(name, |stack| &stack.id);
    known.learn_module(layout, id, folder, module);
}

/// The position of the stack, by its ID or name, and the path, in an argument `STACK=FILE`, or `FILE` if there is only one
/// stack.
pub(crate) fn of_stack<'a>(argument: &'a str, stacks: &[StackNode]) -> Option<(usize, &'a Path)> {
    let named = argument.split_once('=').and_then(|(id, path)| {
        let is_meant = |stack: &StackNode| stack.id == id || stack.name == id;
        Some((stacks.iter().position(is_meant)?, Path::new(path)))
    });
    named.or((stacks.len() == 1).then(|| (0, Path::new(argument))))
}

/// Adds states, given as `STACK=FILE`, or as `FILE` if there is only one stack.
pub(crate) fn learn_states(
    known: &mut Ledger,
    layout: Layout,
    stacks: &[StackNode],
    states: &[String],
) -> Result<(), Failure> {
    let mut failed = Vec::new();
    for state in states {
        let named = of_stack(state, stacks);
        let Some((stack, path)) = named.and_then(|(at, path)| Some((stacks.get(at)?, path))) else {
            let known = stacks.iter().map(|stack| stack.id.clone()).collect();
            let error = FileError::StateOfNoStack { state: state.clone(), known };
            return Err(Failure::one(Exit::Usage, &error));
        };
        check_single(stack)?;
        let learnt = fs::read(path)
            .map_err(|source| FileError::Io { action: "read", path: path.to_owned(), source })
            .and_then(|text| {
                let learnt = known.learn_state(layout, &stack.id, &text);
                learnt.map_err(|source| FileError::State { path: path.to_owned(), source })
            });
        failed.extend(learnt.err());
    }
    if failed.is_empty() {
        return Ok(());
    }
    let unread = failed.iter().any(|error| matches!(error, FileError::Io { .. }));
    let exit = if unread { Exit::Io } else { Exit::Refused };
    Err(Failure::new(exit, failed.iter().map(|error| error as &dyn Explain)))
}

/// Fails if a stack has a state for each of its targets: their addresses are those of the module that
/// the root modules call, and the ledger has one set of them.
pub(crate) fn check_single(stack: &StackNode) -> Result<(), Failure> {
    if stack.targets.is_none() {
        return Ok(());
    }
    let error = FileError::StateOfTargets { stack: stack.id.clone() };
    Err(Failure::one(Exit::Usage, &error))
}

/// An error in the ledger or in a state.
#[derive(Debug, Error)]
pub(crate) enum FileError {
    #[error("could not {action} `{}`", .path.display())]
    Io { action: &'static str, path: PathBuf, source: io::Error },
    #[error("`{}` cannot be read", .path.display())]
    Malformed { path: PathBuf, source: LedgerError },
    #[error("`{}` would change, which `--locked` does not allow", .path.display())]
    Outdated { path: PathBuf },
    #[error("`{}` cannot be read", .path.display())]
    State { path: PathBuf, source: StateError },
    #[error("`{state}` does not name the stack of this state")]
    StateOfNoStack { state: String, known: Vec<String> },
    #[error("stack `{stack}` has a state for each of its targets")]
    StateOfTargets { stack: String },
}

impl Explain for FileError {
    fn code(&self) -> &'static str {
        match self {
            Self::Io { .. } => "ledger::io",
            Self::Malformed { source, .. } => source.code(),
            Self::Outdated { .. } => "ledger::outdated",
            Self::State { source, .. } => source.code(),
            Self::StateOfNoStack { .. } => "ledger::state_of_no_stack",
            Self::StateOfTargets { .. } => "ledger::state_of_targets",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Io { .. } => None,
            Self::Malformed { source, .. } => source.help(),
            Self::Outdated { .. } => {
                Some("run `ecrane synth` without `--locked`, and commit the file".to_owned())
            }
            Self::State { source, .. } => source.help(),
            Self::StateOfTargets { .. } => Some(
                "use the address ledger that `synth` writes beside the config, or compare with an earlier output"
                    .to_owned(),
            ),
            Self::StateOfNoStack { known, .. } => {
                let known: Vec<_> = known.iter().map(|id| format!("`{id}`")).collect();
                Some(format!("write `STACK=FILE`; the stacks are {}", known.join(", ")))
            }
        }
    }
}
