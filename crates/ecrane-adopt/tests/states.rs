//! Terraform states and plans.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use ecrane_adopt::{Adoption, Source, SourceError, adopt};
use ecrane_config::Config;
use ecrane_core::Style;
use ecrane_terraform::{Layout, Options, render_over};
use indexmap::IndexMap;
use serde_json::{Value, json};

const KEEP: &str = r#"{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":10},"action":{"type":"expire"}}]}"#;

fn adopted(document: &Value) -> Adoption {
    let source = Source { name: "Shop.tfstate".to_owned(), text: document.to_string() };
    let adoption = adopt(&[source], &IndexMap::new()).unwrap();
    assert!(adoption.problems.is_none(), "{:?}", adoption.problems);
    adoption
}

/// A state file, as `terraform state pull` prints it.
fn state_file(resources: &Value) -> Value {
    json!({ "version": 4, "terraform_version": "1.11.4", "lineage": "x", "serial": 1,
        "outputs": {}, "resources": resources })
}

/// What `terraform show -json` prints.
fn shown(resources: &Value, child_modules: &Value) -> Value {
    let root = json!({ "resources": resources, "child_modules": child_modules });
    json!({ "format_version": "1.0", "terraform_version": "1.11.4", "values": { "root_module": root } })
}

fn repository(name: &str) -> Value {
    json!({
        "arn": format!("arn:aws:ecr:eu-west-1:111122223333:repository/{name}"),
        "name": name,
        "id": name,
        "registry_id": "111122223333",
        "repository_url": format!("111122223333.dkr.ecr.eu-west-1.amazonaws.com/{name}"),
        "encryption_configuration": [{ "encryption_type": "AES256", "kms_key": "" }],
        "force_delete": null,
        "image_scanning_configuration": [{ "scan_on_push": true }],
        "image_tag_mutability": "IMMUTABLE",
        "tags": null,
        "tags_all": {},
        "timeouts": null,
    })
}

fn lifecycle_policy(name: &str) -> Value {
    json!({ "id": name, "repository": name, "registry_id": "111122223333", "policy": KEEP })
}

/// A resource in a state file.
fn resource(kind: &str, name: &str, instances: &[(Option<Value>, Value)]) -> Value {
    let instances = instances.iter().map(|(key, attributes)| {
        let mut instance = json!({ "schema_version": 0, "attributes": attributes });
        if let Some(key) = key {
            instance["index_key"] = key.clone();
        }
        instance
    });
    json!({ "mode": "managed", "type": kind, "name": name,
        "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
        "instances": instances.collect::<Vec<_>>() })
}

#[test]
fn addresses_are_kept() {
    let adoption = adopted(&state_file(&json!([
        resource("aws_ecr_repository", "app", &[(None, repository("shop/app"))]),
        resource("aws_ecr_lifecycle_policy", "keep", &[(None, lifecycle_policy("shop/app"))]),
        resource("aws_ecr_repository", "Web-Shop", &[(None, repository("shop/web"))]),
        resource("aws_ecr_lifecycle_policy", "Web-Shop", &[(None, lifecycle_policy("shop/web"))]),
    ])));
    assert_eq!(adoption.not_adopted, []);
    assert!(adoption.ledger.is_none());
    assert_eq!(
        adoption.yaml(),
        r#"presets:
  # What 2 repositories share
  common:
    imageScanOnPush: true
    imageTagMutability: IMMUTABLE
    lifecycleRules:
      - { maxImageCount: 10 }
defaults: common
stacks:
  Shop:
    env:
      account: "111122223333"
      region: eu-west-1
    repositories:
      App:
        repositoryName: shop/app
        terraformNames: { lifecyclePolicy: keep }
      WebShop:
        repositoryName: shop/web
        terraformName: Web-Shop
"#
    );
}

