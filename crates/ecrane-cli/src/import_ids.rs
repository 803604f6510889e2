//! The physical IDs of what exists, from AWS or from Terraform.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ecrane_cloudformation::StackResourcesError;
use ecrane_core::{Explain, Graph, PhysicalIds};
use ecrane_terraform::{Layout, StateError};
use thiserror::Error;

use crate::address_ledger::of_stack;
use crate::exit::Exit;
use crate::failure::Failure;

/// Reads the files, given as `STACK=FILE`, or as `FILE` if there is only one stack.
pub(crate) fn import_ids(
    graph: &Graph,
    layout: Layout,
    files: &[String],
) -> Result<PhysicalIds, Failure> {
    let mut ids = PhysicalIds::default();
    let mut failed = Vec::new();
    for file in files {
        let Some((stack, path)) = of_stack(file, graph.stacks()) else {
            let known = graph.stacks().iter().map(|stack| stack.id.clone()).collect();
            let error = ImportIdsError::OfNoStack { file: file.clone(), known };
            return Err(Failure::one(Exit::Usage, &error));
        };
        match read(graph, layout, stack, path) {
            Ok(read) => ids.extend(read),
            Err(error) => failed.push(error),
        }
    }
    if failed.is_empty() {
        return Ok(ids);
    }
    let unread = failed.iter().any(|error| matches!(error, ImportIdsError::Io { .. }));
    let exit = if unread { Exit::Io } else { Exit::Refused };
    Err(Failure::new(exit, failed.iter().map(|error| error as &dyn Explain)))
}

fn read(
    graph: &Graph,
    layout: Layout,
    stack: usize,
    path: &Path,
) -> Result<PhysicalIds, ImportIdsError> {
    let path = path.to_owned();
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(source) => return Err(ImportIdsError::Io { path, source }),
    };
    if is_state(&text) {
        ecrane_terraform::physical_ids(graph, layout, stack, &text)
            .map_err(|source| ImportIdsError::State { path, source })
    } else {
        ecrane_cloudformation::physical_ids(graph, stack, &text)
            .map_err(|source| ImportIdsError::StackResources { path, source })
    }
}

/// Whether a text is a state of Terraform, as a file or as `terraform show -json` prints it.
fn is_state(text: &[u8]) -> bool {
    let value: Option<serde_json::Value> = serde_json::from_slice(text).ok();
    let keys = ["terraform_version", "format_version"];
    value.is_some_and(|value| keys.iter().any(|key| value.get(key).is_some()))
}

/// An error in a file with physical IDs.
#[derive(Debug, Error)]
pub(crate) enum ImportIdsError {
    #[error("could not read `{}`", .path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("`{}` cannot be read", .path.display())]
    StackResources { path: PathBuf, source: StackResourcesError },
    #[error("`{}` cannot be read", .path.display())]
    State { path: PathBuf, source: StateError },
    #[error("`{file}` does not name the stack of these resources")]
    OfNoStack { file: String, known: Vec<String> },
}

impl Explain for ImportIdsError {
    fn code(&self) -> &'static str {
        match self {
            Self::Io { .. } => "import::io",
            Self::StackResources { source, .. } => source.code(),
            Self::State { source, .. } => source.code(),
            Self::OfNoStack { .. } => "import::of_no_stack",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Io { .. } => None,
            Self::StackResources { source, .. } => source.help(),
            Self::State { source, .. } => source.help(),
            Self::OfNoStack { known, .. } => {
                let known: Vec<_> = known.iter().map(|id| format!("`{id}`")).collect();
                Some(format!("write `STACK=FILE`; the stacks are {}", known.join(", ")))
            }
        }
    }
}
