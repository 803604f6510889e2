//! References between stacks.

use std::collections::BTreeMap;

use ecrane_construct::{App, Repository, RepositoryProps, Role, Stack, StackProps};
use ecrane_terraform::{Backend, Options, Settings};
use indexmap::IndexMap;
use serde_json::{Value, json};

use crate::samples::builder;
use crate::support::{cdktf, json as parsed, refused, rendered};

/// A repository of one stack that a role of another one may pull from.
fn app() -> App {
    let app = App::default();
    let images = Stack::new(&app, "Images", StackProps::default());
    let builds = Stack::new(&app, "Builds", StackProps::default());
    let repository = Repository::new(&images, "App", RepositoryProps::default());
    let role = Role::new(&builds, "CiRole", builder());
    repository.grant_pull(&role);
    app
}

fn resource_of_grant(module: &Value) -> Value {
    let policies = module["resource"]["aws_iam_role_policy"].as_object().unwrap();
    let policy = policies.values().next().unwrap();
    parsed(&policy["policy"])["Statement"][0]["Resource"].clone()
}

fn backend(kind: &str, argument: &str, value: &str) -> Settings {
    let arguments = IndexMap::from([(argument.to_owned(), json!(value))]);
    let backend = Some(Backend { kind: kind.to_owned(), arguments });
    Settings { backend, ..Settings::default() }
}

#[test]
fn a_state_without_a_backend_cannot_be_read() {
    assert_eq!(
        refused(&app(), &Options::default()),
        ["terraform::no_backend /stacks/Builds/principals/CiRole: stack `Builds` refers to \
          `Images`, whose state it cannot read"]
    );
}

#[test]
fn a_reference_reads_the_producers_state() {
    let stacks = BTreeMap::from([("Images".to_owned(), backend("s3", "bucket", "state"))]);
    let output = rendered(&app(), &Options { stacks, ..Options::default() });
    let builds = output.file("Builds/main.tf.json");
    assert_eq!(
        resource_of_grant(builds),
        "${data.terraform_remote_state.images.outputs.cross_stack_aws_ecr_repository_app_arn}"
    );
    assert_eq!(
        builds["data"]["terraform_remote_state"]["images"],
        json!({
            "backend": "s3",
            "workspace": "${terraform.workspace}",
            "config": { "bucket": "state" },
        })
    );
    assert_eq!(
        output.file("Images/main.tf.json")["output"],
        json!({ "cross_stack_aws_ecr_repository_app_arn": {
            "value": "${aws_ecr_repository.app.arn}",
        } })
    );
}

#[test]
fn a_relative_state_counts_from_the_folder_of_its_stack() {
    let settings = backend("local", "path", "state/images.tfstate");
    let output = rendered(&app(), &Options { settings, ..Options::default() });
    assert_eq!(
        output.file("Builds/main.tf.json")["data"]["terraform_remote_state"]["images"]["config"],
        json!({ "path": "../Images/state/images.tfstate" })
    );
}

#[test]
fn cdktf_finds_the_state_where_it_keeps_it() {
    let output = rendered(&app(), &cdktf());
    let builds = output.file("stacks/Builds/cdk.tf.json");
    let name = "cross-stack-output-aws_ecr_repositoryApp_F1B96344arn";
    assert_eq!(
        resource_of_grant(builds),
        json!(format!(
            "${{data.terraform_remote_state.cross-stack-reference-input-Images.outputs.{name}}}"
        ))
    );
    let state = &builds["data"]["terraform_remote_state"]["cross-stack-reference-input-Images"];
    assert_eq!(state["backend"], "local");
    assert_eq!(state["config"], json!({ "path": "../../../terraform.Images.tfstate" }));
    let images = output.file("stacks/Images/cdk.tf.json");
    assert_eq!(images["terraform"]["backend"]["local"], state["config"]);
    assert_eq!(images["output"][name]["sensitive"], true);
    let stacks = &output.file("manifest.json")["stacks"];
    assert_eq!(stacks["Builds"]["dependencies"], json!(["Images"]));
    assert_eq!(stacks["Images"]["dependencies"], json!([]));
}

#[test]
fn states_that_come_to_one_address_are_refused() {
    let app = App::default();
    let builds = Stack::new(&app, "Builds", StackProps::default());
    let role = Role::new(&builds, "CiRole", builder());
    for id in ["ImagesEu", "images-eu"] {
        let images = Stack::new(&app, id, StackProps::default());
        Repository::new(&images, "App", RepositoryProps::default()).grant_pull(&role);
    }
    let settings = backend("local", "path", "state");
    assert_eq!(
        refused(&app, &Options { settings, ..Options::default() }),
        ["terraform::address_taken /stacks/Builds/principals/CiRole: `ImagesEu` and `images-eu` \
          have the same address `data.terraform_remote_state.images_eu`"]
    );
}

#[test]
fn a_state_that_two_stacks_would_share_is_warned_of() {
    let warned = |settings: Settings| {
        let options = Options { settings, ..Options::default() };
        let graph = app().build().unwrap();
        let output = ecrane_terraform::render(&graph, &options).unwrap();
        output.warnings.iter().map(|w| format!("{} {}", w.fact.code(), w.place)).collect::<Vec<_>>()
    };
    let one_state = warned(backend("s3", "bucket", "state"));
    assert_eq!(one_state, ["terraform::state_shared /stacks/Builds"]);
    assert_eq!(warned(backend("local", "path", "state/images.tfstate")), [""; 0]);
}
