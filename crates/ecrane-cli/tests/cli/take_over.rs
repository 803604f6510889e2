//! What `ecrane synth --import` writes.

use serde_json::{Value, json};

use crate::case::{Case, Ran};

const SHOP: &str = r#"
stacks:
  Shop:
    env: { account: "111122223333", region: eu-west-1 }
    keys: { Images: { alias: shop-images } }
    principals: { Ci: { role: { roleName: ci, assumedBy: { service: codebuild.amazonaws.com } } } }
    repositories:
      App:
        repositoryName: shop/app
        encryptionKey: Images
        lifecycleRules: [{ maxImageCount: 9 }]
        grants: [{ to: Ci, allow: pull }]
        events: { Pushed: { on: imagePushed, ruleName: pushed } }
    registry:
      scanning: { scanType: ENHANCED }
    outputs: { Uri: { repository: App, attribute: repositoryUri } }
"#;

const KEY: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";

fn case() -> Case {
    let case = Case::with(SHOP);
    case.write("ecrane.addresses.json", r#"{ "version": 1, "plain": {} }"#);
    let resources = json!({ "StackResources": [
        { "LogicalResourceId": "Images2D38C313", "PhysicalResourceId": KEY },
        { "LogicalResourceId": "Gone", "PhysicalResourceId": "gone" },
        { "LogicalResourceId": "AppF1B96344" },
    ] });
    case.write("ids.json", resources.to_string());
    case
}

fn done(ran: &Ran) {
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
}

/// The `import` blocks of a module: address and ID.
fn imports(module: &Value) -> Vec<String> {
    let blocks = module["import"].as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |block: &Value, key: &str| block[key].as_str().unwrap().to_owned();
    blocks.iter().map(|it| format!("{} {}", text(it, "to"), text(it, "id"))).collect()
}

#[test]
fn terraform_imports_every_resource_and_only_once() {
    let case = case();
    let run = |args: &[&str]| {
        let all = ["synth", "-b", "tf"].iter().chain(args).copied().collect::<Vec<_>>();
        case.run(&all)
    };
    done(&run(&["--import", "--import-ids", "ids.json"]));
    let module = case.json("ecrane.out/Shop/main.tf.json");
    let key = format!("aws_kms_key.images {KEY}");
    let expected = [
        key.as_str(),
        "aws_kms_alias.images_alias alias/shop-images",
        "aws_iam_role.ci ci",
        "aws_ecr_repository.app shop/app",
        "aws_ecr_lifecycle_policy.app shop/app",
        "aws_iam_role_policy.ci_default_policy ci:CiDefaultPolicy7E39BAF8",
        "aws_cloudwatch_event_rule.app_pushed default/pushed",
        "aws_ecr_registry_scanning_configuration.registry_scanning_configuration 111122223333",
    ];
    let mut found = imports(&module);
    found.sort();
    let mut expected = expected.map(str::to_owned);
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(module["terraform"]["required_version"], ">= 1.5.0");

    // A plain run leaves them out again.
    done(&run(&[]));
    assert_eq!(case.json("ecrane.out/Shop/main.tf.json").get("import"), None);

    // What a state has is not imported, wherever it is in there.
    let state = json!({ "version": 4, "terraform_version": "1.11.4", "resources": [
        { "mode": "managed", "type": "aws_ecr_repository", "name": "this", "module": "module.m",
          "instances": [{ "index_key": "x", "attributes": { "id": "shop/app", "name": "shop/app" } }] },
    ] });
    case.write("state.json", state.to_string());
    case.write("ecrane.addresses.json", r#"{ "version": 1, "plain": {} }"#);
    let args = ["--import", "--import-ids", "ids.json", "--from-state", "state.json"];
    done(&run(&args));
    let module = case.json("ecrane.out/Shop/main.tf.json");
    let from = r#"module.m.aws_ecr_repository.this["x"]"#;
    assert_eq!(module["moved"], json!([{ "from": from, "to": "aws_ecr_repository.app" }]));
    let found = imports(&module);
    assert!(!found.iter().any(|it| it.starts_with("aws_ecr_repository.")), "{found:?}");
    assert_eq!(found.len(), expected.len() - 1);
}

#[test]
fn an_account_that_is_unknown_is_read_by_terraform() {
    let config = "stacks: { Shop: { registry: { scanning: { scanType: ENHANCED } } } }\n";
    let case = Case::with(config);
    done(&case.run(&["synth", "-b", "tf", "--import"]));
    let module = case.json("ecrane.out/Shop/main.tf.json");
    assert_eq!(module["import"][0]["id"], "${data.aws_caller_identity.current.account_id}");
    assert_eq!(module["data"]["aws_caller_identity"], json!({ "current": {} }));
    assert_eq!(module["terraform"]["required_version"], ">= 1.6.0");
    // CloudFormation cannot.
    let ran = case.run(&["synth", "-b", "cfn", "--import"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("import::environment_unknown"), "{}", ran.stderr);
}

#[test]
fn cloudformation_has_the_files_of_an_import_operation() {
    let case = case();
    let args = ["synth", "-b", "cfn", "--import", "--import-ids", "ids.json"];
    let ran = case.run(&args);
    done(&ran);
    assert_eq!(ran.stderr.matches("import::not_imported").count(), 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("--change-set-type IMPORT"), "{}", ran.stderr);
    let resources = case.json("ecrane.out/Shop.resources-to-import.json");
    let rule = "arn:aws:events:eu-west-1:111122223333:rule/pushed";
    let expected = [
        ("AWS::KMS::Key", "Images2D38C313", json!({ "KeyId": KEY })),
        ("AWS::KMS::Alias", "ImagesAliasF9549391", json!({ "AliasName": "alias/shop-images" })),
        ("AWS::IAM::Role", "CiA080E7EE", json!({ "RoleName": "ci" })),
        ("AWS::ECR::Repository", "AppF1B96344", json!({ "RepositoryName": "shop/app" })),
        ("AWS::Events::Rule", "AppPushed494591B2", json!({ "Arn": rule })),
        (
            "AWS::ECR::RegistryScanningConfiguration",
            "RegistryScanningConfiguration",
            json!({ "RegistryId": "111122223333" }),
        ),
    ];
    let expected = expected.map(|(kind, id, identifier)| {
        json!({ "ResourceType": kind, "LogicalResourceId": id, "ResourceIdentifier": identifier })
    });
    assert_eq!(resources, json!(expected));

    let [template, whole] = ["Shop.import-template.json", "Shop.template.json"]
        .map(|name| case.json(&format!("ecrane.out/{name}")));
    assert_eq!(template.as_object().unwrap().keys().collect::<Vec<_>>(), ["Resources"]);
    let declared = template["Resources"].as_object().unwrap();
    assert_eq!(declared.len(), expected.len());
    for (id, resource) in declared {
        let mut resource = resource.clone();
        let policy = resource.as_object_mut().unwrap().remove("DeletionPolicy").unwrap();
        let mut original = whole["Resources"][id].clone();
        let given = original.as_object_mut().unwrap().remove("DeletionPolicy");
        assert_eq!(policy, given.unwrap_or("Delete".into()), "{id}");
        assert_eq!(resource, original);
    }

    // The `cdk` CLI makes the template itself.
    let args = ["synth", "--layout", "cdk", "--import", "--import-ids", "ids.json", "--out", "cdk"];
    done(&case.run(&args));
    let mapping = case.json("cdk/Shop.resource-mapping.json");
    assert_eq!(mapping["AppF1B96344"], json!({ "RepositoryName": "shop/app" }));
    let files = case.names("cdk");
    assert!(!files.iter().any(|it| it.contains("import")), "{files:?}");

    // A plain run removes the files.
    done(&case.run(&["synth", "-b", "cfn"]));
    assert_eq!(case.names("ecrane.out"), [".ecrane.json", "Shop.template.json"]);
}

#[test]
fn a_stack_can_be_left_behind() {
    let case = case();
    done(&case.run(&["synth", "-b", "cfn", "--retain-all"]));
    let template = case.json("ecrane.out/Shop.template.json");
    for (id, resource) in template["Resources"].as_object().unwrap() {
        assert_eq!(resource["DeletionPolicy"], "Retain", "{id}");
    }
}

#[test]
fn what_cannot_be_identified_is_an_error_and_nothing_is_written() {
    let case = Case::with(
        "stacks: { Shop: { repositories: { App: {} }, keys: { Images: {} }, principals: { Ci: { role: \
         { assumedBy: { service: codebuild.amazonaws.com } } } } } }\n",
    );
    case.write("ecrane.addresses.json", r#"{ "version": 1, "plain": {} }"#);
    let resources = json!({ "StackResourceSummaries": [
        { "LogicalResourceId": "AppF1B96344", "PhysicalResourceId": "shop-app-x1y2" },
    ] });
    case.write("ids.json", resources.to_string());
    let before = case.contents();
    for backend in ["tf", "cfn"] {
        let args = ["synth", "-b", backend, "--import", "--import-ids", "ids.json"];
        let ran = case.run(&args);
        assert_eq!(ran.code, Some(1), "{}", ran.stderr);
        // CloudFormation imports a repository without a name in its template.
        let (names, known) = if backend == "tf" { (2, 1) } else { (1, 0) };
        assert_eq!(ran.stderr.matches("error[import::name_generated]").count(), names);
        assert_eq!(ran.stderr.matches("set `repositoryName: shop-app-x1y2`").count(), known);
        assert_eq!(ran.stderr.matches("error[import::id_unknown]").count(), 1, "{}", ran.stderr);
    }
    assert_eq!(case.contents(), before);
}

/// A role's policy that is too large is split into managed policies, whose names CloudFormation generates.
#[test]
fn terraform_names_what_it_creates_again() {
    let case = Case::with(include_str!("../../../xtask/cases/overflow.yaml"));
    case.write("ecrane.addresses.json", r#"{ "version": 1, "plain": {} }"#);
    let ran = case.run(&["synth", "-b", "tf", "--import"]);
    done(&ran);
    let warning = "warning[import::not_imported]: Terraform does not import `Builder/OverflowPolicy1/Resource`, aws_iam_policy";
    assert!(ran.stderr.contains(warning), "{}", ran.stderr);
    let module = case.json("ecrane.out/Overflow/main.tf.json");
    let found = imports(&module);
    assert!(!found.iter().any(|it| it.starts_with("aws_iam_policy.")), "{found:?}");
    assert!(module["resource"]["aws_iam_policy"].is_object(), "{module}");
}
