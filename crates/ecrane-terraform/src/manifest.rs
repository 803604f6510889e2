//! The manifest that the `cdktf` and `cdktn` CLIs read.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use ecrane_core::Problem;
use serde::Serialize;

use crate::targets::{ROOT_FILE, Roots, TargetsLedger};

/// The CDKTF version in the files.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// `manifest.json`.
#[derive(Debug, Serialize)]
pub(crate) struct Manifest<'g> {
    stacks: BTreeMap<Cow<'g, str>, ManifestStack<'g>>,
    version: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ManifestStack<'g> {
    annotations: Vec<Annotation>,
    construct_path: Cow<'g, str>,
    dependencies: BTreeSet<&'g str>,
    name: Cow<'g, str>,
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
        let annotations = annotations(stack, warnings, retained);
        self.insert(stack.into(), "cdk.tf.json", annotations, dependencies);
    }

    /// Adds the root modules of a stack with targets. What is to be known is told once, with the first
    /// of them.
    pub(crate) fn add_targets(
        &mut self,
        stack: &str,
        targets: &TargetsLedger,
        warnings: &[(String, &Problem)],
        retained: &[String],
    ) {
        let mut annotations = annotations(stack, warnings, retained);
        for name in Roots::names(stack, targets) {
            let annotations = std::mem::take(&mut annotations);
            self.insert(name.into(), ROOT_FILE, annotations, BTreeSet::new());
        }
    }

    fn insert(
        &mut self,
        name: Cow<'g, str>,
        file: &str,
        annotations: Vec<Annotation>,
        dependencies: BTreeSet<&'g str>,
    ) {
        let folder = folder(&name);
        let entry = ManifestStack {
            annotations,
            construct_path: name.clone(),
            dependencies,
            name: name.clone(),
            synthesized_stack_path: format!("{folder}/{file}"),
            working_directory: folder,
        };
        self.stacks.insert(name, entry);
    }
}

fn annotations(
    stack: &str,
    warnings: &[(String, &Problem)],
    retained: &[String],
) -> Vec<Annotation> {
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
    annotations
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
