//! The module of a stack that was removed, for states that still contain its resources.

use ecrane_core::{Place, Problem};
use serde::Serialize;
use serde_json::Value;

use crate::ledger::{Change, StackLedger, compare};
use crate::manifest::VERSION;
use crate::options::{Layout, Options};
use crate::refactoring::{RemovedBlock, removed, required_version};
use crate::targets::Roots;
use crate::version::VersionConstraint;

/// A module without resources: Terraform destroys the resources that are not retained.
#[derive(Debug, Serialize)]
pub(crate) struct DepartedModule {
    #[serde(rename = "//", skip_serializing_if = "Option::is_none")]
    comment: Option<Value>,
    terraform: serde_json::Map<String, Value>,
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    provider: serde_json::Map<String, Value>,
    removed: Vec<RemovedBlock>,
}

/// What is left of a stack that was removed.
#[derive(Debug)]
pub(crate) struct Departed {
    pub(crate) module: DepartedModule,
    pub(crate) entry: StackLedger,
    /// What calls the module, if the stack had targets.
    pub(crate) roots: Option<Roots>,
}

/// What is left of a stack that was removed, if it has retained resources.
pub(crate) fn departed(
    id: &str,
    before: &StackLedger,
    options: &Options,
    problems: &mut Vec<Problem>,
) -> Option<Departed> {
    let now = std::collections::BTreeMap::new();
    let change = compare(before, &now, &std::collections::BTreeMap::new());
    if change.gone.is_empty() {
        return None;
    }
    let mut terraform = before.terraform.clone();
    let pin = terraform.get("required_version").and_then(Value::as_str);
    let pin = pin.map(VersionConstraint::try_from).transpose();
    let pin = pin.map_err(|error| problems.push(Problem::error(Place::default(), error)));
    let pin = pin.ok().flatten();
    let version = required_version(&change, None, pin.as_ref(), &Place::default(), problems);
    if let Some(version) = version {
        terraform.insert("required_version".to_owned(), version.into());
    }
    let roots = before.targets.clone().map(|targets| Roots {
        id: id.to_owned(),
        name: before.folder.rsplit('/').next().unwrap_or_default().to_owned(),
        layout: options.layout,
        project: options.project.clone(),
        targets,
        terraform: terraform.clone(),
        provider: before.provider.clone(),
        outputs: serde_json::Map::new(),
        output_tree: Value::Null,
    });
    if roots.is_some() {
        terraform.remove("backend");
    } else if options.layout == Layout::Cdktf && !terraform.contains_key("backend") {
        let local = serde_json::json!({ "local": { "path": options.local_state(id) } });
        terraform.insert("backend".to_owned(), local);
    }
    let comment = (options.layout == Layout::Cdktf && roots.is_none()).then(|| {
        let backend = before.terraform.get("backend").and_then(Value::as_object);
        let backend = backend.and_then(|backend| backend.keys().next());
        let backend = backend.map_or("local", String::as_str);
        let metadata =
            serde_json::json!({ "backend": backend, "stackName": id, "version": VERSION });
        serde_json::json!({ "metadata": metadata })
    });
    let module = DepartedModule {
        comment,
        terraform,
        provider: if roots.is_some() { serde_json::Map::new() } else { before.provider.clone() },
        removed: removed(&change.gone),
    };
    let Change { gone, moved: _, conflicts: _ } = change;
    let entry = StackLedger {
        folder: before.folder.clone(),
        terraform: before.terraform.clone(),
        provider: before.provider.clone(),
        targets: before.targets.clone(),
        gone,
        ..StackLedger::default()
    };
    Some(Departed { module, entry, roots })
}
