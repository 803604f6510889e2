//! Cross-stack references: the remote state from which outputs are read.

use ecrane_core::StackNode;
use indexmap::IndexMap;
use serde::Serialize;

use crate::expression::Text;
use crate::opaque::{Opaque, opaque};
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

/// The default backend of a stack.
///
/// In the `cdktf` layout, it is a local state in the project directory, as in CDKTF: Terraform's
/// default, a state in the stack's directory, would be deleted with the directory. In the plain
/// layout, there is no `backend` block, and Terraform uses its default.
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

/// The data source that reads a stack's state, if other stacks can read it.
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
                Layout::Plain => &producer.output_name,
                Layout::Cdktf => &producer.id,
            };
            BackendArguments::Path { path: Text::owned(format!("../{folder}/{path}")), rest }
        }
        _ => backend.into(),
    };
    Some(RemoteState { backend: &backend.kind, workspace: workspace(&backend.kind), config })
}

/// The workspace to read: the current one, for backends that support workspaces.
fn workspace<'g>(backend: &str) -> Option<Text<'g>> {
    let has_workspaces = !matches!(backend, "remote" | "http");
    has_workspaces.then(|| Text::expression("terraform.workspace"))
}
