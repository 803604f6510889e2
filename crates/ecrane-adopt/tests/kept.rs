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

/// What the program of a template or its author wrote, and no key of a config says.
#[test]
fn awkward_templates_stay_as_they_are() {
    const KEY: &str = "
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      PendingWindowInDays: 7
      KeyPolicy:
        Id: default
        Version: '2012-10-17'
        Statement: { Sid: Own, Effect: Allow, Action: 'kms:*', Resource: '*', Principal: { AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root' } }
  Alias:
    Type: AWS::KMS::Alias
    Properties: { AliasName: alias/images, TargetKeyId: !Ref Key }
";
    const ROLE: &str = "
Resources:
  App: { Type: AWS::ECR::Repository }
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: Allow, Principal: { AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root' }, Action: sts:AssumeRole }] }
      Tags: [{ Key: team, Value: shop }]
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: ci
      Roles: [!Ref Role]
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - { Sid: Token, Effect: Allow, Action: 'ecr:GetAuthorizationToken', Resource: '*' }
          - { Effect: Allow, Action: 'ecr:BatchGetImage', Resource: !GetAtt App.Arn }
";
    const POLICY: &str = r#"
Resources:
  App:
    Type: AWS::ECR::Repository
    Properties:
      EncryptionConfiguration: { EncryptionType: KMS, KmsKey: !ImportValue images }
      RepositoryPolicyText: '{"Version":"2012-10-17","Statement":{"Effect":"Deny","NotPrincipal":{"AWS":"111122223333"},"Action":"ecr:*"}}'
  Web:
    Type: AWS::ECR::Repository
    Properties: { RepositoryName: '{{resolve:ssm:/shop/web}}', Tags: [{ Key: cost, Value: 42 }, { Key: a, Value: true }] }
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: { source: [aws.ecr], detail-type: [ECR Image Action], detail: { action-type: [PUSH], result: [SUCCESS], repository-name: [!Ref App], image-tag: [{ prefix: v }] } }
      Targets: [{ Id: Mine, Arn: "arn:aws:sns:eu-west-1:111122223333:topic" }]
"#;
    for text in [KEY, ROLE, POLICY] {
        let source = Source { name: "Shop.yaml".to_owned(), text: text.to_owned() };
        let adoption = adopt(&[source], &IndexMap::new()).unwrap();
        assert_eq!(adoption.not_adopted, []);
        assert!(adoption.problems.is_none(), "{:?}", adoption.problems);
    }
}

/// A value that depends on a parameter of the template cannot stay: the config has no parameters.
#[test]
fn what_depends_on_a_parameter_is_listed() {
    let template = json!({
        "Parameters": { "Key": { "Type": "String" } },
        "Resources": { "App": { "Type": "AWS::ECR::Repository", "Properties": {
            "EncryptionConfiguration": { "EncryptionType": "KMS", "KmsKey": { "Ref": "Key" } },
            "New": { "Fn::Sub": "${Key}" },
        } } },
    });
    let source = Source { name: "Shop.json".to_owned(), text: template.to_string() };
    let adoption = adopt(&[source], &IndexMap::new()).unwrap();
    let listed: Vec<_> = adoption.not_adopted.iter().map(|it| it.address().to_string()).collect();
    assert_eq!(listed, ["App.EncryptionConfiguration.KmsKey", "App.New"]);
}