/// A config has no `count`, `for_each` or modules: their instances move.
#[test]
fn instances_move() {
    let of = |module: &str, kind: &str, values: Value| {
        json!({ "address": format!("{module}{kind}.this[0]"), "mode": "managed", "type": kind,
            "name": "this", "index": 0, "values": values })
    };
    let module = |key: &str| {
        let address = format!("module.ecr[\"{key}\"]");
        json!({ "address": address, "resources": [
            of(&format!("{address}."), "aws_ecr_repository", repository(key)),
            of(&format!("{address}."), "aws_ecr_lifecycle_policy", lifecycle_policy(key)),
        ] })
    };
    let root = json!([
        { "address": "aws_ecr_repository.each[\"api\"]", "mode": "managed", "type": "aws_ecr_repository",
            "name": "each", "index": "api", "values": repository("api") },
    ]);
    let adoption = adopted(&shown(&root, &json!([module("shop/app"), module("shop/web")])));
    assert_eq!(adoption.not_adopted, []);
    let ids = &adoption.config["stacks"]["Shop"]["repositories"];
    let ids: Vec<&String> = ids.as_object().unwrap().keys().collect();
    assert_eq!(ids, ["Api", "ShopApp", "ShopWeb"]);
    assert!(!adoption.yaml().contains("terraformName"));
    let ledger = adoption.ledger.unwrap();
    assert!(ledger.knows(Layout::Plain));
    let text = String::from_utf8(ledger.to_json().unwrap()).unwrap();
    assert!(
        text.contains(r#""module.ecr[\"shop/app\"].aws_ecr_lifecycle_policy.this[0]""#),
        "{text}"
    );
}

#[test]
fn grants_are_recovered() {
    let role = json!({
        "arn": "arn:aws:iam::111122223333:role/ci", "name": "ci", "id": "ci", "path": "/",
        "max_session_duration": 3600, "description": "", "unique_id": "AROAX",
        "assume_role_policy": r#"{"Version":"2012-10-17","Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":"codebuild.amazonaws.com"}}]}"#,
        "managed_policy_arns": [], "inline_policy": [], "tags": {}, "tags_all": {},
    });
    let pull =
        r#"["ecr:BatchCheckLayerAvailability","ecr:GetDownloadUrlForLayer","ecr:BatchGetImage"]"#;
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Action":{pull},"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::444455556666:root"}}}}]}}"#
    );
    let adoption = adopted(&state_file(&json!([
        resource("aws_ecr_repository", "app", &[(None, repository("shop/app"))]),
        resource(
            "aws_ecr_repository_policy",
            "app",
            &[(None, json!({ "repository": "shop/app", "policy": policy, "id": "shop/app" })),]
        ),
        resource("aws_iam_role", "ci", &[(None, role)]),
        resource(
            "aws_iam_role_policy_attachment",
            "ro",
            &[(
                None,
                json!({ "role": "ci", "policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess", "id": "x" })
            ),]
        ),
    ])));
    assert_eq!(adoption.not_adopted, []);
    let stack = &adoption.config["stacks"]["Shop"];
    let to = json!({ "account": "444455556666" });
    assert_eq!(stack["repositories"]["App"]["grants"], json!([{ "to": to, "allow": "pull" }]));
    assert_eq!(stack["principals"]["Ci"]["role"]["managedPolicies"], json!(["ReadOnlyAccess"]));
}

/// Nothing is dropped in silence.
#[test]
fn the_rest_is_listed() {
    let other_region =
        json!({ "arn": "arn:aws:ecr:us-east-1:111122223333:repository/shop/b", "name": "shop/b" });
    let adoption = adopted(&state_file(&json!([
        resource("aws_ecr_repository", "a", &[(None, repository("shop/a"))]),
        resource("aws_ecr_repository", "b", &[(None, other_region)]),
        resource("aws_ecr_repository", "c", &[(None, repository("shop/c"))]),
        resource("aws_ecr_lifecycle_policy", "lost", &[(None, lifecycle_policy("elsewhere"))]),
        resource("aws_s3_bucket", "logs", &[(Some(json!("a.b")), json!({ "bucket": "logs" }))]),
    ])));
    let listed: Vec<_> = adoption.not_adopted.iter().map(ToString::to_string).collect();
    assert_eq!(
        listed,
        [
            "`aws_ecr_repository.b`: in the region us-east-1, and the stack is in eu-west-1",
            "`aws_s3_bucket.logs[\"a.b\"]`: ecrane has no resource type `aws_s3_bucket`",
            "`aws_ecr_lifecycle_policy.lost`: it belongs to `elsewhere`, which is not in the source",
        ]
    );
}

