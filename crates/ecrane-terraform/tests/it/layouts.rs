//! The files of both layouts.

use ecrane_construct::{
    App, CfnOutput, CfnOutputProps, Repository, RepositoryProps, Stack, StackProps,
};
use ecrane_terraform::Options;
use serde_json::json;

use crate::support::{cdktf, rendered};

fn app() -> App {
    let app = App::default();
    let stack_name = Some("acme-registry".try_into().unwrap());
    let props = StackProps {
        stack_name,
        description: Some("Images".to_owned()),
        termination_protection: Some(true),
        ..StackProps::default()
    };
    let stack = Stack::new(&app, "Registry", props);
    let repository_name = Some("team/app".parse().unwrap());
    let props = RepositoryProps { repository_name, ..RepositoryProps::default() };
    let repository = Repository::new(&stack, "App", props);
    let value = repository.repository_name();
    let props = CfnOutputProps::new(value);
    CfnOutput::new(&stack, "Names/App", props);
    app
}

#[test]
fn plain() {
    let output = rendered(&app(), &Options::default());
    let paths: Vec<_> = output.files.keys().collect();
    assert_eq!(paths, ["acme-registry/main.tf.json"]);
    assert_eq!(
        *output.file("acme-registry/main.tf.json"),
        json!({
            "//": "Images",
            "terraform": { "required_providers": {
                "aws": { "source": "hashicorp/aws", "version": ">= 5.100.0" },
            } },
            "provider": { "aws": [{}] },
            "resource": { "aws_ecr_repository": {
                "app": { "name": "team/app", "lifecycle": { "prevent_destroy": true } },
            } },
            "output": { "names_app": { "value": "${aws_ecr_repository.app.name}" } },
        })
    );
}

#[test]
fn cdktf_writes_what_its_command_lines_read() {
    let output = rendered(&app(), &cdktf());
    let paths: Vec<_> = output.files.keys().collect();
    assert_eq!(paths, ["manifest.json", "stacks/Registry/cdk.tf.json"]);
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        *output.file("manifest.json"),
        json!({
            "stacks": { "Registry": {
                "annotations": [
                    {
                        "constructPath": "Registry",
                        "level": "@cdktf/warn",
                        "message": "`terminationProtection` has no equivalent in Terraform and is ignored \
                            [terraform::no_counterpart]\nhelp: `removalPolicy: retain` protects a \
                            single resource",
                    },
                    {
                        "constructPath": "Registry",
                        "level": "@cdktf/info",
                        "message": "`destroy Registry` is refused while these resources are \
                            retained: aws_ecr_repository.App_F1B96344\nhelp: to keep them and delete \
                            the rest, remove the stack from the config and deploy it once more; to \
                            delete them too, set `removalPolicy: destroy` on them, deploy, then destroy",
                    },
                ],
                "constructPath": "Registry",
                "dependencies": [],
                "name": "Registry",
                "synthesizedStackPath": "stacks/Registry/cdk.tf.json",
                "workingDirectory": "stacks/Registry",
            } },
            "version": version,
        })
    );
    assert_eq!(
        *output.file("stacks/Registry/cdk.tf.json"),
        json!({
            "//": {
                "description": "Images",
                "metadata": { "backend": "local", "stackName": "Registry", "version": version },
                "outputs": { "Registry": { "Names": { "App": "Names_App_4932E88E" } } },
            },
            "terraform": {
                "required_providers": {
                    "aws": { "source": "hashicorp/aws", "version": ">= 5.100.0" },
                },
                "backend": { "local": { "path": "../../../terraform.Registry.tfstate" } },
            },
            "provider": { "aws": [{}] },
            "resource": { "aws_ecr_repository": { "App_F1B96344": {
                "//": { "metadata": { "path": "Registry/App/Resource", "uniqueId": "App_F1B96344" } },
                "name": "team/app",
                "lifecycle": { "prevent_destroy": true },
            } } },
            "output": {
                "Names_App_4932E88E": { "value": "${aws_ecr_repository.App_F1B96344.name}" },
            },
        })
    );
}
