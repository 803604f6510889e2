//! Repository creation templates.

use serde_json::json;

use super::paths::Paths;
use super::{Draft, Object, deployment, policies, principals, repositories};

/// The `creationTemplates` of a registry, with at most one per prefix.
pub(super) fn all(draft: &mut Draft, paths: &mut Paths, keys: &Object) -> Object {
    let count = draft.random.between(1, 2);
    let mut templates = Object::new();
    for prefix in draft.random.sample(&["docker-hub", "ROOT", "a/b"], count) {
        let template = template(draft, prefix, keys);
        templates.insert(paths.fresh(draft), template.into());
    }
    templates
}

fn template(draft: &mut Draft, prefix: &str, keys: &Object) -> Object {
    let reasons = ["PULL_THROUGH_CACHE", "REPLICATION", "CREATE_ON_PUSH"];
    let count = draft.random.between(1, 3);
    let mut template = Object::from_iter([
        ("prefix".into(), prefix.into()),
        ("appliedFor".into(), draft.random.sample(&reasons, count).into()),
    ]);
    if draft.random.chance(50) {
        template.insert("description".into(), draft.random.pick(&["cache", "for replicas"]).into());
    }
    if draft.random.chance(60) {
        repositories::mutability(draft, &mut template);
    }
    if draft.random.chance(60) {
        repositories::encryption(draft, &mut template, keys);
        // The CDK derives defaults for a repository, but not for a template.
        if template.contains_key("encryptionKey") && !template.contains_key("encryption") {
            template.insert("encryption".into(), draft.random.pick(&["KMS", "KMS_DSSE"]).into());
        }
    }
    if draft.random.chance(50) {
        template.insert("lifecycleRules".into(), repositories::lifecycle_rules(draft).into());
    }
    if draft.random.chance(50) {
        let mut statement = Object::from_iter([
            ("principals".into(), json!([{ "account": "444455556666" }])),
            ("actions".into(), json!(["ecr:BatchGetImage"])),
        ]);
        if draft.random.chance(50) {
            statement.insert("conditions".into(), principals::conditions(draft));
        }
        let policy = policies::document(draft, vec![statement.into()]);
        template.insert("resourcePolicy".into(), policy);
    }
    if draft.random.chance(50) {
        template.insert("resourceTags".into(), repositories::tags(draft));
    }
    // ECR needs a role to set tags and to use a key.
    let takes_role = template.contains_key("resourceTags") || template.contains_key("encryption");
    if takes_role || draft.random.chance(50) {
        template
            .insert("customRoleArn".into(), "arn:aws:iam::111122223333:role/ecr-template".into());
    }
    let description = json!({ "Description": "overridden" });
    deployment::deploy(draft, &mut template, description, json!({ "description": "overridden" }));
    template
}
