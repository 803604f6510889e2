//! The patterns of event rules match the sample events that AWS documents, and no others.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod pattern;

use ecrane::config::Config;
use ecrane::{Backend, Style, cloudformation, terraform};
use pattern::matches;
use serde::Deserialize;
use serde_json::{Value, json};

/// An event as AWS documents it, without the fields of a finding that no pattern reads.
#[derive(Deserialize)]
struct Sample {
    on: String,
    /// The page with the sample.
    source: String,
    /// The ARN of the repository that it is about.
    repository: String,
    event: Value,
}

fn samples() -> Vec<Sample> {
    let samples: Vec<Sample> = serde_json::from_str(include_str!("samples.json")).unwrap();
    assert!(samples.iter().all(|sample| sample.source.starts_with("https://docs.aws.amazon.com/")));
    samples
}

/// The event pattern of the only rule of a stack, as both backends render it.
fn rendered(stack: &Value) -> Value {
    let config: Config = serde_json::from_value(json!({ "stacks": { "Shop": stack } })).unwrap();
    let graph = config.build().unwrap();
    let file = |backend: &dyn Backend| -> Value {
        let rendered = backend.render(&graph).unwrap();
        serde_json::from_slice(&rendered.files[0].to_vec(Style::Compact).unwrap()).unwrap()
    };
    let template = file(&cloudformation::CloudFormation::default());
    let rules: Vec<_> = template["Resources"]
        .as_object()
        .unwrap()
        .values()
        .filter(|resource| resource["Type"] == "AWS::Events::Rule")
        .collect();
    assert_eq!(rules.len(), 1);
    let pattern = rules[0]["Properties"]["EventPattern"].clone();
    let module = file(&terraform::Terraform::default());
    let rules = module["resource"]["aws_cloudwatch_event_rule"].as_object().unwrap();
    let text = rules.values().next().unwrap()["event_pattern"].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(text).unwrap(), pattern, "the backends differ");
    pattern
}

/// The pattern of a rule of the repository with an ARN.
fn of_repository(arn: &str, rule: &Value) -> Value {
    let repository = json!({ "import": { "repositoryArn": arn }, "events": { "Rule": rule } });
    rendered(&json!({ "repositories": { "App": repository } }))
}

/// The pattern of a rule of the registry.
fn of_registry(rule: &Value) -> Value {
    rendered(&json!({ "registry": { "events": { "Rule": rule } } }))
}

#[test]
fn a_rule_matches_the_events_of_its_kind() {
    let samples = samples();
    for rule in &samples {
        let repository = of_repository(&rule.repository, &json!({ "on": rule.on }));
        let registry = of_registry(&json!({ "on": rule.on }));
        for sample in &samples {
            let alike = sample.on == rule.on;
            assert_eq!(matches(&repository, &sample.event), alike, "{} {}", rule.on, sample.on);
            assert_eq!(matches(&registry, &sample.event), alike, "{} {}", rule.on, sample.on);
        }
    }
}

#[test]
fn a_rule_of_a_repository_matches_no_other_repository() {
    for sample in samples() {
        for other in ["other", "app", "repository-20", "amazon/amazon-ecs-sample2"] {
            let arn = format!("arn:aws:ecr:us-east-1:123456789012:repository/{other}");
            let pattern = of_repository(&arn, &json!({ "on": sample.on }));
            assert!(!matches(&pattern, &sample.event), "{} {other}", sample.on);
        }
    }
}

/// AWS documents the type of this event, and samples of other actions of this type and of image
/// pushes only.
#[test]
fn a_pushed_referrer_is_an_image_push_of_another_type() {
    let samples = samples();
    let pushed = samples.iter().find(|sample| sample.on == "imagePushed").unwrap();
    let mut event = pushed.event.clone();
    event["detail-type"] = "ECR Referrer Action".into();
    let pattern = of_repository(&pushed.repository, &json!({ "on": "referrerPushed" }));
    assert!(matches(&pattern, &event));
    assert!(samples.iter().all(|sample| !matches(&pattern, &sample.event)));
    let images = of_registry(&json!({ "on": "imagePushed" }));
    assert!(!matches(&images, &event));
}

