//! Where a construct is deployed, and what is laid over it: what ecrane alone has words for.

use serde_json::Value;

use super::{Draft, Object};

/// Pins a construct to addresses, and lays `properties` over it in a template and `arguments` in a module. Both mean
/// the same, so that both backends come to the same state of AWS.
pub(super) fn deploy(
    draft: &mut Draft,
    construct: &mut Object,
    properties: Value,
    arguments: Value,
) {
    if !draft.ecrane() {
        return;
    }
    // The CDK 1 that templates may have to equal makes its own addresses.
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
