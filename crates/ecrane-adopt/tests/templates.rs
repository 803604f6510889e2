//! CloudFormation templates as people write them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use ecrane_adopt::{Adoption, Source, adopt};
use ecrane_document::{Explain as _, Severity};
use indexmap::IndexMap;
use serde_json::{Value, json};

fn adopted(files: &[(&str, &str)], parameters: &[(&str, &str)]) -> Adoption {
    let sources: Vec<Source> = files
        .iter()
        .map(|(name, text)| Source { name: (*name).to_owned(), text: (*text).to_owned() })
        .collect();
    let parameters: IndexMap<String, String> =
        parameters.iter().map(|(key, it)| ((*key).to_owned(), (*it).to_owned())).collect();
    adopt(&sources, &parameters).unwrap()
}

fn listed(adoption: &Adoption) -> Vec<String> {
    adoption.not_adopted.iter().map(ToString::to_string).collect()
}

/// Parameters, mappings, conditions, text with references, and the output of `describe-stacks`.
const HAND: &str = r#"
Parameters:
  Environment: { Type: String }
  Keep: { Type: Number, Default: 10 }
  TrustedAccounts: { Type: CommaDelimitedList, Default: "111122223333,444455556666" }
Mappings:
  Environments:
    prod: { Mutability: IMMUTABLE }
    dev: { Mutability: MUTABLE }
Conditions:
  IsProd: !Equals [!Ref Environment, prod]
  Scan: !Or [!Condition IsProd, !Equals [!Ref "AWS::Region", us-east-1]]
Resources:
  ApiRepo:
    Type: AWS::ECR::Repository
    DeletionPolicy: Retain
    Properties:
      RepositoryName: !Join ["/", [!Ref Environment, api]]
      ImageScanningConfiguration: { scanOnPush: !If [Scan, "True", !Ref "AWS::NoValue"] }
      ImageTagMutability: !FindInMap [Environments, !Ref Environment, Mutability]
      LifecyclePolicy:
        LifecyclePolicyText: !Sub |
          { "rules": [{ "rulePriority": 1, "description": "keep ${Keep}", "action": { "type": "expire" },
            "selection": { "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": ${Keep} } }] }
      RepositoryPolicyText: !Sub |
        { "Version": "2012-10-17", "Statement": [{ "Effect": "Allow",
          "Principal": { "Service": "lambda.amazonaws.com" },
          "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
          "Condition": { "StringLike": {
            "aws:sourceArn": "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:*" } } }] }
  Workers:
    Type: AWS::ECR::Repository
    Condition: IsProd
    DeletionPolicy: !If [IsProd, Retain, Delete]
    Properties:
      RepositoryName: !Sub "${Environment}/workers"
      RepositoryPolicyText:
        Version: "2012-10-17"
        Statement:
          Effect: Allow
          Principal: { AWS: !Ref TrustedAccounts }
          Action: [ecr:BatchGetImage, ecr:GetDownloadUrlForLayer, ecr:BatchCheckLayerAvailability]
  Dev:
    Type: AWS::ECR::Repository
    Condition: IsDev
Outputs:
  ApiUri:
    Value: !GetAtt ApiRepo.RepositoryUri
    Export: { Name: !Sub "${AWS::StackName}-uri" }
  WorkersUri: { Value: !Sub "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/${Workers}" }
"#;

const STACK: &str = r#"{ "Stacks": [{
  "StackId": "arn:aws:cloudformation:eu-west-1:123456789012:stack/images/1a", "StackName": "images",
  "Parameters": [{ "ParameterKey": "Environment", "ParameterValue": "prod" }] }] }"#;

