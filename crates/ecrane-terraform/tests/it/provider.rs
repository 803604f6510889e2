//! Versions and arguments of the provider.

use ecrane_construct::RepositoryCreationTemplateProps;
use ecrane_construct::{Registry, Repository, RepositoryProps, StackProps};
use ecrane_core::{AppliedFor, PullTimeUpdateExclusionResource};
use ecrane_core::{Environment, TagMutability};
use ecrane_terraform::{Backend, Options, Settings, VersionConstraint};
use indexmap::IndexMap;
use serde_json::{Value, json};

use crate::samples::template;
use crate::support::{module, pinned, refused, rendered, stack};

fn version_of(module: &Value) -> &Value {
    assert_eq!(module["terraform"]["required_providers"]["aws"]["source"], "hashicorp/aws");
    &module["terraform"]["required_providers"]["aws"]["version"]
}

fn excluding() -> RepositoryProps {
    let filters = vec!["dev-*".parse().unwrap()].try_into().unwrap();
    let image_tag_mutability = Some(TagMutability::ImmutableWithExclusion(filters));
    RepositoryProps { image_tag_mutability, ..RepositoryProps::default() }
}

#[test]
fn the_version_is_the_lowest_that_has_what_is_used() {
    let (app, stack) = stack(StackProps::default());
    assert_eq!(version_of(&module(&app)), ">= 5.100.0");
    Repository::new(&stack, "App", excluding());
    assert_eq!(version_of(&module(&app)), ">= 6.8.0");
    assert_eq!(
        module(&app)["resource"]["aws_ecr_repository"]["app"]["image_tag_mutability_exclusion_filter"],
        json!([{ "filter": "dev-*", "filter_type": "WILDCARD" }])
    );
    let applied_for = vec![AppliedFor::CreateOnPush];
    let template = RepositoryCreationTemplateProps { applied_for, ..template() };
    Registry::creation_template(&stack, "Cache", template);
    assert_eq!(version_of(&module(&app)), ">= 6.28.0");
}

#[test]
fn a_pin_is_kept_and_raised_to_what_is_used() {
    let (app, stack) = stack(StackProps::default());
    Repository::new(&stack, "App", excluding());
    let cases = [
        ("~> 6.0", "~> 6.0, >= 6.8.0"),
        ("~> 6.27", "~> 6.27"),
        ("= 6.8.0", "= 6.8.0"),
        (">= 5.0", ">= 5.0, >= 6.8.0"),
    ];
    for (pin, expected) in cases {
        let rendered = rendered(&app, &pinned(pin));
        assert_eq!(version_of(rendered.file("Registry/main.tf.json")), expected, "{pin}");
    }
}

#[test]
fn what_is_above_the_pin_is_refused_with_the_version_it_needs() {
    let (app, stack) = stack(StackProps::default());
    Repository::new(&stack, "App", excluding());
    let principal_arn = "arn:aws:iam::111122223333:role/scanner".parse().unwrap();
    let exclusion = PullTimeUpdateExclusionResource { principal_arn };
    Registry::pull_time_update_exclusion(&stack, "Scanner", exclusion);
    let problems = refused(&app, &pinned("~> 5.100"));
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].starts_with("terraform::feature_above_pin"), "{problems:?}");
    assert!(problems[0].contains("requires hashicorp/aws 6.8.0"), "{problems:?}");
    assert!(problems[1].contains("requires hashicorp/aws 6.28.0"), "{problems:?}");
}

#[test]
fn a_provider_older_than_tested_is_warned_of() {
    let (app, _stack) = stack(StackProps::default());
    let rendered = rendered(&app, &pinned("~> 5.40.0"));
    assert_eq!(version_of(rendered.file("Registry/main.tf.json")), "~> 5.40.0");
    assert!(rendered.warnings[0].starts_with("terraform::provider_untested"));
}

#[test]
fn a_region_is_called_what_the_provider_calls_it() {
    let (app, stack) = stack(StackProps::default());
    let value = stack.region();
    let props = ecrane_construct::CfnOutputProps::new(value);
    ecrane_construct::CfnOutput::new(&stack, "Region", props);
    for (pin, attribute) in [("~> 5.100", "name"), (">= 5.0", "name"), ("~> 6.0", "region")] {
        let rendered = rendered(&app, &pinned(pin));
        let module = rendered.file("Registry/main.tf.json");
        let expected = format!("${{data.aws_region.current.{attribute}}}");
        assert_eq!(module["output"]["region"]["value"], json!(expected), "{pin}");
        assert_eq!(module["data"], json!({ "aws_region": { "current": {} } }), "{pin}");
    }
}

fn settings(settings: Settings) -> Options {
    Options { settings, ..Options::default() }
}

#[test]
fn what_is_given_goes_through_as_it_is() {
    let (app, _stack) = stack(StackProps::default());
    let options = settings(Settings {
        required_version: Some(VersionConstraint::try_from(">= 1.11").unwrap()),
        backend: Some(Backend {
            kind: "s3".to_owned(),
            arguments: IndexMap::from([("bucket".to_owned(), json!("state-${x}"))]),
        }),
        provider: Some(IndexMap::from([(
            "assume_role".to_owned(),
            json!([{ "role_arn": "arn:aws:iam::111122223333:role/ci", "duration": 1, "x": null }]),
        )])),
        ..Settings::default()
    });
    let rendered = rendered(&app, &options);
    let module = rendered.file("Registry/main.tf.json");
    assert_eq!(module["terraform"]["required_version"], ">= 1.11");
    assert_eq!(module["terraform"]["backend"], json!({ "s3": { "bucket": "state-$${x}" } }));
    assert_eq!(
        module["provider"]["aws"][0]["assume_role"],
        json!([{ "role_arn": "arn:aws:iam::111122223333:role/ci", "duration": 1, "x": null }])
    );
}

#[test]
fn what_follows_from_the_stack_is_not_given_twice() {
    let region = Some("eu-west-1".parse().unwrap());
    let env = Environment { account: None, region };
    let (app, _stack) = stack(StackProps { env, ..StackProps::default() });
    let given = IndexMap::from([("region".to_owned(), json!("us-east-1"))]);
    let options = settings(Settings { provider: Some(given), ..Settings::default() });
    assert!(refused(&app, &options)[0].starts_with("terraform::provider_argument_taken"));
}