#[test]
fn image_tags_narrow_a_rule() {
    for Sample { on, repository, mut event, .. } in samples() {
        let tags: Vec<String> = match on.as_str() {
            "imageArchived" | "imageRestored" | "referrerRestored" | "scanFrequencyChanged" => {
                continue;
            }
            // The sample has no tags.
            "imageScanCompleted" => {
                event["detail"]["image-tags"] = json!(["latest", "v1"]);
                vec!["latest".to_owned()]
            }
            "cacheImported" | "replicationCompleted" => vec!["3.17.2".to_owned()],
            _ => vec!["latest".to_owned()],
        };
        let rule = |tags: &[String]| json!({ "on": on, "imageTags": tags });
        let more = [&["other".to_owned()], &tags[..]].concat();
        assert!(matches(&of_repository(&repository, &rule(&more)), &event), "{on}");
        assert!(matches(&of_registry(&rule(&tags)), &event), "{on}");
        assert!(!matches(&of_registry(&rule(&["other".to_owned()])), &event), "{on}");
    }
}

#[test]
fn image_tags_are_refused_where_events_have_none() {
    for on in [
        "event",
        "cloudTrailEvent",
        "cloudTrailImagePushed",
        "imageArchived",
        "imageRestored",
        "referrerRestored",
        "scanFrequencyChanged",
    ] {
        for key in ["imageTags", "imageTag"] {
            if (on, key) == ("cloudTrailImagePushed", "imageTag") {
                continue;
            }
            let tags = if key == "imageTag" { json!("latest") } else { json!(["latest"]) };
            let events = json!({ "Rule": { "on": on, key: tags } });
            let config = json!({ "stacks": { "Shop": { "registry": { "events": events } } } });
            let problems = serde_json::from_value::<Config>(config).unwrap().build().unwrap_err();
            let found: Vec<_> =
                problems.iter().map(|p| format!("{} {}", p.fact.code(), p.place)).collect();
            let place = format!("/stacks/Shop/registry/events/Rule/{key}");
            assert_eq!(found, [format!("config::only_with {place}")], "{on}");
        }
    }
}

#[test]
fn a_pattern_of_the_config_narrows_a_rule_of_the_registry() {
    let samples = samples();
    let prefix = |prefix: &str| {
        of_registry(&json!({
            "on": "imagePushed",
            "eventPattern": { "detail": { "repository-name": [{ "prefix": prefix }] } },
        }))
    };
    let pushed = samples.iter().find(|sample| sample.on == "imagePushed").unwrap();
    assert!(matches(&prefix("my-"), &pushed.event));
    assert!(!matches(&prefix("team/"), &pushed.event));
}

#[test]
fn any_event_is_any_event_of_ecr() {
    let registry = of_registry(&json!({ "on": "event" }));
    for sample in samples() {
        let of_ecr = sample.event["source"] == "aws.ecr";
        assert_eq!(matches(&registry, &sample.event), of_ecr, "{}", sample.on);
    }
}

/// The sample of CloudTrail's record in "Logging Amazon ECR actions with AWS CloudTrail", as
/// EventBridge delivers it.
#[test]
fn calls_that_cloud_trail_records() {
    let call = |name: &str, tag: &str| {
        json!({
            "source": "aws.ecr",
            "detail-type": "AWS API Call via CloudTrail",
            "detail": {
                "eventSource": "ecr.amazonaws.com",
                "eventName": name,
                "requestParameters": { "repositoryName": "testrepo", "imageTag": tag },
            },
        })
    };
    let arn = "arn:aws:ecr:us-east-2:123456789012:repository/testrepo";
    let other = "arn:aws:ecr:us-east-2:123456789012:repository/other";
    let push = json!({ "on": "cloudTrailImagePushed", "imageTag": "latest" });
    for pattern in [of_repository(arn, &push), of_registry(&push)] {
        assert!(matches(&pattern, &call("PutImage", "latest")));
        assert!(!matches(&pattern, &call("PutImage", "v1")));
        assert!(!matches(&pattern, &call("BatchDeleteImage", "latest")));
    }
    assert!(!matches(&of_repository(other, &push), &call("PutImage", "latest")));
    let any = json!({ "on": "cloudTrailEvent" });
    for pattern in [of_repository(arn, &any), of_registry(&any)] {
        assert!(matches(&pattern, &call("BatchDeleteImage", "v1")));
        assert!(samples().iter().all(|sample| !matches(&pattern, &sample.event)));
    }
    assert!(!matches(&of_repository(other, &any), &call("PutImage", "latest")));
}