#[test]
fn a_template_with_parameters() {
    // `Dev` exists under a condition that the template lacks.
    let text = HAND.replace("  Dev:\n    Type: AWS::ECR::Repository\n    Condition: IsDev\n", "");
    let adoption = adopted(&[("images.yaml", &text), ("stack.json", STACK)], &[]);
    assert_eq!(listed(&adoption), Vec::<String>::new());
    assert_eq!(
        adoption.yaml(),
        r#"stacks:
  # Parameters of the template: Environment is "prod"; Keep is "10", its default; TrustedAccounts is "111122223333,444455556666", its default
  images:
    env:
      account: "123456789012"
      region: eu-west-1
    repositories:
      # It had no UpdateReplacePolicy: it is retained in every case
      ApiRepo:
        repositoryName: prod/api
        imageScanOnPush: true
        imageTagMutability: IMMUTABLE
        lifecycleRules:
          - { description: keep 10, maxImageCount: 10 }
        grants:
          - to:
              service: lambda.amazonaws.com
              conditions:
                StringLike: { "aws:sourceArn": "arn:aws:lambda:eu-west-1:123456789012:function:*" }
            actions: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        logicalId: ApiRepo
      # It had no UpdateReplacePolicy: it is retained in every case
      Workers:
        repositoryName: prod/workers
        grants:
          - { to: [{ account: "111122223333" }, { account: "444455556666" }], allow: pull }
        logicalId: Workers
    outputs:
      ApiUri:
        repository: ApiRepo
        attribute: repositoryUri
        exportName: images-uri
      WorkersUri:
        repository: Workers
        attribute: repositoryUri
"#
    );
}

/// What is unknown is listed, and says how to tell it.
#[test]
fn what_is_unknown_is_listed() {
    let found = listed(&adopted(&[("images.yaml", HAND)], &[]));
    for expected in [
        "`ApiRepo.RepositoryName`: the value of the parameter `Environment` is unknown",
        "`Workers`: the condition `IsProd` decides whether it exists, and its value is unknown",
        "`ApiRepo.RepositoryPolicyText`: the value of the parameter `AWS::Region` is unknown",
        "`Outputs.ApiUri`: the value of the parameter `AWS::StackName` is unknown",
    ] {
        assert!(found.iter().any(|it| it.contains(expected)), "{expected}\n{found:#?}");
    }
    let parameters = [
        ("Environment", "prod"),
        ("AWS::AccountId", "123456789012"),
        ("AWS::Region", "eu-west-1"),
        ("AWS::StackName", "images"),
    ];
    let found = listed(&adopted(&[("images.yaml", HAND)], &parameters));
    assert_eq!(
        found,
        ["`Dev`: the condition `IsDev` decides whether it exists, and its value is unknown"]
    );
}

/// A condition that decides names the parameters that decide it, wherever it is.
#[test]
fn conditions_whose_values_are_unknown() {
    let text = r#"
Parameters: { Stage: { Type: String }, Key: { Type: String }, Tag: { Type: String, Default: a } }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  HasBoth: !And [!Condition IsProd, !Not [!Equals [!Ref Key, ""]], !Equals [!Ref Tag, a]]
Resources:
  App: { Type: "AWS::ECR::Repository", Properties: { RepositoryName: !If [HasBoth, a, b] } }
  Web: { Type: "AWS::ECR::Repository", Condition: HasBoth }
  Rule: { Type: "AWS::Events::Rule", Condition: IsProd, Properties: { State: ENABLED } }
  Logs: { Type: "AWS::S3::Bucket", Condition: IsProd }
Outputs:
  Uri: { Value: !GetAtt App.RepositoryUri, Condition: IsProd }
  Both: { Value: !Sub "${App.Arn} ${Web.Arn}" }
"#;
    let adoption = adopted(&[("shop.yaml", text)], &[]);
    let of = |name: &str| format!("`{name}` decides whether it exists, and its value is unknown");
    assert_eq!(
        listed(&adoption),
        [
            format!("`Web`: the condition {}", of("HasBoth")),
            format!("`Rule`: the condition {}", of("IsProd")),
            format!("`Outputs.Uri`: the condition {}", of("IsProd")),
            "`App.RepositoryName`: the value of the parameter `Stage` is unknown".to_owned(),
            "`Logs`: ecrane has no resource type `AWS::S3::Bucket`".to_owned(),
            "`Outputs.Both`: its value is no attribute of a repository, principal or key: \
             {\"Fn::Join\":[\"\",[{\"Fn::GetAtt\":[\"App\",\"Arn\"]},\" \",{\"Fn::GetAtt\":[\"Web\",\"Arn\"]}]]}"
                .to_owned(),
        ]
    );
    let help = adoption.not_adopted[0].help().unwrap();
    assert!(
        help.starts_with("pass `--parameter Stage=VALUE`, `--parameter Key=VALUE`, or"),
        "{help}"
    );
    let known = [("Stage", "prod"), ("Key", "")];
    let found = listed(&adopted(&[("shop.yaml", text)], &known));
    let addresses: Vec<_> = found.iter().filter_map(|it| it.split(": ").next()).collect();
    assert_eq!(addresses, ["`Rule`", "`Logs`", "`Outputs.Both`"], "{found:#?}");
}

