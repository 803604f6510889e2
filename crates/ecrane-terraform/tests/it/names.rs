//! Addresses and physical names.

use ecrane_construct::{App, Group, GroupProps, Repository, RepositoryProps, Stack, StackProps};
use ecrane_terraform::Options;
use serde_json::json;

use crate::support::{cdktf, module, refused, rendered, stack};

#[test]
fn constructs_with_one_address_are_refused() {
    let (app, stack) = stack(StackProps::default());
    Repository::new(&stack, "ApiGateway", RepositoryProps::default());
    Repository::new(&stack, "api-gateway", RepositoryProps::default());
    assert_eq!(
        refused(&app, &Options::default()),
        ["terraform::address_taken /stacks/Registry/repositories/api-gateway: \
          `ApiGateway/Resource` and `api-gateway/Resource` have the same address \
          `aws_ecr_repository.api_gateway`"]
    );
}

#[test]
fn the_type_tells_addresses_apart() {
    let (app, stack) = stack(StackProps::default());
    Repository::new(&stack, "App/Dev", RepositoryProps::default());
    Group::new(&stack, "AppDev", GroupProps::default());
    let resources = &module(&app)["resource"];
    assert!(resources["aws_ecr_repository"].get("app_dev").is_some());
    assert!(resources["aws_iam_group"].get("app_dev").is_some());
}

#[test]
fn a_name_of_cdktf_that_terraform_refuses_is_an_error() {
    let (app, stack) = stack(StackProps::default());
    Repository::new(&stack, "1st", RepositoryProps::default());
    let problems = refused(&app, &cdktf());
    assert_eq!(problems.len(), 1);
    assert!(
        problems[0].starts_with("terraform::name_invalid /stacks/Registry/repositories/1st"),
        "{problems:?}"
    );
    // In the plain layout the name is ecrane's own.
    assert!(module(&app)["resource"]["aws_ecr_repository"].get("_1st").is_some());
}

#[test]
fn a_stack_id_that_the_command_lines_refuse_is_an_error() {
    let app = App::default();
    let stack_name = Some("acme".try_into().unwrap());
    Stack::new(&app, "a b", StackProps { stack_name, ..StackProps::default() });
    let problems = refused(&app, &cdktf());
    assert!(problems[0].starts_with("terraform::stack_id_unfit"), "{problems:?}");
    assert!(rendered(&app, &Options::default()).files.contains_key("acme/main.tf.json"));
}

#[test]
fn what_is_unnamed_gets_a_name_that_every_run_makes() {
    let stack_name = || Some("acme-registry".try_into().unwrap());
    let build = || {
        let (app, stack) = stack(StackProps { stack_name: stack_name(), ..StackProps::default() });
        Repository::new(&stack, "Service/App", RepositoryProps::default());
        Repository::new(&stack, "service-app2", RepositoryProps::default());
        Group::new(&stack, &"x".repeat(200), GroupProps::default());
        module(&app)
    };
    let module = build();
    assert_eq!(module, build());
    let repositories = &module["resource"]["aws_ecr_repository"];
    let name = repositories["service_app"]["name"].as_str().unwrap();
    let hash = name.strip_prefix("acme-registry-service-app-").unwrap();
    assert!(hash.len() == 8 && hash.bytes().all(|b| b.is_ascii_hexdigit()), "{name}");
    let group = module["resource"]["aws_iam_group"].as_object().unwrap().values().next().unwrap();
    assert_eq!(group["name"].as_str().unwrap().len(), 128);
    assert_ne!(repositories["service_app2"]["name"], json!(name));
}
