//! Event rules of a repository or a registry.

use serde_json::{Value, json};

use super::paths::Paths;
use super::{Draft, Object, deployment, words};

const TARGETS: [&str; 4] = [
    "arn:aws:sns:eu-west-1:111122223333:alerts",
    "arn:aws:sqs:eu-west-1:111122223333:q",
    "arn:aws:lambda:eu-west-1:111122223333:function:f",
    "arn:aws:events:eu-west-1:444455556666:event-bus/default",
];

/// The kinds of events with image tags.
const WITH_IMAGE_TAGS: [&str; 9] = [
    "imageScanCompleted",
    "scanCompletedEnhanced",
    "inspectorFinding",
    "imagePushed",
    "imageDeleted",
    "referrerPushed",
    "replicationCompleted",
    "replicationFailed",
    "cacheImported",
];

/// The other kinds of events.
const WITHOUT_IMAGE_TAGS: [&str; 7] = [
    "cloudTrailImagePushed",
    "cloudTrailEvent",
    "event",
    "imageArchived",
    "imageRestored",
    "referrerRestored",
    "scanFrequencyChanged",
];

/// The `events` of a repository, by construct id.
pub(super) fn all(draft: &mut Draft) -> Value {
    let mut events = Object::new();
    for number in 0..draft.random.between(1, 3) {
        let id = draft.random.pick(&["Scan", "Push", "Any", "on-event", "Ünï"]);
        let event = event(draft);
        events.insert(format!("{id}{number}"), event);
    }
    events.into()
}

/// The `events` of a registry, by construct path.
pub(super) fn of_registry(draft: &mut Draft, paths: &mut Paths) -> Object {
    let mut events = Object::new();
    for _ in 0..draft.random.between(1, 2) {
        let event = event(draft);
        events.insert(paths.fresh(draft), event);
    }
    events
}

fn event(draft: &mut Draft) -> Value {
    let tagged = draft.random.chance(50);
    let on = draft.random.pick(if tagged { &WITH_IMAGE_TAGS[..] } else { &WITHOUT_IMAGE_TAGS[..] });
    let mut event = Object::from_iter([("on".into(), on.into())]);
    if tagged && draft.random.chance(50) {
        event.insert("imageTags".into(), draft.random.sample(&["latest", "v1", "ü"], 2).into());
    }
    if on == "cloudTrailImagePushed" && draft.random.chance(50) {
        event.insert("imageTag".into(), "latest".into());
    }
    if draft.random.chance(25) {
        let name = draft.unique("rule-");
        event.insert("ruleName".into(), name.into());
    }
    if draft.random.chance(30) {
        event.insert("description".into(), draft.random.pick(&words::DESCRIPTIONS).into());
    }
    if draft.random.chance(20) {
        event.insert("enabled".into(), draft.random.chance(50).into());
    }
    if draft.random.chance(25) {
        event.insert("eventPattern".into(), pattern(draft));
    }
    if draft.random.chance(70) {
        let count = draft.random.between(1, 3);
        let targets: Vec<_> = (0..count).map(|_| target(draft)).collect();
        event.insert("targets".into(), targets.into());
    }
    let description = json!({ "Description": "overridden" });
    deployment::deploy(draft, &mut event, description, json!({ "description": "overridden" }));
    event.into()
}

/// An event pattern that extends the pattern of the event's kind, at the same and at other keys.
fn pattern(draft: &mut Draft) -> Value {
    let all = [
        ("detail", json!({ "result": ["SUCCESS"], "extra": { "k": ["v"] } })),
        ("detail", json!({ "requestParameters": { "imageTag": ["extra"] } })),
        (
            "detail",
            json!({ "image-tags": [{ "prefix": "v" }], "n": [{ "numeric": [">", 5, "<=", 10] }] }),
        ),
        ("account", json!(["111122223333"])),
        ("region", json!(["eu-west-1", "us-east-1"])),
    ];
    let count = draft.random.between(1, 2);
    let parts = draft.random.sample(&all, count);
    parts.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Object>().into()
}

fn target(draft: &mut Draft) -> Value {
    let arn = draft.random.pick(&TARGETS);
    let mut target = Object::from_iter([("arn".into(), arn.into())]);
    // A bus of another account needs a role, which the AWS CDK does not check.
    let needs_role = draft.ecrane() && arn.contains(":event-bus/");
    if draft.random.chance(30) || needs_role {
        target.insert("roleArn".into(), "arn:aws:iam::111122223333:role/invoke".into());
    }
    match draft.random.below(8) {
        0 => {
            let inputs = [
                json!("text"),
                json!(7),
                json!({ "any": ["json", true, null], "n": 1.5 }),
                json!([1, "<x>"]),
            ];
            target.insert("input".into(), draft.random.pick(&inputs));
        }
        1 => {
            target.insert(
                "inputPath".into(),
                draft.random.pick(&["$.detail", "$.detail.repository-name"]).into(),
            );
        }
        2 => {
            let transformers = [
                json!({
                    "inputPathsMap": { "repository": "$.detail.repository-name", "tags": "$.detail.image-tags" },
                    "inputTemplate": "\"<repository> has <tags>\"",
                }),
                json!({ "inputTemplate": "\"something was pushed\"" }),
            ];
            target.insert("inputTransformer".into(), draft.random.pick(&transformers));
        }
        _ => {}
    }
    if draft.random.chance(20) {
        target.insert("deadLetterQueueArn".into(), "arn:aws:sqs:eu-west-1:111122223333:dlq".into());
    }
    if draft.random.chance(25) {
        let all = [("maximumRetryAttempts", json!(3)), ("maximumEventAgeInSeconds", json!(3600))];
        let count = draft.random.between(1, 2);
        let policy: Object = draft
            .random
            .sample(&all, count)
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect();
        target.insert("retryPolicy".into(), policy.into());
    }
    target.into()
}
