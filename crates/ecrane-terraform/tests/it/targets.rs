//! Root modules for the accounts and regions of a stack.

use std::collections::BTreeMap;

use ecrane_config::Config;
use ecrane_core::{Graph, Style};
use ecrane_terraform::{Backend, Ledger, Options, Settings, render, render_over};
use indexmap::IndexMap;
use serde_json::{Value, json};

use crate::support::cdktf;

fn graph(stacks: &Value) -> Graph {
    serde_json::from_value::<Config>(json!({ "stacks": stacks })).unwrap().build().unwrap()
}

fn registry() -> Value {
    json!({ "Registry": {
        "stackName": "acme-registry",
        "tags": { "team": "platform" },
        "targets": {
            "accounts": ["111122223333", "444455556666"],
            "regions": ["eu-west-1", "us-east-1"],
        },
        "principals": { "Ci": { "role": { "assumedBy": { "service": "ec2.amazonaws.com" } } } },
        "repositories": { "App": { "grants": [{ "to": "Ci", "allow": "pull" }] } },
        "outputs": { "Uri": {
            "repository": "App", "attribute": "repositoryUri", "description": "Where it is",
        } },
    } })
}

fn with_backend(backend: Value, options: Options) -> Options {
    let backend: IndexMap<String, Value> = serde_json::from_value(backend).unwrap();
    let backend = Some(Backend::try_from(&backend).unwrap());
    Options { settings: Settings { backend, ..Settings::default() }, ..options }
}

fn s3() -> Value {
    json!({ "s3": { "bucket": "state", "key": "registry", "use_lockfile": true } })
}

fn read(files: &[ecrane_core::File<'_>]) -> BTreeMap<String, Value> {
    let read = |file: &ecrane_core::File<'_>| {
        serde_json::from_slice(&file.to_vec(Style::Pretty).unwrap()).unwrap()
    };
    files.iter().map(|file| (file.path.clone(), read(file))).collect()
}

fn files(stacks: &Value, options: &Options) -> BTreeMap<String, Value> {
    read(&render(&graph(stacks), options).unwrap().files)
}

fn refused(stacks: &Value, options: &Options) -> Vec<String> {
    let problems = render(&graph(stacks), options).unwrap_err();
    problems.iter().map(|it| format!("{} {}", it.fact.code(), it.place)).collect()
}

#[test]
fn one_module_is_called_for_each_account_and_region() {
    let files = files(&registry(), &with_backend(s3(), Options::default()));
    let names: Vec<_> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "acme-registry/111122223333/eu-west-1/target.tf.json",
            "acme-registry/111122223333/us-east-1/target.tf.json",
            "acme-registry/444455556666/eu-west-1/target.tf.json",
            "acme-registry/444455556666/us-east-1/target.tf.json",
            "modules/acme-registry/main.tf.json",
        ]
    );
    let module = &files["modules/acme-registry/main.tf.json"];
    assert!(module.get("provider").is_none());
    assert!(module["terraform"].get("backend").is_none());
    assert!(module["resource"]["aws_ecr_repository"]["app"].is_object());
    // A role belongs to the account, and each region of it has one.
    let name = module["resource"]["aws_iam_role"]["ci"]["name"].as_str().unwrap();
    assert!(name.ends_with("-${data.aws_region.current.name}"), "{name}");
    let root = &files["acme-registry/444455556666/us-east-1/target.tf.json"];
    assert_eq!(
        *root,
        json!({
            "terraform": {
                "required_providers": { "aws": { "source": "hashicorp/aws", "version": ">= 5.100.0" } },
                "backend": { "s3": {
                    "bucket": "state",
                    "key": "registry/444455556666/us-east-1",
                    "use_lockfile": true,
                } },
            },
            "provider": { "aws": [{
                "region": "us-east-1",
                "allowed_account_ids": ["444455556666"],
                "assume_role": [{
                    "role_arn": "arn:aws:iam::444455556666:role/AWSCloudFormationStackSetExecutionRole",
                }],
                "default_tags": [{ "tags": { "team": "platform" } }],
            }] },
            "module": { "stack": { "source": "../../../modules/acme-registry" } },
            "output": { "uri": { "value": "${module.stack.uri}", "description": "Where it is" } },
        })
    );
}

