//! Public repositories.

use serde_json::json;

use super::paths::Paths;
use super::{Draft, Object, deployment, policies, repositories};

/// The `publicRepositories` of a stack.
pub(super) fn all(draft: &mut Draft, paths: &mut Paths) -> Object {
    let mut repository = Object::new();
    if draft.random.chance(70) {
        let name = draft.unique("acme/tool-");
        repository.insert("repositoryName".into(), name.into());
    }
    if draft.random.chance(70) {
        let all = [
            ("aboutText", json!("About")),
            ("architectures", json!(["ARM", "ARM 64", "x86", "x86-64"])),
            ("operatingSystems", json!(["Linux", "Windows"])),
            ("description", json!("A tool")),
            ("usageText", json!("Use it")),
        ];
        let count = draft.random.between(1, 5);
        let data: Object = draft
            .random
            .sample(&all, count)
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect();
        repository.insert("catalogData".into(), data.into());
    }
    if draft.random.chance(50) {
        let statement = json!({
            "sid": "Push",
            "effect": "Allow",
            "principals": [draft.random.pick(&[json!({ "account": "444455556666" }), json!({ "any": true })])],
            "actions": ["ecr-public:PutImage"],
        });
        let policy = policies::document(draft, vec![statement]);
        repository.insert("resourcePolicy".into(), policy);
    }
    if draft.random.chance(50) {
        repository.insert("tags".into(), repositories::tags(draft));
    }
    let name = draft.unique("acme/laid-over-");
    let properties = json!({ "RepositoryName": name });
    deployment::deploy(draft, &mut repository, properties, json!({ "repository_name": name }));
    let parts = [("repositoryPolicy", "resourcePolicy")];
    deployment::name_parts(draft, &mut repository, &parts);
    Object::from_iter([(paths.fresh(draft), repository.into())])
}