/// The CDK notes its version in every stack; without a region, under a condition that is not known.
#[test]
fn the_metadata_of_the_cdk_is_no_loss() {
    let text = r#"{
  "Resources": {
    "AppF1B96344": { "Type": "AWS::ECR::Repository", "DeletionPolicy": "Retain",
      "UpdateReplacePolicy": "Retain", "Metadata": { "aws:cdk:path": "Shop/App/Resource" } },
    "CDKMetadata": { "Type": "AWS::CDK::Metadata", "Condition": "CDKMetadataAvailable" }
  },
  "Conditions": {
    "CDKMetadataAvailable": { "Fn::Or": [{ "Fn::Equals": [{ "Ref": "AWS::Region" }, "eu-west-1"] }] }
  }
}"#;
    let adoption = adopted(&[("Shop.template.json", text)], &[]);
    let [note] = adoption.not_adopted.as_slice() else { panic!("{:#?}", listed(&adoption)) };
    assert_eq!((note.code(), note.severity()), ("adopt::cdk_metadata", Severity::Warning));
}

/// The functions of SAM are foreign, and its transform is not: it says nothing about repositories.
#[test]
fn sam() {
    let text = r#"
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Timeout: 10 } }
Resources:
  Images: { Type: "AWS::ECR::Repository", DeletionPolicy: Retain, Properties: { RepositoryName: orders } }
  Orders: { Type: "AWS::Serverless::Function", Properties: { PackageType: Image } }
"#;
    let adoption = adopted(&[("template.yaml", text)], &[]);
    let expected = "`Orders`: ecrane has no resource type `AWS::Serverless::Function`";
    assert_eq!(listed(&adoption), [expected]);
    let included = text.replace("AWS::Serverless-2016-10-31", "Macro");
    let found = listed(&adopted(&[("template.yaml", &included)], &[]));
    assert!(
        found.contains(&"`Transform.Macro`: a config has no such part".to_owned()),
        "{found:?}"
    );
}

#[test]
fn loops_are_written_out() {
    let text = r#"
Transform: AWS::LanguageExtensions
Parameters: { Services: { Type: CommaDelimitedList, Default: "api,web-shop" } }
Resources:
  Fn::ForEach::Repositories:
    - Service
    - !Ref Services
    - Repository&{Service}:
        Type: AWS::ECR::Repository
        DeletionPolicy: Retain
        Properties:
          RepositoryName: !Sub shop/${Service}
          LifecyclePolicy:
            LifecyclePolicyText:
              Fn::ToJsonString:
                rules:
                  - rulePriority: 1
                    selection: { tagStatus: any, countType: imageCountMoreThan, countNumber: 10 }
                    action: { type: expire }
"#;
    let adoption = adopted(&[("shop.yaml", text)], &[]);
    assert_eq!(listed(&adoption), Vec::<String>::new());
    let expected = json!({
        "Repositoryapi": { "repositoryName": "shop/api", "logicalId": "Repositoryapi" },
        "Repositorywebshop": { "repositoryName": "shop/web-shop", "logicalId": "Repositorywebshop" },
    });
    assert_eq!(adoption.config["stacks"]["shop"]["repositories"], expected);
    assert_eq!(
        adoption.config["presets"]["common"],
        json!({ "lifecycleRules": [{ "maxImageCount": 10 }] })
    );
}

