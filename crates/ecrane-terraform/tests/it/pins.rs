//! Pinned addresses.

use ecrane_construct::{
    CfnOutput, CfnOutputProps, Group, GroupProps, Key, KeyProps, ManagedPolicyName, OnEventOptions,
    PublicRepository, PublicRepositoryProps, Repository, RepositoryProps, Role, RoleProps,
    RuleTarget, StackProps, User, UserProps,
};
use ecrane_core::{Addresses, LifecycleRule};
use ecrane_terraform::Options;

use crate::samples::builder;
use crate::support::{cdktf, module, refused, rendered, stack};

fn pinned(name: &str) -> Addresses {
    Addresses::pinned_to("terraform", name)
}

/// The addresses of a module's resources.
fn addresses(module: &serde_json::Value) -> Vec<String> {
    let kinds = module["resource"].as_object().unwrap();
    let addresses = kinds.iter().flat_map(|(kind, blocks)| {
        blocks.as_object().unwrap().keys().map(move |name| format!("{kind}.{name}"))
    });
    let mut addresses: Vec<String> = addresses.collect();
    addresses.sort();
    addresses
}

#[test]
fn whatever_belongs_to_a_pinned_resource_follows_it() {
    let (app, stack) = stack(StackProps::default());
    let role = Role::new(
        &stack,
        "CiRole",
        RoleProps {
            managed_policies: vec![ManagedPolicyName::Aws("ReadOnlyAccess".to_owned())],
            addresses: pinned("ci"),
            ..builder()
        },
    );
    User::new(&stack, "Dev", UserProps { addresses: pinned("developer"), ..UserProps::default() });
    Group::new(&stack, "Readers", GroupProps { addresses: pinned("all"), ..GroupProps::default() });
    let key =
        Key::new(&stack, "Key", KeyProps { addresses: pinned("images"), ..KeyProps::default() });
    PublicRepository::new(
        &stack,
        "Tool",
        PublicRepositoryProps {
            addresses: pinned("public-tool"),
            ..PublicRepositoryProps::default()
        },
    );
    let repository = Repository::new(
        &stack,
        "App",
        RepositoryProps {
            encryption_key: Some(key),
            addresses: pinned("legacy"),
            ..RepositoryProps::default()
        },
    );
    repository
        .add_lifecycle_rule(LifecycleRule { max_image_count: Some(3), ..LifecycleRule::default() });
    repository.grant_pull(&role);
    let options = OnEventOptions { addresses: pinned("scans"), ..OnEventOptions::default() };
    let scanned = repository.on_image_scan_completed("Scanned", None, options);
    scanned
        .add_target(RuleTarget::new("arn:aws:sns:eu-west-1:111122223333:alerts".parse().unwrap()));

    // Rendering holds that every reference leads to an address that there is.
    let expected = [
        "aws_cloudwatch_event_rule.scans",
        "aws_cloudwatch_event_target.scans_target0",
        "aws_ecr_lifecycle_policy.legacy",
        "aws_ecr_repository.legacy",
        "aws_ecrpublic_repository.public-tool",
        "aws_iam_group.all",
        "aws_iam_role.ci",
        "aws_iam_role_policy.ci_role_default_policy",
        "aws_iam_role_policy_attachment.ci_read_only_access",
        "aws_iam_user.developer",
        "aws_kms_key.images",
    ];
    assert_eq!(addresses(&module(&app)), expected);
    let output = rendered(&app, &cdktf());
    let of_cdktf = addresses(output.file("stacks/Registry/cdk.tf.json"));
    let of_constructs = |addresses: &[String]| -> Vec<String> {
        addresses.iter().filter(|address| !address.contains("role_policy.")).cloned().collect()
    };
    // The policy of a role is a construct of its own.
    assert_eq!(of_constructs(&of_cdktf), of_constructs(&expected.map(str::to_owned)));
}

#[test]
fn a_part_and_an_output_have_names_of_their_own() {
    let (app, stack) = stack(StackProps::default());
    let mut addresses_of_app = pinned("app");
    addresses_of_app.pin_part("terraform", "LifecyclePolicy", "cleanup");
    addresses_of_app.pin_part("terraform", "RepositoryPolicy", "pull");
    let props = RepositoryProps { addresses: addresses_of_app, ..RepositoryProps::default() };
    let repository = Repository::new(&stack, "App", props);
    repository
        .add_lifecycle_rule(LifecycleRule { max_image_count: Some(3), ..LifecycleRule::default() });
    let pins = [("terraform".into(), "app".to_owned())].into();
    let output = CfnOutputProps { pins, ..CfnOutputProps::new(repository.repository_uri()) };
    CfnOutput::new(&stack, "App", output);
    let expected = ["aws_ecr_lifecycle_policy.cleanup", "aws_ecr_repository.app"];
    let output = rendered(&app, &Options::default());
    let told =
        "terraform::no_part /stacks/Registry/repositories/App/terraformNames/repositoryPolicy";
    assert_eq!(output.warnings.len(), 1, "{:?}", output.warnings);
    assert!(output.warnings[0].starts_with(told), "{:?}", output.warnings);
    assert_eq!(addresses(&module(&app)), expected);
    assert!(module(&app)["output"]["app"].is_object());
    let of_cdktf = rendered(&app, &cdktf());
    assert_eq!(addresses(of_cdktf.file("stacks/Registry/cdk.tf.json")), expected);
}

#[test]
fn names_that_cannot_be_are_refused() {
    let (app, stack) = stack(StackProps::default());
    let repository = |id: &str, name: &str| {
        let props = RepositoryProps { addresses: pinned(name), ..RepositoryProps::default() };
        Repository::new(&stack, id, props)
    };
    repository("A", "1st")
        .add_lifecycle_rule(LifecycleRule { max_image_count: Some(3), ..LifecycleRule::default() });
    repository("B", "${x}");
    repository("C", "one");
    repository("D", "one");
    repository("E", "d");
    Repository::new(&stack, "d", RepositoryProps::default());
    let mut part = Addresses::default();
    part.pin_part("terraform", "LifecyclePolicy", "a b");
    let props = RepositoryProps { addresses: part, ..RepositoryProps::default() };
    Repository::new(&stack, "F", props)
        .add_lifecycle_rule(LifecycleRule { max_image_count: Some(3), ..LifecycleRule::default() });
    let pins = [("terraform".into(), "1st".to_owned())].into();
    CfnOutput::new(&stack, "G", CfnOutputProps { pins, ..CfnOutputProps::new("x") });
    let problems = refused(&app, &Options::default());
    let expected = [
        "terraform::name_pin_invalid /stacks/Registry/repositories/A/terraformName: ",
        "terraform::name_pin_invalid /stacks/Registry/repositories/B/terraformName: ",
        "terraform::address_taken /stacks/Registry/repositories/D: ",
        "terraform::address_taken /stacks/Registry/repositories/d: ",
        "terraform::name_pin_invalid /stacks/Registry/repositories/F/terraformNames/lifecyclePolicy: ",
        "terraform::name_pin_invalid /stacks/Registry/outputs/G/terraformName: ",
    ];
    assert_eq!(problems.len(), expected.len(), "{problems:#?}");
    for (problem, expected) in problems.iter().zip(expected) {
        assert!(problem.starts_with(expected), "{problem}");
    }
}
