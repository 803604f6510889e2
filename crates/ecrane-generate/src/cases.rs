//! Configs with what random ones do not have.

use serde_json::{Value, json};

/// The configs with their names, for the AWS CDK 2.
pub fn cases() -> Vec<(String, Value)> {
    let env = json!({ "account": "111122223333", "region": "eu-west-1" });
    // Keys of another stack: one with a policy, one that has the name of a path in the stack itself.
    let keys = json!({
        "Shop": {
            "env": env,
            "keys": { "Keys/Own": {} },
            "repositories": {
                "App": { "encryptionKey": "Keys/Images" },
                "Team/Worker": { "encryptionKey": "Keys/Images" },
                "Own": { "encryptionKey": "Keys/Own" },
            },
        },
        "Keys": {
            "env": env,
            "keys": {
                "Images": { "resourcePolicy": [
                    { "principals": [{ "account": "444455556666" }], "actions": ["kms:Decrypt"] }
                ] },
            },
            "repositories": { "Base": { "encryptionKey": "Images" } },
        },
    });
    let config = json!({ "compatibility": { "awsCdk": "2" }, "stacks": keys });
    vec![("keys-of-another-stack".to_owned(), config)]
}
