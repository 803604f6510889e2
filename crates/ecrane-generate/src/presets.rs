//! Presets.

use serde_json::{Value, json};

use super::{Draft, Object, repositories};

/// The names of the presets. Each preset inherits from the previous one.
pub(super) const NAMES: [&str; 2] = ["base", "service"];

/// The `presets` of a config. Their properties are compatible with all properties that a repository
/// may set.
pub(super) fn all(draft: &mut Draft) -> Object {
    let mut below = None;
    NAMES
        .into_iter()
        .map(|name| {
            let mut preset = preset(draft);
            if let Some(below) = below.replace(name)
                && draft.random.chance(60)
            {
                preset.insert("preset".into(), below.into());
            }
            (name.to_owned(), preset.into())
        })
        .collect()
}

fn preset(draft: &mut Draft) -> Object {
    let mut all = vec![
        ("imageScanOnPush", json!(true)),
        ("imageTagMutability", json!("IMMUTABLE")),
        ("removalPolicy", json!("destroy")),
        ("lifecycleRegistryId", json!("111122223333")),
        ("tags", repositories::tags(draft)),
        ("lifecycleRules", repositories::lifecycle_rules(draft).into()),
        ("resourcePolicy", json!([shared("ecr:BatchGetImage")])),
        ("grants", json!([{ "to": { "account": "777788889999" }, "allow": "pull" }])),
        ("events", json!({ "Shared": { "on": "imageScanCompleted" } })),
        ("terraform", json!({ "timeouts": { "delete": "5m" } })),
    ];
    if draft.cdk2 {
        all.push(("encryption", json!("KMS")));
    }
    let count = draft.random.between(1, 4);
    draft.random.sample(&all, count).into_iter().map(|(key, part)| (key.to_owned(), part)).collect()
}

fn shared(action: &str) -> Value {
    json!({ "principals": [{ "account": "444455556666" }], "actions": [action] })
}
