//! The manifest that the `cdktf` and `cdktn` CLIs read.

use std::collections::{BTreeMap, BTreeSet};

use ecrane_core::Problem;
use serde::Serialize;

/// The CDKTF version in the files.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// `manifest.json`.
#[derive(Debug, Serialize)]
pub(crate) struct Manifest<'g> {
    stacks: BTreeMap<&'g str, ManifestStack<'g>>,
    version: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ManifestStack<'g> {
    annotations: Vec<Annotation>,
    construct_path: &'g str,
    dependencies: BTreeSet<&'g str>,
    name: &'g str,
    synthesized_stack_path: String,
    working_directory: String,
}

/// A message that the CLIs print.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Annotation {
    construct_path: String,
    level: &'static str,
    message: String,
}

/// The directory of a stack, below the output directory. The CLIs delete sibling directories that
/// are not named after a stack.
pub(crate) fn folder(stack: &str) -> String {
    format!("stacks/{stack}")
}

impl<'g> Manifest<'g> {
    pub(crate) fn new() -> Self {
        Self { stacks: BTreeMap::new(), version: VERSION }
    }

    /// Adds a stack, with the stacks whose state it reads, its warnings, and the addresses of the
    /// resources that Terraform refuses to destroy.
    pub(crate) fn add(
        &mut self,
        stack: &'g str,
        dependencies: BTreeSet<&'g str>,
        warnings: &[(String, &Problem)],
        retained: &[String],
    ) {
        let mut annotations = Vec::new();
        for (construct_path, warning) in warnings {
            annotations.push(Annotation {
                construct_path: construct_path.clone(),
                level: "@cdktf/warn",
                message: warning.annotation(),
            });
        }
        if !retained.is_empty() {
            annotations.push(Annotation {
                construct_path: stack.to_owned(),
                level: "@cdktf/info",
                message: retention(stack, retained),
            });
        }
        let folder = folder(stack);
        let entry = ManifestStack {
            annotations,
            construct_path: stack,
            dependencies,
            name: stack,
            synthesized_stack_path: format!("{folder}/cdk.tf.json"),
            working_directory: folder,
        };
        self.stacks.insert(stack, entry);
    }
}

/// The resources that `destroy` cannot destroy, and what to do: the CLI only shows Terraform's
/// error.
fn retention(stack: &str, retained: &[String]) -> String {
    let addresses = retained.join(", ");
    format!(
        "`destroy {stack}` is refused while these resources are retained: {addresses}\n\
         help: to keep them and delete the rest, remove the stack from the config and deploy it \
         once more; to delete them too, set `removalPolicy: destroy` on them, deploy, then destroy"
    )
}
