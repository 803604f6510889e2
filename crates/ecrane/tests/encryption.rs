//! Twofold encryption, which the CDK's own code throws on, comes out on both backends.

use ecrane::config::{Document, Format};
use ecrane::{Rendered, Style, cloudformation, schema, terraform, terraform_options};
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

/// A key of another stack is an export and an import in CloudFormation, and a remote state in Terraform.
#[test]
fn a_key_of_another_stack() {
    let text = "
stacks:
  Shop:
    env: { account: '111122223333', region: eu-west-1 }
    repositories:
      App: { encryptionKey: Keys/Images }
      Other/App: { encryptionKey: Keys/Other }
    keys:
      # The ID of a key of the stack comes before that of another stack.
      Keys/Other: {}
  Keys:
    env: { account: '111122223333', region: eu-west-1 }
    terraform: { backend: { s3: { bucket: acme-state, key: keys, region: eu-west-1 } } }
    keys:
      Images: {}
      Other: {}
";
    let document = Document::parse("ecrane.yaml", Format::Yaml, text).unwrap();
    let config = schema::load(&document).unwrap();
    let graph = config.build().unwrap();

    let json_of = |rendered: &Rendered<'_>, stack: &str| -> Value {
        let file = rendered.files.iter().find(|it| it.stack == Some(stack)).unwrap();
        serde_json::from_slice(&file.to_vec(Style::Compact).unwrap()).unwrap()
    };
    let options = cloudformation::Options::default();
    let rendered = cloudformation::render(&graph, &options).unwrap();
    let template = json_of(&rendered, "Shop");
    let resources = template.get("Resources").and_then(Value::as_object).unwrap();
    let key = |begin: &str| {
        let (_, repository) = resources.iter().find(|(id, _)| id.starts_with(begin)).unwrap();
        repository.pointer("/Properties/EncryptionConfiguration/KmsKey").unwrap().clone()
    };
    let import = key("App");
    let name = import.get("Fn::ImportValue").and_then(Value::as_str).unwrap();
    assert!(name.starts_with("Keys:ExportsOutputFnGetAttImages"), "{name}");
    let own = key("OtherApp");
    assert!(own.get("Fn::GetAtt").is_some(), "{own}");

    let options = terraform_options(&config, terraform::Layout::Plain).unwrap();
    let rendered = terraform::render(&graph, &options).unwrap();
    let module = json_of(&rendered, "Shop");
    let at = "/resource/aws_ecr_repository/app/encryption_configuration/0/kms_key";
    let key = module.pointer(at).and_then(Value::as_str).unwrap();
    assert!(key.starts_with("${data.terraform_remote_state.keys.outputs."), "{key}");
}
