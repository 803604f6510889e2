//! The quickstart as a Rust program: writes the same files as `ecrane.yaml` in this directory.
//!
//! ```sh
//! cargo run -p ecrane --example quickstart
//! ```

use std::io::{self, Write};

use ecrane::cloudformation::CloudFormation;
use ecrane::{
    App, Arn, AuthorizationToken, Backend, CfnOutput, CfnOutputProps, Environment, Graph,
    LifecycleRule, OnEventOptions, PublicGalleryAuthorizationToken, Repository, RepositoryProps,
    RuleTarget, Stack, StackProps, Style, TagMutability, User, UserProps,
};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The graph of the quickstart.
///
/// # Errors
/// Returns an error if a name is invalid or the constructs are incompatible.
pub(crate) fn graph() -> Result<Graph> {
    let app = App::default();
    let stack = Stack::new(
        &app,
        "Quickstart",
        StackProps {
            description: Some(
                "A repository, who may log in, and what happens to its images".to_owned(),
            ),
            env: Environment { region: Some("eu-west-1".parse()?), ..Environment::default() },
            ..StackProps::default()
        },
    );

    let dev = User::new(&stack, "Dev", UserProps::default());

    let repository = Repository::new(
        &stack,
        "Repository",
        RepositoryProps {
            repository_name: Some("quickstart/app".parse()?),
            image_scan_on_push: Some(true),
            image_tag_mutability: Some(TagMutability::Immutable),
            ..RepositoryProps::default()
        },
    );
    repository.add_lifecycle_rule(LifecycleRule {
        description: Some("Keep what runs in production".to_owned()),
        tag_prefix_list: Some(vec!["prod".to_owned()]),
        max_image_count: Some(9999),
        ..LifecycleRule::default()
    });
    repository.add_lifecycle_rule(LifecycleRule {
        description: Some("The rest goes after a month".to_owned()),
        max_image_age: Some("30d".parse()?),
        ..LifecycleRule::default()
    });

    let topic: Arn = "arn:aws:sns:eu-west-1:111122223333:image-scans".parse()?;
    repository
        .on_image_scan_completed("ImageScanComplete", None, OnEventOptions::default())
        .add_target(RuleTarget::new(topic));

    AuthorizationToken::grant_read(&stack, &dev);
    PublicGalleryAuthorizationToken::grant_read(&stack, &dev);

    CfnOutput::new(&stack, "RepositoryUri", CfnOutputProps::new(repository.repository_uri()));

    Ok(app.build()?)
}

fn main() -> Result<()> {
    let graph = graph()?;
    let backend = CloudFormation::default();
    let mut out = io::stdout().lock();
    for file in backend.render(&graph)?.files {
        file.write(&mut out, Style::Pretty)?;
    }
    out.flush()?;
    Ok(())
}
