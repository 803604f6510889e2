//! Pinned addresses and overrides of a construct, which only ecrane supports.

use serde_json::Value;

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
    // The CDK 1 dialect cannot pin addresses.
    if !draft.ecrane() || !draft.cdk2 {
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

/// Names the parts of a construct that are resources of their own in Terraform: each with the key of
/// the construct that brings it about.
pub(super) fn name_parts(draft: &mut Draft, construct: &mut Object, parts: &[(&str, &str)]) {
    if !draft.ecrane() || !draft.cdk2 || !draft.random.chance(60) {
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