/// All forms of principals that AWS documents.
#[test]
fn principals() {
    let principal = |principal: &Value| {
        let template = json!({ "Resources": { "AppF1B96344": {
            "Type": "AWS::ECR::Repository", "DeletionPolicy": "Retain",
            "Properties": { "RepositoryPolicyText": { "Version": "2012-10-17", "Statement": [{
                "Sid": "A", "Effect": "Allow", "Principal": principal, "Action": "ecr:BatchGetImage",
            }] } },
        } } });
        let adoption = adopted(&[("Shop.json", &template.to_string())], &[]);
        assert_eq!(listed(&adoption), Vec::<String>::new(), "{principal}");
        let app = &adoption.config["stacks"]["Shop"]["repositories"]["App"];
        app["resourcePolicy"][0]["principals"].clone()
    };
    let role = "arn:aws:iam::111122223333:role/ci";
    let session = "arn:aws:sts::111122223333:assumed-role/ci/build";
    for (given, expected) in [
        (json!("*"), json!([{ "star": true }])),
        (json!({ "AWS": "*" }), json!([{ "any": true }])),
        (json!({ "AWS": "111122223333" }), json!([{ "account": "111122223333" }])),
        (json!({ "AWS": [role, session] }), json!([{ "arn": role }, { "arn": session }])),
        (
            json!({ "AWS": { "Fn::Sub": "arn:${AWS::Partition}:iam::111122223333:root" } }),
            json!([{ "account": "111122223333" }]),
        ),
        (
            json!({ "Service": ["lambda.amazonaws.com", "codebuild.amazonaws.com"] }),
            json!([{ "service": "lambda.amazonaws.com" }, { "service": "codebuild.amazonaws.com" }]),
        ),
        (
            json!({ "Federated": "cognito-identity.amazonaws.com" }),
            json!([{ "federated": "cognito-identity.amazonaws.com" }]),
        ),
        (json!({ "CanonicalUser": "79a5" }), json!([{ "canonicalUser": "79a5" }])),
    ] {
        assert_eq!(principal(&given), expected, "{given}");
    }
}

/// Inline policies that are a property of a role stay one: a policy of its own would be another resource.
#[test]
fn policies_within_a_role() {
    let text = r#"
Resources:
  Images: { Type: "AWS::ECR::Repository", DeletionPolicy: Retain, Properties: { RepositoryName: orders } }
  Ci:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: { Effect: Allow, Action: "sts:AssumeRole", Principal: { Service: [codebuild.amazonaws.com, ec2.amazonaws.com] } }
        Version: "2012-10-17"
      Policies:
        - PolicyName: push
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{ Effect: Allow, Action: "ecr:PutImage", Resource: !GetAtt Images.Arn }]
"#;
    let adoption = adopted(&[("Shop.yaml", text)], &[]);
    assert_eq!(listed(&adoption), Vec::<String>::new());
    let role = &adoption.config["stacks"]["Shop"]["principals"]["Ci"]["role"];
    assert_eq!(role["cloudformation"]["properties"]["Policies"][0]["PolicyName"], "push");
    assert!(adoption.yaml().contains("# `cloudformation` keeps the inline policies"));
}

/// Version 1 of the AWS CDK grants `pullPush` in two statements.
#[test]
fn version_1_of_the_cdk() {
    let statement = |actions: &[&str]| {
        json!({ "Effect": "Allow", "Action": actions,
            "Principal": { "AWS": "arn:aws:iam::444455556666:role/ci" } })
    };
    let pull = statement(&[
        "ecr:BatchCheckLayerAvailability",
        "ecr:GetDownloadUrlForLayer",
        "ecr:BatchGetImage",
    ]);
    let push = statement(&[
        "ecr:PutImage",
        "ecr:InitiateLayerUpload",
        "ecr:UploadLayerPart",
        "ecr:CompleteLayerUpload",
    ]);
    let policy = json!({ "Version": "2012-10-17", "Statement": [pull, push] });
    let template = json!({ "Resources": { "AppF1B96344": {
        "Type": "AWS::ECR::Repository", "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain",
        "Properties": { "RepositoryPolicyText": policy },
    } } });
    let adoption = adopted(&[("Shop.json", &template.to_string())], &[]);
    assert_eq!(adoption.config["compatibility"], json!({ "awsCdk": "1" }));
    let grants = &adoption.config["stacks"]["Shop"]["repositories"]["App"]["grants"];
    let expected =
        json!([{ "to": { "arn": "arn:aws:iam::444455556666:role/ci" }, "allow": "pullPush" }]);
    assert_eq!(*grants, expected);
}

