//! Terraform settings.

use serde_json::json;

use super::{Draft, Object};

/// The settings of all stacks.
pub(super) fn of_all(draft: &mut Draft) -> Object {
    let mut terraform = versions(draft);
    // Several stacks would share the same state.
    if draft.stacks.len() == 1 && draft.random.chance(10) {
        terraform.insert("backend".into(), json!({ "local": { "path": "all.tfstate" } }));
    }
    terraform
}

/// The settings of the stack `at`. A stack that others refer to stores its state where they can
/// read it.
pub(super) fn of_stack(draft: &mut Draft, at: usize) -> Object {
    let mut terraform = if draft.random.chance(20) { versions(draft) } else { Object::new() };
    let backend = if draft.random.chance(70) {
        json!({ "local": { "path": format!("state-{at}.tfstate") } })
    } else {
        let key = format!("registry/{at}");
        json!({ "s3": { "bucket": "acme-state", "key": key, "region": "eu-west-1", "use_lockfile": true } })
    };
    terraform.insert("backend".into(), backend);
    terraform
}

fn versions(draft: &mut Draft) -> Object {
    let mut terraform = Object::new();
    if draft.random.chance(20) {
        // Each constraint allows provider versions that support all features of a config.
        let pin = draft.random.pick(&["~> 6.27", ">= 5.100", ">= 6.0, < 7.0"]);
        terraform.insert("awsProvider".into(), pin.into());
    }
    if draft.random.chance(20) {
        terraform
            .insert("requiredVersion".into(), draft.random.pick(&[">= 1.11", "~> 1.5"]).into());
    }
    if draft.random.chance(15) {
        terraform.insert("provider".into(), json!({ "max_retries": 5, "retry_mode": "standard" }));
    }
    terraform
}
