//! Errors that the AWS CDK rejects, added to an otherwise valid config.

use serde_json::{Value, json};

use super::Draft;

/// Combinations of repository properties that the CDK rejects; those of CDK 2 only if requested.
fn faults(cdk2: bool) -> Vec<Value> {
    let mut faults = vec![
        json!({ "repositoryName": "Upper/Case" }),
        json!({ "repositoryName": "a" }),
        json!({ "repositoryName": "-a-" }),
        json!({ "repositoryName": "a//b" }),
        json!({ "lifecycleRules": [{ "maxImageAge": "1d", "maxImageCount": 1 }] }),
        json!({ "lifecycleRules": [{ "tagStatus": "untagged" }] }),
        json!({ "lifecycleRules": [{ "tagStatus": "tagged", "maxImageCount": 1 }] }),
        json!({ "lifecycleRules": [{ "tagStatus": "untagged", "tagPrefixList": ["v"], "maxImageCount": 1 }] }),
        json!({ "lifecycleRules": [{ "maxImageCount": 1 }, { "maxImageCount": 2 }] }),
        json!({ "lifecycleRules": [
            { "rulePriority": 1, "maxImageCount": 1 },
            { "rulePriority": 2, "tagPrefixList": ["v"], "maxImageCount": 2 },
        ] }),
        json!({ "lifecycleRules": [
            { "rulePriority": 9, "maxImageCount": 1 },
            { "tagPrefixList": ["v"], "maxImageCount": 2 },
        ] }),
    ];
    if cdk2 {
        faults.extend([
            json!({ "lifecycleRules": [
                { "tagPrefixList": ["v"], "tagPatternList": ["v*"], "maxImageCount": 1 },
            ] }),
            json!({ "lifecycleRules": [{ "tagPatternList": ["a*b*c*d*e*"], "maxImageCount": 1 }] }),
            json!({ "imageTagMutability": "MUTABLE_WITH_EXCLUSION" }),
            json!({ "imageTagMutability": "IMMUTABLE", "imageTagMutabilityExclusionFilters": ["x"] }),
            json!({
                "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
                "imageTagMutabilityExclusionFilters": ["a", "b", "c", "d", "e", "f"],
            }),
            json!({
                "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
                "imageTagMutabilityExclusionFilters": ["spaced out"],
            }),
            json!({ "removalPolicy": "retain", "emptyOnDelete": true }),
            json!({ "encryption": "AES256", "encryptionKey": { "keyArn": super::keys::KEY_ARN } }),
        ]);
    }
    faults
}

/// Adds a repository with one error to the first stack.
pub(super) fn make_one(draft: &mut Draft, config: &mut Value) {
    let faults = faults(draft.cdk2);
    let fault = draft.random.pick(&faults);
    if let Some(repositories) =
        config.pointer_mut("/stacks/StackA/repositories").and_then(Value::as_object_mut)
    {
        repositories.insert("Faulty".into(), fault);
    }
}
