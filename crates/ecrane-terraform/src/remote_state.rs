//! References between stacks: an output here, and the state that it is read from there.

use ecrane_core::StackNode;
use indexmap::IndexMap;
use serde::Serialize;

use crate::expression::Text;
use crate::module::{Opaque, opaque};
use crate::options::{Backend, Layout, Options};
use crate::provider::{BackendArguments, BackendBlock};

/// The data source `terraform_remote_state`.
#[derive(Debug, Serialize)]
pub(crate) struct RemoteState<'g> {
    backend: &'g str,
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace: Option<Text<'g>>,
    config: BackendArguments<'g>,
}

/// The backend that a stack has when none is given.
///
/// In the `cdktf` layout that is a local state in the folder of the project, where CDKTF keeps it;
/// Terraform's default of a state inside the stack's folder would be lost with the folder. A root module of
/// the plain layout says nothing, which is the local state of Terraform's own.
pub(crate) fn backend_block<'g>(
    stack: &'g StackNode,
    backend: Option<&'g Backend>,
    options: &Options,
) -> Option<BackendBlock<'g>> {
    match (backend, options.layout) {
        (Some(backend), _) => Some(BackendBlock::from([(backend.kind.as_str(), backend.into())])),
        (None, Layout::Cdktf) => {
            let path = Text::owned(options.local_state(&stack.id));
            Some(BackendBlock::from([(
                "local",
                BackendArguments::Path { path, rest: IndexMap::new() },
            )]))
        }
        (None, Layout::Plain) => None,
    }
}

/// The data source that reads a stack's state, unless that is kept where nobody else can read it.
pub(crate) fn remote_state<'g>(
    producer: &'g StackNode,
    backend: Option<&'g Backend>,
    options: &Options,
) -> Option<RemoteState<'g>> {
    let Some(backend) = backend else {
        return match options.layout {
            Layout::Plain => None,
            Layout::Cdktf => Some(RemoteState {
                backend: "local",
                workspace: workspace("local"),
                config: BackendArguments::Path {
                    path: Text::owned(options.local_state(&producer.id)),
                    rest: IndexMap::new(),
                },
            }),
        };
    };
    let mut rest: IndexMap<&str, Opaque<'_>> = opaque(&backend.arguments).collect();
    let path = rest.shift_remove("path");
    let config = match path.and_then(|Opaque(path)| path.as_str()) {
        // A relative path counts from the folder of the stack whose state it is.
        Some(path) if backend.kind == "local" && !path.starts_with('/') => {
            let folder = match options.layout {
                Layout::Plain => &producer.name,
                Layout::Cdktf => &producer.id,
            };
            BackendArguments::Path { path: Text::owned(format!("../{folder}/{path}")), rest }
        }
        _ => backend.into(),
    };
    Some(RemoteState { backend: &backend.kind, workspace: workspace(&backend.kind), config })
}

/// The workspace to read: the one at hand, for the backends that have workspaces by that name.
fn workspace<'g>(backend: &str) -> Option<Text<'g>> {
    let has_workspaces = !matches!(backend, "remote" | "http");
    has_workspaces.then(|| Text::expression("terraform.workspace"))
}
