//! Repositories and their lifecycle rules.

use serde_json::{Value, json};

use super::paths::Paths;
use super::{Draft, Object, deployment, events, policies, presets, words};

/// The `repositories` of a stack.
pub(super) fn all(draft: &mut Draft, at: usize, paths: &mut Paths, keys: &Object) -> Object {
    if draft.large && at == 0 {
        return many(draft);
    }
    let mut repositories = Object::new();
    for _ in 0..draft.random.between(1, 4) {
        let id = paths.fresh(draft);
        let mut repository =
            if draft.random.chance(15) { imported(draft) } else { own(draft, at, keys) };
        if draft.random.chance(75) {
            let is_named =
                repository.contains_key("repositoryName") || repository.contains_key("import");
            repository.insert("grants".into(), policies::grants(draft, at, is_named).into());
        }
        if draft.random.chance(30) {
            repository.insert("events".into(), events::all(draft));
        }
        repositories.insert(id, repository.into());
    }
    repositories
}

/// Many repositories, each granted to the role `Builder`.
fn many(draft: &mut Draft) -> Object {
    let mut repositories = Object::new();
    let grant = policies::grant(draft, "Builder");
    let varied = draft.random.chance(70);
    for _ in 0..draft.random.between(50, 130) {
        let grant = if varied { policies::grant(draft, "Builder") } else { grant.clone() };
        let mut repository = if draft.random.chance(10) { imported(draft) } else { Object::new() };
        repository.insert("grants".into(), json!([grant]));
        repositories.insert(draft.unique("Many/App"), repository.into());
    }
    repositories
}

fn imported(draft: &mut Draft) -> Object {
    let name = draft.random.pick(&["base/alpine", "n/m", "tools"]);
    let account = draft.random.pick(&["999900001111", "111122223333"]);
    let arn = format!("arn:aws:ecr:us-east-1:{account}:repository/{name}");
    let import = match draft.random.below(3) {
        0 => json!({ "repositoryName": name }),
        1 => json!({ "repositoryArn": arn }),
        _ => json!({ "repositoryName": name, "repositoryArn": arn }),
    };
    Object::from_iter([("import".into(), import)])
}

fn own(draft: &mut Draft, at: usize, keys: &Object) -> Object {
    let mut repository = Object::new();
    if draft.presets && draft.random.chance(30) {
        repository.insert("preset".into(), draft.random.pick(&presets::NAMES).into());
    }
    if draft.random.chance(50) {
        let base = draft.random.pick(&["shop/app-", "a_b.c-", "team/service/image-", "n"]);
        let name = draft.unique(base);
        repository.insert("repositoryName".into(), name.into());
    }
    if draft.random.chance(30) {
        repository.insert("imageScanOnPush".into(), draft.random.chance(60).into());
    }
    if draft.random.chance(40) {
        mutability(draft, &mut repository);
    }
    if draft.cdk2 && draft.random.chance(30) {
        encryption(draft, &mut repository, keys);
    }
    if draft.random.chance(30) {
        repository.insert("removalPolicy".into(), draft.random.pick(&["retain", "destroy"]).into());
    }
    if draft.cdk2 && draft.random.chance(10) {
        repository.insert("removalPolicy".into(), "destroy".into());
        repository.insert("emptyOnDelete".into(), draft.random.chance(80).into());
    }
    if draft.random.chance(10) {
        repository.insert("lifecycleRegistryId".into(), "111122223333".into());
    }
    if draft.random.chance(25) {
        repository.insert("tags".into(), tags(draft));
    }
    if draft.random.chance(50) {
        repository.insert("lifecycleRules".into(), lifecycle_rules(draft).into());
    }
    if draft.random.chance(35) {
        repository.insert("resourcePolicy".into(), policies::resource_policy(draft, at));
    }
    let scan = json!({ "ImageScanningConfiguration": { "ScanOnPush": true } });
    let same = json!({ "image_scanning_configuration": [{ "scan_on_push": true }] });
    deployment::deploy(draft, &mut repository, scan, same);
    let parts = [("lifecyclePolicy", "lifecycleRules"), ("repositoryPolicy", "resourcePolicy")];
    deployment::name_parts(draft, &mut repository, &parts);
    repository
}