#[test]
fn the_layout_of_cdktf() {
    let files = files(&registry(), &cdktf());
    let manifest = &files["manifest.json"]["stacks"];
    let names: Vec<_> = manifest.as_object().unwrap().keys().collect();
    assert_eq!(names.len(), 4, "{names:?}");
    let name = "Registry-111122223333-eu-west-1";
    let stack = &manifest[name];
    assert_eq!(stack["name"], name);
    // The CLIs delete directories that are not named after a stack.
    assert_eq!(stack["workingDirectory"], format!("stacks/{name}"));
    let root = &files[stack["synthesizedStackPath"].as_str().unwrap()];
    assert_eq!(root["module"]["stack"]["source"], "../../modules/Registry");
    assert!(files.contains_key("modules/Registry/cdk.tf.json"));
    assert_eq!(
        root["terraform"]["backend"],
        json!({ "local": { "path": format!("../../../terraform.{name}.tfstate") } })
    );
    assert_eq!(root["//"]["metadata"]["stackName"], name);
    let output = &root["//"]["outputs"][name]["Uri"];
    assert!(root["output"].get(output.as_str().unwrap()).is_some(), "{output}");
    // The module has no state of its own.
    assert!(files["modules/Registry/cdk.tf.json"].get("//").is_none());
}

#[test]
fn states_of_their_own() {
    let key = |backend: Value| {
        let (kind, argument) = {
            let (kind, arguments) = backend.as_object().unwrap().iter().next().unwrap();
            (kind.clone(), arguments.as_object().unwrap().keys().next_back().unwrap().clone())
        };
        let files = files(&registry(), &with_backend(backend, Options::default()));
        let root = &files["acme-registry/111122223333/eu-west-1/target.tf.json"];
        root["terraform"]["backend"][kind][argument].clone()
    };
    let cases = [
        (json!({ "gcs": { "bucket": "b", "prefix": "p" } }), "p/111122223333/eu-west-1"),
        (json!({ "local": { "path": "/s/p" } }), "/s/p/111122223333/eu-west-1"),
        (json!({ "http": { "address": "https://s/p" } }), "https://s/p/111122223333/eu-west-1"),
        (json!({ "kubernetes": { "secret_suffix": "p" } }), "p-111122223333-eu-west-1"),
        (json!({ "pg": { "schema_name": "p" } }), "p-111122223333-eu-west-1"),
    ];
    for (backend, expected) in cases {
        assert_eq!(key(backend.clone()), expected, "{backend}");
    }
    for backend in [json!({ "s3": { "bucket": "state" } }), json!({ "inmem": {} })] {
        assert_eq!(
            refused(&registry(), &with_backend(backend, Options::default())),
            ["terraform::state_of_targets /stacks/Registry/targets"]
        );
    }
}

#[test]
fn what_terraform_cannot() {
    let mut stacks = registry();
    stacks["Registry"]["targets"] =
        json!({ "organizationalUnits": ["r-ab12"], "regions": ["eu-west-1"] });
    assert_eq!(
        refused(&stacks, &Options::default()),
        ["terraform::targets_of_units /stacks/Registry/targets/organizationalUnits"]
    );
    let import =
        Options { import: Some(ecrane_core::PhysicalIds::default()), ..Options::default() };
    let codes = refused(&registry(), &import);
    assert!(codes.contains(&"targets::no_import /stacks/Registry/targets".to_owned()), "{codes:?}");
    let provider = json!({ "assume_role": { "role_arn": "arn:aws:iam::111122223333:role/x" } });
    let settings =
        Settings { provider: serde_json::from_value(provider).unwrap(), ..Settings::default() };
    assert_eq!(
        refused(&registry(), &Options { settings, ..Options::default() }),
        ["terraform::provider_argument_taken /stacks/Registry"]
    );
    // Shards that refer to each other.
    let mut stacks = registry();
    stacks["Registry"]["shards"] = 2.into();
    let codes = refused(&stacks, &with_backend(s3(), Options::default()));
    let code = "terraform::reference_of_targets";
    assert!(codes.iter().any(|it| it.starts_with(code)), "{codes:?}");
}

/// A retained resource is never destroyed, in none of the accounts and regions.
#[test]
fn a_stack_that_is_removed() {
    let options = with_backend(s3(), Options::default());
    let (graph, empty) = (graph(&registry()), graph(&json!({})));
    let known = Ledger::default();
    let before = render_over(&graph, &options, &known).unwrap();
    let roots = read(&before.rendered.files);
    let ledger = Ledger::parse(&before.ledger.to_json().unwrap()).unwrap();
    let after = render_over(&empty, &options, &ledger).unwrap();
    let files = read(&after.rendered.files);
    assert_eq!(files.keys().collect::<Vec<_>>(), roots.keys().collect::<Vec<_>>());
    let module = &files["modules/acme-registry/main.tf.json"];
    assert_eq!(module["removed"][0]["from"], "aws_ecr_repository.app");
    assert!(module.get("resource").is_none() && module.get("provider").is_none());
    for (path, root) in files.iter().filter(|(path, _)| path.ends_with("target.tf.json")) {
        let earlier = &roots[path];
        assert_eq!(root["provider"], earlier["provider"], "{path}");
        assert_eq!(root["terraform"]["backend"], earlier["terraform"]["backend"], "{path}");
        assert_eq!(root["module"], earlier["module"], "{path}");
        assert_eq!(root["terraform"]["required_version"], ">= 1.7.0", "{path}");
    }
}
