//! Pinned addresses and overrides of a construct, which only ecrane supports.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Draft, Object, insert_filled};

/// Pins the addresses of a construct, and adds `properties` as the override of its template and
/// `arguments` as the override of its module. Both must mean the same, so that both backends
/// produce the same AWS state.
pub(super) fn deploy(
    draft: &mut Draft,
    construct: &mut Object,
    properties: Value,
    arguments: Value,
) {
    if !draft.ecrane() {
        return;
    }
    pin(draft, construct);
    if draft.random.chance(12) {
        let overrides = Object::from_iter([("properties".into(), properties)]);
        construct.insert("cloudformation".into(), overrides.into());
        construct.insert("terraform".into(), arguments);
    }
}

/// Pins the addresses of a construct.
pub(super) fn pin(draft: &mut Draft, construct: &mut Object) {
    if !draft.ecrane() {
        return;
    }
    if draft.random.chance(15) {
        let name = draft.unique("pinned_");
        construct.insert("terraformName".into(), name.into());
    }
    if draft.random.chance(15) {
        let id = draft.unique("Pinned");
        construct.insert("logicalId".into(), id.into());
    }
}

/// Names the inline policies of principals that repositories of the stack grant something to.
pub(super) fn name_policies(draft: &mut Draft, stack: &mut Object) {
    if !draft.ecrane() {
        return;
    }
    let repositories = stack.get("repositories").and_then(Value::as_object);
    let grants = repositories.into_iter().flatten().filter(|(_, it)| it.get("import").is_none());
    let grants = grants.filter_map(|(_, it)| it.get("grants")?.as_array()).flatten();
    let grantees: BTreeSet<String> =
        grants.filter_map(|it| Some(it.get("to")?.as_str()?.to_owned())).collect();
    let principals = stack.get_mut("principals").and_then(Value::as_object_mut);
    for (id, principal) in principals.into_iter().flatten() {
        let is_own = ["role", "user", "group"].iter().any(|it| principal.get(*it).is_some());
        if is_own && grantees.contains(id) && draft.random.chance(30) {
            let mut policy = Object::new();
            if draft.random.chance(70) {
                policy.insert("policyName".into(), draft.unique("policy-").into());
            }
            let description = json!({ "PolicyName": "laid-over" });
            deploy(draft, &mut policy, description, json!({ "name": "laid-over" }));
            if let Some(principal) = principal.as_object_mut() {
                principal.insert("inlinePolicy".into(), policy.into());
            }
        }
    }
}

/// Names the parts of a construct that are resources of their own in Terraform: each with the key of
/// the construct that brings it about.
pub(super) fn name_parts(draft: &mut Draft, construct: &mut Object, parts: &[(&str, &str)]) {
    if !draft.ecrane() || !draft.random.chance(60) {
        return;
    }
    let mut names = Object::new();
    for (part, because) in parts {
        if construct.contains_key(*because) && draft.random.chance(70) {
            names.insert((*part).into(), draft.unique("part_").into());
        }
    }
    insert_filled(construct, "terraformNames", names);
}