/// The tag mutability of a repository or creation template.
pub(super) fn mutability(draft: &mut Draft, repository: &mut Object) {
    let kinds: &[&str] = if draft.cdk2 {
        &["MUTABLE", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION"]
    } else {
        &["MUTABLE", "IMMUTABLE"]
    };
    let kind = draft.random.pick(kinds);
    repository.insert("imageTagMutability".into(), kind.into());
    if kind.ends_with("EXCLUSION") {
        let count = draft.random.between(1, 5);
        let filters = draft.random.sample(&words::EXCLUSION_FILTERS, count);
        repository.insert("imageTagMutabilityExclusionFilters".into(), filters.into());
    }
}

/// The encryption of a repository or creation template.
pub(super) fn encryption(draft: &mut Draft, repository: &mut Object, keys: &Object) {
    // The CDK's `Repository` has a name for the third type, but rejects it.
    let kinds: &[&str] =
        if draft.ecrane() { &["AES256", "KMS", "KMS_DSSE"] } else { &["AES256", "KMS"] };
    let with_key = kinds.get(1..).unwrap_or_default();
    let ids: Vec<_> = keys.keys().collect();
    let key = match draft.random.below(4) {
        0 | 1 => ids.get(draft.random.below(ids.len())).map(|id| Value::from(id.as_str())),
        2 => Some(json!({ "keyArn": super::keys::KEY_ARN })),
        _ => None,
    };
    match key {
        Some(key) => {
            if draft.random.chance(50) {
                let kind = draft.random.pick(with_key);
                repository.insert("encryption".into(), kind.into());
            }
            repository.insert("encryptionKey".into(), key);
        }
        None => {
            repository.insert("encryption".into(), draft.random.pick(kinds).into());
        }
    }
}

/// Tags, in random order.
pub(super) fn tags(draft: &mut Draft) -> Value {
    let all = [
        ("team", "platform"),
        ("a0", "two words"),
        ("z9", "é"),
        ("Name", "0"),
        ("cost:center", "a_b.c"),
        ("b", "a=b+c/d@e"),
    ];
    let count = draft.random.between(1, 4);
    let tags = draft.random.sample(&all, count);
    tags.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect::<Object>().into()
}

/// Valid lifecycle rules: distinct priorities and lists, at most one rule for untagged images, and
/// at most one for any image, which comes last.
pub(super) fn lifecycle_rules(draft: &mut Draft) -> Vec<Value> {
    let mut rules = Vec::new();
    let mut prefixes = words::TAG_PREFIXES.to_vec();
    if !draft.ecrane() {
        prefixes.extend(words::ODD_TAG_PREFIXES);
    }
    let prefixes = draft.random.sample(&prefixes, prefixes.len());
    let patterns = draft.random.sample(&words::TAG_PATTERNS, words::TAG_PATTERNS.len());
    let (mut prefixes, mut patterns) = (prefixes.into_iter(), patterns.into_iter());
    for _ in 0..draft.random.between(0, 3) {
        let count = draft.random.between(1, 2);
        let (key, list) = if draft.cdk2 && draft.random.chance(35) {
            ("tagPatternList", patterns.by_ref().take(count).collect::<Vec<_>>())
        } else {
            ("tagPrefixList", prefixes.by_ref().take(count).collect())
        };
        let mut rule = Object::from_iter([(key.into(), list.into())]);
        if draft.random.chance(40) {
            rule.insert("tagStatus".into(), "tagged".into());
        }
        rules.push(rule);
    }
    if rules.is_empty() || draft.random.chance(40) {
        let place = draft.random.between(0, rules.len());
        rules.insert(place, Object::from_iter([("tagStatus".into(), "untagged".into())]));
    }
    let numbered = draft.random.below(3);
    let mut priority = 0;
    for rule in &mut rules {
        limit(draft, rule);
        // All rules have a priority, or none, or some.
        if numbered == 0 || numbered == 1 && draft.random.chance(50) {
            priority += draft.random.between(1, 20);
            rule.insert("rulePriority".into(), priority.into());
        }
    }
    if draft.random.chance(40) {
        let mut any = Object::new();
        if draft.random.chance(50) {
            any.insert("tagStatus".into(), "any".into());
        }
        limit(draft, &mut any);
        if numbered == 0 && draft.random.chance(50) {
            any.insert("rulePriority".into(), (priority + 1).into());
        }
        let place = draft.random.between(0, rules.len());
        rules.insert(place, any);
    }
    if draft.ecrane() && draft.cdk2 && draft.random.chance(25) {
        rules.push(of_archived(draft, priority + 2, numbered == 0));
    }
    rules.into_iter().map(Value::from).collect()
}

fn limit(draft: &mut Draft, rule: &mut Object) {
    if draft.random.chance(30) {
        rule.insert("description".into(), draft.random.pick(&words::DESCRIPTIONS).into());
    }
    let archives = draft.ecrane() && draft.cdk2;
    if archives && draft.random.chance(20) {
        rule.insert("maxTimeSincePull".into(), draft.random.pick(&words::AGES).into());
        rule.insert("action".into(), "archive".into());
        return;
    }
    if draft.random.chance(50) {
        rule.insert("maxImageAge".into(), draft.random.pick(&words::AGES).into());
    } else {
        rule.insert("maxImageCount".into(), draft.random.pick(&[1, 5, 100, 9999]).into());
    }
    if archives && draft.random.chance(20) {
        rule.insert("action".into(), draft.random.pick(&["expire", "archive"]).into());
    }
}

/// A rule for archived images, which the other rules do not select.
fn of_archived(draft: &mut Draft, priority: usize, numbered: bool) -> Object {
    let mut rule = Object::new();
    match draft.random.below(3) {
        0 => {
            rule.insert("tagStatus".into(), "untagged".into());
        }
        1 => {
            rule.insert("tagPatternList".into(), json!(["*-old"]));
        }
        _ => {}
    }
    rule.insert("maxTimeSinceArchive".into(), draft.random.pick(&["90d", "P365D", "52w"]).into());
    if draft.random.chance(30) {
        rule.insert("action".into(), "expire".into());
    }
    if numbered {
        rule.insert("rulePriority".into(), priority.into());
    }
    rule
}
