//! The IDs and names of stacks that a module does not tell itself.
//!
//! ecrane calls the directory of a module by the name of the stack, and the data source with its state
//! by the ID. Where they differ, only the readers of a state know the ID of its stack.

use std::collections::BTreeSet;

use ecrane_core::ConstructPath;
use ecrane_terraform::{Layout, resource_name};
use serde_json::{Map, Value, json};

use super::module::block;
use crate::identity::OVERFLOW;
use crate::stack::{Origin, Stack};
use crate::value::reference;
use crate::word::camel;

/// A data source with the state of another module.
#[derive(Debug, Clone)]
pub(crate) struct RemoteState {
    name: String,
    /// The type of the backend, and its arguments.
    backend: Value,
}

/// The states that a module reads.
pub(super) fn remote_states(document: &Map<String, Value>) -> Vec<RemoteState> {
    let named = document.get("data").and_then(|it| it.get("terraform_remote_state"));
    let named = named.and_then(Value::as_object).into_iter().flatten();
    let states = named.filter_map(|(name, data)| {
        let data = block(data)?;
        let backend = json!({ data.get("backend")?.as_str()?: data.get("config")? });
        Some(RemoteState { name: name.clone(), backend })
    });
    states.collect()
}

/// Gives each stack the ID by which others read its state.
pub(crate) fn name_by_readers(stacks: &mut [Stack]) {
    let states: Vec<RemoteState> =
        stacks.iter().flat_map(|it| it.remote_states.iter().cloned()).collect();
    let mut taken: BTreeSet<String> = stacks.iter().map(|it| it.id.clone()).collect();
    for stack in stacks.iter_mut().filter(|it| it.origin == Origin::Terraform(Layout::Plain)) {
        let Some(state) = states.iter().find(|it| is_of(it, stack)) else { continue };
        let derives = |id: &str| {
            ConstructPath::of_id(id)
                .is_ok_and(|path| resource_name(&path, Layout::Plain) == state.name)
        };
        let id = camel(&state.name);
        if !derives(&stack.id) && derives(&id) && taken.insert(id.clone()) {
            stack.stack_name = Some(std::mem::replace(&mut stack.id, id));
        }
    }
}

/// Gives each stack the ID that the policies say for which a role's inline policy has no place.
pub(crate) fn name_by_policies(stacks: &mut [Stack]) {
    let mut taken: BTreeSet<String> = stacks.iter().map(|it| it.id.clone()).collect();
    for stack in stacks.iter_mut().filter(|it| it.origin == Origin::Terraform(Layout::Plain)) {
        let id = stack.resources.values().find_map(|policy| {
            let of = policy.properties.get("Description")?.as_str()?.strip_prefix(OVERFLOW)?;
            let (role, _) = reference(policy.properties.get("Roles")?.get(0)?)?;
            let role = stack.resources.get(role)?.id.as_deref()?;
            of.strip_suffix(role)?.strip_suffix('/').map(str::to_owned)
        });
        let Some(id) = id.filter(|it| *it != stack.id) else { continue };
        if ConstructPath::of_id(&id).is_ok() && taken.insert(id.clone()) {
            stack.stack_name = Some(std::mem::replace(&mut stack.id, id));
        }
    }
}

/// Gives each stack the name that the tags of its roles and users begin with, which say the hash of their
/// path behind it.
pub(crate) fn name_by_tags(stacks: &mut [Stack]) {
    for stack in stacks.iter_mut().filter(|it| it.is_module && it.stack_name.is_none()) {
        let name = stack.resources.values().find_map(|resource| {
            let tag = resource.arguments.get("tags")?.get("aws-cdk:id")?.as_str()?;
            let path = ConstructPath::of_id(resource.id.as_deref()?).ok()?;
            tag.strip_suffix(&path.address(&stack.id))?.strip_suffix('_').map(str::to_owned)
        });
        stack.stack_name = name.filter(|it| *it != stack.id);
    }
}

/// Whether a state is that of a stack. The path of a local one leads to the directory of its module.
fn is_of(state: &RemoteState, stack: &Stack) -> bool {
    let Some(own) = stack.settings.get("backend") else { return false };
    let mut read = state.backend.clone();
    if let Some(Value::String(path)) = read.pointer_mut("/local/path")
        && let Some(below) = path.strip_prefix(&format!("../{}/", stack.id))
    {
        *path = below.to_owned();
    }
    read == *own
}
