//! Outputs.

use serde_json::json;

use super::paths::Paths;
use super::{Draft, Object, deployment, words};

/// The `outputs` of a stack.
pub(super) fn all(draft: &mut Draft, paths: &mut Paths, repositories: &Object) -> Object {
    let mut outputs = Object::new();
    let ids: Vec<&String> = repositories.keys().collect();
    for _ in 0..draft.random.between(0, 3) {
        let Some(repository) = ids.get(draft.random.below(ids.len())) else { break };
        let attributes: &[&str] = if draft.cdk2 {
            &["repositoryArn", "repositoryName", "repositoryUri", "registryUri"]
        } else {
            &["repositoryArn", "repositoryName", "repositoryUri"]
        };
        let attribute = draft.random.pick(attributes);
        let mut output = json!({ "repository": repository, "attribute": attribute });
        if let Some(output) = output.as_object_mut() {
            match draft.random.below(4) {
                0 if attribute == "repositoryUri" => {
                    output.insert("tag".into(), "v1".into());
                }
                1 if attribute == "repositoryUri" => {
                    let digest = format!("sha256:{}", "0123456789abcdef".repeat(4));
                    output.insert("digest".into(), digest.into());
                }
                _ => {}
            }
            if draft.random.chance(30) {
                output.insert("description".into(), draft.random.pick(&words::DESCRIPTIONS).into());
            }
            if draft.random.chance(30) {
                let name = draft.unique("export-");
                output.insert("exportName".into(), name.into());
            }
            deployment::pin(draft, output);
        }
        // The CDK has one namespace of ids for outputs and resources.
        let id = if draft.ecrane() && draft.random.chance(20) {
            (*repository).clone()
        } else {
            paths.fresh(draft)
        };
        outputs.insert(id, output);
    }
    outputs
}
