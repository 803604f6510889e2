//! AWS CDK compatibility settings.

use serde_json::Value;

use super::{Draft, Object, words};

/// The `compatibility` of a config. Always complete for the CDK dialects, otherwise partly omitted.
pub(super) fn compatibility(draft: &mut Draft) -> Object {
    let mut compatibility = Object::new();
    if !draft.cdk2 {
        compatibility.insert("awsCdk".into(), "1".into());
        return compatibility;
    }
    if !draft.ecrane() || draft.random.chance(50) {
        compatibility.insert("awsCdk".into(), "2".into());
    }
    match draft.random.below(5) {
        0 | 1 => {}
        2 | 3 => {
            compatibility.insert("featureFlags".into(), "recommended".into());
        }
        _ => {
            compatibility.insert("featureFlags".into(), flags(draft).into());
        }
    }
    compatibility
}

fn flags(draft: &mut Draft) -> Object {
    let count = draft.random.between(1, words::FLAGS.len());
    let mut flags = Object::new();
    for flag in draft.random.sample(&words::FLAGS, count) {
        flags.insert(flag.into(), draft.random.chance(85).into());
    }
    if draft.random.chance(30) {
        let strength: Value = draft.random.pick(&["strong", "weak", "both"]).into();
        flags.insert("@aws-cdk/core:defaultCrossStackReferences".into(), strength);
    }
    flags
}

/// Enables the bootstrap version check in all templates.
pub(super) fn check_bootstrap_version(config: &mut Value) {
    let config = config.as_object_mut();
    let compatibility =
        config.map(|config| config.entry("compatibility").or_insert_with(|| Object::new().into()));
    if let Some(compatibility) = compatibility.and_then(Value::as_object_mut) {
        compatibility.insert("generateBootstrapVersionRule".into(), true.into());
    }
}
