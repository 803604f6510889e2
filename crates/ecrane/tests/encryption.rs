//! Twofold encryption, which the CDK's own code throws on, comes out on both backends.

use ecrane::config::{Document, Format};
use ecrane::{Style, cloudformation, schema, terraform};
use serde_json::Value;

#[test]
fn kms_dsse_comes_out_on_both_backends() {
    let text = "
stacks:
  Vault:
    repositories:
      App:
        encryption: KMS_DSSE
        encryptionKey: { keyArn: 'arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/0a1b' }
";
    let document = Document::parse("ecrane.yaml", Format::Yaml, text).unwrap();
    let graph = schema::load(&document).unwrap().build().unwrap();

    let mut json = Vec::new();
    for file in cloudformation::render(&graph, &cloudformation::Options::default()).unwrap().files {
        file.write(&mut json, Style::Compact).unwrap();
    }
    let template: Value = serde_json::from_slice(&json).unwrap();
    let encryption = template
        .pointer("/Resources/AppF1B96344/Properties/EncryptionConfiguration/EncryptionType");
    assert_eq!(encryption.and_then(Value::as_str), Some("KMS_DSSE"), "{template:#}");

    let mut json = Vec::new();
    for file in terraform::render(&graph, &terraform::Options::default()).unwrap().files {
        file.write(&mut json, Style::Compact).unwrap();
    }
    let module: Value = serde_json::from_slice(&json).unwrap();
    let encryption = module
        .pointer("/resource/aws_ecr_repository/app/encryption_configuration/0/encryption_type");
    assert_eq!(encryption.and_then(Value::as_str), Some("KMS_DSSE"), "{module:#}");
}
