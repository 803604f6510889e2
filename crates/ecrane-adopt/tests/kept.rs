//! What a config has no key for stays in the template, as an override.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use ecrane_adopt::{Adoption, Source, adopt};
use indexmap::IndexMap;
use serde_json::{Value, json};

fn adopted(properties: &Value) -> Adoption {
    let template = json!({ "Resources": { "AppF1B96344": {
        "Type": "AWS::ECR::Repository",
        "Properties": properties,
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
    } } });
    let source = Source { name: "Shop.json".to_owned(), text: template.to_string() };
    adopt(&[source], &IndexMap::new()).unwrap()
}

fn repository(adoption: &Adoption) -> &Value {
    &adoption.config["stacks"]["Shop"]["repositories"]["App"]
}

/// ECR cannot change the encryption: without the property, CloudFormation replaces the repository.
#[test]
fn explicit_aes256() {
    let adoption = adopted(&json!({
        "RepositoryName": "shop/app",
        "EncryptionConfiguration": { "EncryptionType": "AES256" },
    }));
    assert_eq!(adoption.not_adopted, []);
    assert_eq!(
        *repository(&adoption),
        json!({
            "repositoryName": "shop/app",
            "cloudformation": {
                "properties": { "EncryptionConfiguration": { "EncryptionType": "AES256" } },
            },
        })
    );
}

/// Older templates write `scanOnPush`, which is the same setting.
#[test]
fn casing_of_scan_on_push() {
    let adoption = adopted(&json!({ "ImageScanningConfiguration": { "scanOnPush": "true" } }));
    assert_eq!(adoption.not_adopted, []);
    assert_eq!(*repository(&adoption), json!({ "imageScanOnPush": true }));
}

/// An alias instead of the ARN would be another key for CloudFormation.
#[test]
fn a_key_by_its_alias() {
    let adoption = adopted(&json!({
        "RepositoryName": "shop/app",
        "EncryptionConfiguration": { "EncryptionType": "KMS", "KmsKey": "alias/images" },
    }));
    assert_eq!(adoption.not_adopted, []);
    assert_eq!(repository(&adoption)["encryption"], "KMS");
    let kept = json!({ "properties": { "EncryptionConfiguration": { "KmsKey": "alias/images" } } });
    assert_eq!(repository(&adoption)["cloudformation"], kept);
    assert!(adoption.yaml().contains("      # `cloudformation` keeps the template"));
}

#[test]
fn several_properties() {
    let adoption = adopted(&json!({
        "EncryptionConfiguration": { "EncryptionType": "KMS", "KmsKey": "alias/images" },
        "NotYetKnown": 1,
    }));
    assert_eq!(adoption.not_adopted, []);
    let comment = "      # `cloudformation` keeps the template as it is (NotYetKnown: the config has no key for this property)";
    assert!(adoption.yaml().contains(comment), "{}", adoption.yaml());
    assert_eq!(
        repository(&adoption)["cloudformation"],
        json!({ "properties": {
            "EncryptionConfiguration": { "KmsKey": "alias/images" },
            "NotYetKnown": 1,
        } })
    );
}
