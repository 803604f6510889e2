//! Outputs.

use serde_json::json;

use super::paths::Paths;
use super::{Draft, Object, deployment, words};

/// The `outputs` of a stack.
pub(super) fn all(
    draft: &mut Draft,
    paths: &mut Paths,
    (keys, principals, repositories): (&Object, &Object, &Object),
) -> Object {
    let mut outputs = Object::new();
    for (kind, constructs) in [("key", keys), ("principal", principals)] {
        let constructs: Vec<_> = constructs.iter().collect();
        let Some((id, construct)) = constructs.get(draft.random.below(constructs.len())) else {
            continue;
        };
        if !draft.random.chance(25) {
            continue;
        }
        let kinds = ["role", "user", "group"];
        let is = |kind: &&&str| {
            construct.get(**kind).is_some() || construct.get(format!("{kind}Arn")).is_some()
        };
        let attributes = match kinds.iter().find(is) {
            _ if kind == "key" => ["keyArn", "keyId"].map(str::to_owned),
            None => continue,
            Some(kind) => [format!("{kind}Arn"), format!("{kind}Name")],
        };
        let attribute = draft.random.pick(&attributes);
        let mut output = Object::from_iter([
            (kind.to_owned(), (*id).clone().into()),
            ("attribute".to_owned(), attribute.into()),
        ]);
        deployment::pin(draft, &mut output);
        outputs.insert(paths.fresh(draft), output.into());
    }
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
