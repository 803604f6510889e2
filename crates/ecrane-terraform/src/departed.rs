//! The module of a stack that was removed, for states that still contain its resources.

use ecrane_core::{Place, Problem};
use serde::Serialize;
use serde_json::Value;

use crate::ledger::{Change, StackLedger, compare};
use crate::manifest::VERSION;
use crate::options::{Layout, Options};
use crate::refactoring::{RemovedBlock, removed, required_version};
use crate::version::VersionConstraint;

/// A module without resources: Terraform destroys the resources that are not retained.
#[derive(Debug, Serialize)]
pub(crate) struct DepartedModule<'g> {
    #[serde(rename = "//", skip_serializing_if = "Option::is_none")]
    comment: Option<Value>,
    terraform: serde_json::Map<String, Value>,
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    provider: &'g serde_json::Map<String, Value>,
    removed: Vec<RemovedBlock>,
}

/// The module and ledger entry of a stack that was removed, if it has retained resources.
pub(crate) fn departed<'g>(
    id: &str,
    before: &'g StackLedger,
    options: &Options,
    problems: &mut Vec<Problem>,
) -> Option<(DepartedModule<'g>, StackLedger)> {
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
    if options.layout == Layout::Cdktf && !terraform.contains_key("backend") {
        let local = serde_json::json!({ "local": { "path": options.local_state(id) } });
        terraform.insert("backend".to_owned(), local);
    }
    let comment = (options.layout == Layout::Cdktf).then(|| {
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
        provider: &before.provider,
        removed: removed(&change.gone),
    };
    let Change { gone, moved: _, conflicts: _ } = change;
    let ledger = StackLedger {
        folder: before.folder.clone(),
        terraform: before.terraform.clone(),
        provider: before.provider.clone(),
        gone,
        ..StackLedger::default()
    };
    Some((module, ledger))
}
