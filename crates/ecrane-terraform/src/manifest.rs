//! The manifest that the `cdktf` and `cdktn` command lines read.

use std::collections::{BTreeMap, BTreeSet};

use ecrane_core::Problem;
use serde::Serialize;

/// The version that the files name as that of the program that wrote them.
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
    annotations: Vec<Annotation<'g>>,
    construct_path: &'g str,
    dependencies: BTreeSet<&'g str>,
    name: &'g str,
    synthesized_stack_path: String,
    working_directory: String,
}

/// A message that the command lines print before they go on.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Annotation<'g> {
    construct_path: &'g str,
    level: &'static str,
    message: String,
}

/// The folder of a stack, below the output folder. The command lines delete folders beside it
/// that do not bear the name of a stack.
pub(crate) fn folder(stack: &str) -> String {
    format!("stacks/{stack}")
}

impl<'g> Manifest<'g> {
    pub(crate) fn new() -> Self {
        Self { stacks: BTreeMap::new(), version: VERSION }
    }

    /// Adds a stack, with the stacks it reads the state of and what is to be said about it.
    pub(crate) fn add(
        &mut self,
        stack: &'g str,
        dependencies: BTreeSet<&'g str>,
        warnings: &[&Problem],
    ) {
        let annotation = |warning: &&Problem| Annotation {
            construct_path: stack,
            level: "@cdktf/warn",
            message: format!("{}: {} [{}]", warning.place, warning.fact, warning.fact.code()),
        };
        let folder = folder(stack);
        let entry = ManifestStack {
            annotations: warnings.iter().map(annotation).collect(),
            construct_path: stack,
            dependencies,
            name: stack,
            synthesized_stack_path: format!("{folder}/cdk.tf.json"),
            working_directory: folder,
        };
        self.stacks.insert(stack, entry);
    }
}