/// Terraform would destroy a repository that is in the state and in no module, so it has to forget it.
#[test]
fn a_repository_that_is_left_out_is_forgotten() {
    let other_region =
        json!({ "arn": "arn:aws:ecr:us-east-1:111122223333:repository/shop/b", "name": "shop/b" });
    let adoption = adopted(&state_file(&json!([
        resource("aws_ecr_repository", "a", &[(None, repository("shop/a"))]),
        resource("aws_ecr_repository", "b", &[(None, other_region)]),
        resource("aws_ecr_lifecycle_policy", "b", &[(None, lifecycle_policy("shop/b"))]),
    ])));
    let listed: Vec<_> = adoption.not_adopted.iter().map(|it| it.address().to_string()).collect();
    assert_eq!(listed, ["aws_ecr_repository.b", "aws_ecr_lifecycle_policy.b"]);
    let ledger = adoption.ledger.as_ref().unwrap();
    let config: Config = serde_json::from_value(adoption.config.clone()).unwrap();
    let graph = config.build().unwrap();
    let options = Options::default();
    let output = render_over(&graph, &options, ledger).unwrap();
    let module = output.rendered.files.first().unwrap().to_vec(Style::Compact).unwrap();
    let module: Value = serde_json::from_slice(&module).unwrap();
    let removed = |from: &str| json!({ "from": from, "lifecycle": [{ "destroy": false }] });
    assert_eq!(
        module["removed"],
        json!([removed("aws_ecr_lifecycle_policy.b"), removed("aws_ecr_repository.b")])
    );
}

/// A state says of some objects that the next apply deletes them.
#[test]
fn what_is_doomed_is_listed() {
    let of = |name: &str, more: &Value| {
        let mut resource = json!({ "mode": "managed", "type": "aws_ecr_repository", "name": name,
            "address": format!("aws_ecr_repository.{name}"),
            "values": repository(&format!("shop/{name}")) });
        resource.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        resource
    };
    let shown = shown(
        &json!([of("a", &json!({ "tainted": true })), of("b", &json!({}))]),
        &json!([{ "resources": [of("b", &json!({ "deposed_key": "1a2b", "values": {} }))] }]),
    );
    let instance = |name: &str, more: &Value| {
        let mut instance = json!({ "attributes": repository(name) });
        instance.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        instance
    };
    let file = state_file(&json!([
        { "mode": "managed", "type": "aws_ecr_repository", "name": "a",
            "instances": [instance("shop/a", &json!({ "status": "tainted" }))] },
        { "mode": "managed", "type": "aws_ecr_repository", "name": "b",
            "instances": [instance("shop/b", &json!({})), instance("shop/b", &json!({ "deposed": "1a2b" }))] },
    ]));
    for document in [shown, file] {
        let adoption = adopted(&document);
        let listed: Vec<_> = adoption.not_adopted.iter().map(ToString::to_string).collect();
        let said = |from: &str| listed.iter().any(|it| it.starts_with(from));
        assert_eq!(listed.len(), 2, "{listed:#?}");
        assert!(said("`aws_ecr_repository.a`: it is tainted, so the next"), "{listed:#?}");
        assert!(said("`aws_ecr_repository.b`: a former object of it is left"), "{listed:#?}");
        assert_eq!(adoption.config["stacks"]["Shop"]["repositories"].as_object().unwrap().len(), 2);
    }
}

/// What a plan creates is adopted as planned, unless the plan does not say it.
#[test]
fn plans() {
    let planned = json!({ "name": "shop/app", "image_tag_mutability": "MUTABLE", "tags": null });
    let policy = json!({ "repository": "shop/app" });
    let of = |kind: &str, values: &Value| json!({ "address": format!("{kind}.app"), "mode": "managed", "type": kind, "name": "app", "values": values });
    let plan = json!({
        "format_version": "1.2", "terraform_version": "1.11.4",
        "planned_values": { "root_module": { "resources": [
            of("aws_ecr_repository", &planned), of("aws_ecr_repository_policy", &policy),
        ] } },
        "resource_changes": [
            { "address": "aws_ecr_repository_policy.app", "change": { "after_unknown": { "policy": true } } },
            { "address": "aws_ecr_repository.app", "change": { "after_unknown": { "arn": true } } },
        ],
    });
    let adoption = adopted(&plan);
    let listed: Vec<_> = adoption.not_adopted.iter().map(ToString::to_string).collect();
    assert_eq!(
        listed,
        [
            "`aws_ecr_repository_policy.app.policy`: known after the apply only, so the plan does not say it"
        ]
    );
    let app = &adoption.config["stacks"]["Shop"]["repositories"]["App"];
    assert_eq!(*app, json!({ "repositoryName": "shop/app" }));
}