fn of_repository(attributes: &str) -> String {
    format!(
        "Resources:\n  App: {{ Type: AWS::ECR::Repository, {attributes} }}\n  Other: {{ Type: AWS::ECR::Repository }}\n"
    )
}

fn comment(attributes: &str) -> String {
    let adoption = adopted(&[("Shop.yaml", &of_repository(attributes))], &[]);
    assert_eq!(listed(&adoption), Vec::<String>::new(), "{attributes}");
    let yaml = adoption.yaml();
    let comments = yaml.lines().filter_map(|line| line.trim().strip_prefix("# "));
    comments.map(str::to_owned).collect::<Vec<_>>().join("; ")
}

/// What decides the order of a deployment, or is a note, is no change.
#[test]
fn attributes() {
    for (attributes, expected) in [
        ("DependsOn: Other", "Without its DependsOn, which changes nothing in AWS"),
        (
            "DependsOn: [Other], Metadata: { team: shop }",
            "Without its DependsOn and Metadata, which changes nothing in AWS",
        ),
        ("DeletionPolicy: Retain", "It had no UpdateReplacePolicy: it is retained in every case"),
        ("UpdateReplacePolicy: Retain", "It had no DeletionPolicy: it is retained in every case"),
        (
            "DeletionPolicy: RetainExceptOnCreate",
            "It had the DeletionPolicy RetainExceptOnCreate and no UpdateReplacePolicy: it is retained in every case",
        ),
    ] {
        assert_eq!(comment(attributes), expected);
    }
    // Others are named.
    for (attributes, expected) in [
        ("CreationPolicy: { ResourceSignal: {} }", "CreationPolicy"),
        ("DeletionPolicy: Retain, UpdateReplacePolicy: Delete", "UpdateReplacePolicy"),
    ] {
        let text = of_repository(attributes);
        let found = listed(&adopted(&[("Shop.yaml", &text)], &[]));
        assert_eq!(found, [format!("`App`: the config would update it ({expected})")]);
    }
}

#[test]
fn what_is_no_resource() {
    for (resource, expected) in [
        ("AWS::ECR::Repository", "`App`: it has no `Type`, and is no resource"),
        (
            "{ Type: AWS::ECR::Repository, Properties: [{ RepositoryName: app }] }",
            "`App`: its `Properties` are not a map",
        ),
    ] {
        let text = format!("Resources:\n  App: {resource}\n");
        assert_eq!(listed(&adopted(&[("Shop.yaml", &text)], &[])), [expected]);
    }
}

