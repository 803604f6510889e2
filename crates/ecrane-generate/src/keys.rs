//! KMS keys.

use serde_json::{Value, json};

use super::paths::Paths;
use super::{Draft, Object, deployment, words};

pub(super) const KEY_ARN: &str =
    "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/// The `keys` of a stack.
pub(super) fn all(draft: &mut Draft, paths: &mut Paths) -> Object {
    let mut keys = Object::new();
    for _ in 0..draft.random.between(1, 2) {
        let id = paths.fresh(draft);
        let key =
            if draft.random.chance(30) { json!({ "keyArn": KEY_ARN }) } else { key(draft).into() };
        keys.insert(id, key);
    }
    keys
}

fn key(draft: &mut Draft) -> Object {
    let mut key = Object::new();
    if draft.random.chance(40) {
        key.insert("description".into(), draft.random.pick(&words::DESCRIPTIONS).into());
    }
    if draft.random.chance(40) {
        key.insert("enableKeyRotation".into(), draft.random.chance(60).into());
    }
    if draft.random.chance(40) {
        let base = draft.random.pick(&["images", "alias/images", "team/images"]);
        let name = draft.unique(base);
        key.insert("alias".into(), alias(draft, &name));
    }
    if draft.random.chance(30) {
        key.insert("removalPolicy".into(), draft.random.pick(&["retain", "destroy"]).into());
    }
    // Not at random, so that the other parts of the config of a seed stay as they are.
    if key.contains_key("description") {
        let account = json!({ "account": "444455556666" });
        let service = json!({ "service": "logs.amazonaws.com" });
        let conditions =
            json!({ "StringEquals": { "kms:ViaService": "ecr.eu-west-1.amazonaws.com" } });
        let policy = json!([
            { "sid": "Decrypt", "principals": [account], "actions": ["kms:Decrypt", "kms:DescribeKey"] },
            {
                "effect": "Deny",
                "principals": [service],
                "actions": ["kms:Encrypt"],
                "conditions": conditions,
            },
        ]);
        key.insert("resourcePolicy".into(), policy);
    }
    let window = json!({ "PendingWindowInDays": 7 });
    deployment::deploy(draft, &mut key, window, json!({ "deletion_window_in_days": 7 }));
    key
}

/// A name, or a map where the alias has addresses or overrides.
fn alias(draft: &mut Draft, name: &str) -> Value {
    let mut alias = Object::from_iter([("name".into(), name.into())]);
    let full = if name.starts_with("alias/") { name.to_owned() } else { format!("alias/{name}") };
    let properties = json!({ "AliasName": format!("{full}-laid-over") });
    let arguments = json!({ "name": format!("{full}-laid-over") });
    deployment::deploy(draft, &mut alias, properties, arguments);
    if alias.len() == 1 { name.into() } else { alias.into() }
}