/// A plan says of a block in parts what it knows, and what the configuration does not set is no loss.
#[test]
fn a_plan_of_a_key() {
    let address = "module.ecr[0].aws_ecr_repository.app";
    let repository = json!({ "address": address, "mode": "managed", "type": "aws_ecr_repository", "name": "app",
        "values": { "name": "shop/app", "encryption_configuration": [{ "encryption_type": "KMS" }] } });
    let key = json!({ "address": "aws_kms_key.images", "mode": "managed", "type": "aws_kms_key", "name": "images",
        "values": { "description": "images" } });
    let plan = |set: &Value| {
        json!({
            "format_version": "1.2", "terraform_version": "1.11.4",
            "planned_values": {
                "outputs": { "url": { "sensitive": false } },
                "root_module": { "resources": [key], "child_modules": [{ "resources": [repository] }] },
            },
            "resource_changes": [
                { "address": address, "module_address": "module.ecr[0]", "type": "aws_ecr_repository", "name": "app",
                    "change": { "after_unknown": { "arn": true, "encryption_configuration": [{ "kms_key": true }] } } },
                { "address": "aws_kms_key.images", "type": "aws_kms_key", "name": "images",
                    "change": { "after_unknown": { "arn": true, "policy": true } } },
            ],
            "configuration": {
                "provider_config": { "aws": { "expressions": { "region": { "constant_value": "eu-west-1" } } } },
                "root_module": {
                    "resources": [{ "address": "aws_kms_key.images", "expressions": { "description": {} } }],
                    "module_calls": { "ecr": { "module": { "resources": [
                        { "address": "aws_ecr_repository.app", "expressions": { "name": {}, "encryption_configuration": [set] } },
                    ] } } },
                },
            },
        })
    };
    let listed = |adoption: &Adoption| {
        adoption.not_adopted.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let unknown = "known after the apply only, so the plan does not say it";
    let adoption = adopted(&plan(&json!({ "encryption_type": {}, "kms_key": {} })));
    assert_eq!(
        listed(&adoption),
        [
            format!("`{address}.encryption_configuration.kms_key`: {unknown}"),
            format!("`Outputs.url`: {unknown}"),
        ]
    );
    assert_eq!(adoption.config["stacks"]["Shop"]["env"], json!({ "region": "eu-west-1" }));
    let adoption = adopted(&plan(&json!({ "encryption_type": {} })));
    assert_eq!(listed(&adoption), [format!("`Outputs.url`: {unknown}")]);
}

/// A public repository is in us-east-1, which another provider of the module is for.
#[test]
fn a_public_repository_of_another_provider() {
    let public = json!({ "arn": "arn:aws:ecr-public::111122223333:repository/tools",
        "repository_name": "tools" });
    let policy = json!({ "repository_name": "tools", "policy": "{}" });
    let adoption = adopted(&state_file(&json!([
        resource("aws_ecr_repository", "a", &[(None, repository("shop/a"))]),
        resource("aws_ecrpublic_repository", "tools", &[(None, public)]),
        resource("aws_ecrpublic_repository_policy", "tools", &[(None, policy)]),
    ])));
    let listed: Vec<_> = adoption.not_adopted.iter().map(ToString::to_string).collect();
    assert_eq!(
        listed,
        [
            "`aws_ecrpublic_repository.tools`: in the region us-east-1, and the stack is in eu-west-1",
            "`aws_ecrpublic_repository_policy.tools`: it belongs to `tools`, which is not adopted",
        ]
    );
    assert!(adoption.problems.is_none());
}

/// `terraform show -json` prints no more of an empty state.
#[test]
fn an_empty_state() {
    let source =
        Source { name: "state.json".to_owned(), text: r#"{"format_version":"1.0"}"#.to_owned() };
    assert_eq!(adopt(&[source], &IndexMap::new()).unwrap_err(), [SourceError::Nothing]);
}