/// A statement whose effect is unknown is not one that allows.
#[test]
fn effects() {
    let text = |effect: &str| {
        format!(
            "
Parameters: {{ Effect: {{ Type: String }} }}
Resources:
  App:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryPolicyText:
        Version: 2012-10-17
        Statement: {{ Effect: {effect}, Principal: {{ AWS: 444455556666 }}, Action: ecr:PutImage }}
"
        )
    };
    let unknown = adopted(&[("Shop.yaml", &text("!Ref Effect"))], &[]);
    assert_eq!(
        listed(&unknown),
        ["`App.RepositoryPolicyText`: the value of the parameter `Effect` is unknown"]
    );
    let known = adopted(&[("Shop.yaml", &text("!Ref Effect"))], &[("Effect", "Allow")]);
    assert_eq!(listed(&known), Vec::<String>::new());
    // The account is a number here.
    assert!(known.yaml().contains(r#"{ account: "444455556666" }"#), "{}", known.yaml());
    let wrong = adopted(&[("Shop.yaml", &text("allow"))], &[]).yaml();
    assert!(wrong.contains("effect `allow` is neither Allow nor Deny"), "{wrong}");
}

/// A value that no key takes is a problem at its place in the config.
#[test]
fn what_no_key_takes() {
    let text = of_repository("Properties: { ImageTagMutability: immutable }");
    let problems = adopted(&[("Shop.yaml", &text)], &[]).problems.unwrap();
    let codes: Vec<_> = problems.iter().map(|it| it.fact.code()).collect();
    assert_eq!(codes, ["config::not_one_of"]);
}

fn errors(files: &[(&str, &str)], parameters: &[(&str, &str)]) -> Vec<String> {
    let source =
        |(name, text): &(&str, &str)| Source { name: (*name).to_owned(), text: (*text).to_owned() };
    let parameters = parameters.iter().map(|(key, it)| ((*key).to_owned(), (*it).to_owned()));
    let sources: Vec<Source> = files.iter().map(source).collect();
    let errors = adopt(&sources, &parameters.collect()).unwrap_err();
    errors.iter().map(ToString::to_string).collect()
}

/// What is given is used, or an error.
#[test]
fn parameters_and_stacks_that_do_not_fit() {
    let files = [("images.yaml", HAND)];
    assert_eq!(
        errors(&files, &[("Enviroment", "prod"), ("AWS::Regoin", "eu-west-1")]),
        ["no source has a parameter `Enviroment`", "no source has a parameter `AWS::Regoin`"]
    );
    let stacks = r#"{ "Stacks": [{ "StackName": "shop" }, { "StackName": "base" }] }"#;
    assert_eq!(
        errors(&[("images.yaml", HAND), ("stacks.json", stacks)], &[]),
        [
            "`images.yaml` is named after none of the stacks in the output of `describe-stacks`: shop, base"
        ]
    );
    assert_eq!(errors(&[("images.json", "")], &[]), ["`images.json` is empty"]);
}

/// What no key has stays as it is, also with the account and region in it, where they are known.
#[test]
fn references_to_what_is_known() {
    let text = r#"
Resources:
  Pushed:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: { source: [aws.ecr], detail-type: [ECR Image Action] }
      Targets: [{ Id: Alerts, Arn: !Sub "arn:aws:sns:${AWS::Region}:${AWS::AccountId}:alerts" }]
"#;
    let env = [("AWS::AccountId", "111122223333"), ("AWS::Region", "eu-west-1")];
    let known = adopted(&[("Shop.yaml", text)], &env);
    assert_eq!(listed(&known), Vec::<String>::new());
    assert!(known.yaml().contains("Id: Alerts"), "{}", known.yaml());
    let unknown = listed(&adopted(&[("Shop.yaml", text)], &env[..1]));
    assert_eq!(unknown, ["`Pushed.Targets`: the value of the parameter `AWS::Region` is unknown"]);
}

/// `Fn::ToJsonString` needs a transform that no config has: what stays as it is, is text.
#[test]
fn json_text_of_an_object() {
    let text = |unit: &str| {
        format!(
            "
Transform: AWS::LanguageExtensions
Parameters: {{ Days: {{ Type: Number }} }}
Resources:
  App:
    Type: AWS::ECR::Repository
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      LifecyclePolicy:
        LifecyclePolicyText:
          Fn::ToJsonString:
            rules:
              - rulePriority: 1
                selection: {{ tagStatus: any, countType: sinceImagePushed, countUnit: {unit}, countNumber: !Ref Days }}
                action: {{ type: expire }}
"
        )
    };
    let adoption = adopted(&[("Shop.yaml", &text("days"))], &[("Days", "14")]);
    assert_eq!(listed(&adoption), Vec::<String>::new());
    assert!(adoption.yaml().contains(r#"- { maxImageAge: "14d" }"#), "{}", adoption.yaml());
    let adoption = adopted(&[("Shop.yaml", &text("hours"))], &[("Days", "14")]);
    assert_eq!(listed(&adoption), Vec::<String>::new());
    let app = &adoption.config["stacks"]["Shop"]["repositories"]["App"];
    let kept = &app["cloudformation"]["properties"]["LifecyclePolicy"]["LifecyclePolicyText"];
    assert!(kept.as_str().unwrap().contains(r#""countNumber":14"#), "{kept}");
}
