//! Pinned addresses and overrides of a construct, which only ecrane supports.

use serde_json::Value;

use super::{Draft, Object};

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
    // The CDK 1 dialect cannot pin addresses.
    if draft.cdk2 && draft.random.chance(12) {
        let name = draft.unique("pinned_");
        construct.insert("terraformName".into(), name.into());
    }
    if draft.cdk2 && draft.random.chance(12) {
        let id = draft.unique("Pinned");
        construct.insert("logicalId".into(), id.into());
    }
    if draft.random.chance(12) {
        let overrides = Object::from_iter([("properties".into(), properties)]);
        construct.insert("cloudformation".into(), overrides.into());
        construct.insert("terraform".into(), arguments);
    }
}
