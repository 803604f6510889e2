//! EventBridge rules on what happens to a repository.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::addresses::addressed;

addressed! {
    /// An EventBridge rule on what happens to a repository.
    #[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct EventRule {
        /// What it waits for.
        #[schemars(extend("examples" = ["imageScanCompleted"]))]
        pub on: EventSource,
        /// The tag that is waited for, with `cloudTrailImagePushed`; any when nothing is said.
        #[schemars(extend("examples" = ["latest"]))]
        pub image_tag: Option<String>,
        /// The tags that are waited for, with `imageScanCompleted`; any when nothing is said.
        #[schemars(extend("examples" = [["latest"]]))]
        pub image_tags: Option<Vec<String>>,
        /// Its physical name; made on deployment when nothing is said.
        #[schemars(extend("examples" = ["app-scanned"]))]
        pub rule_name: Option<String>,
        /// What it is for.
        #[schemars(extend("examples" = ["Tell the team"]))]
        pub description: Option<String>,
        /// Whether it is on, as it is when nothing is said.
        #[schemars(extend("examples" = [false]))]
        pub enabled: Option<bool>,
        /// What is merged into the pattern of events.
        #[schemars(extend("examples" = [{ "detail": { "result": ["SUCCESS"] } }]))]
        pub event_pattern: Option<IndexMap<String, serde_json::Value>>,
        /// Where the events go.
        #[serde(default)]
        #[schemars(extend("examples" = [[{ "arn": "arn:aws:sns:eu-west-1:111122223333:alerts" }]]))]
        pub targets: Vec<EventTarget>,
    }
    examples: "legacy_rule", "LegacyRule", { "properties": { "EventBusName": "audit" } }, { "event_bus_name": "audit" }
}

/// What an event rule waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum EventSource {
    /// A scan of an image is complete.
    ImageScanCompleted,
    /// An image was pushed, as CloudTrail saw it.
    CloudTrailImagePushed,
    /// Any call that CloudTrail saw.
    CloudTrailEvent,
    /// Any event of the repository.
    Event,
}

/// A target that events go to.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct EventTarget {
    /// The target's ARN.
    #[schemars(extend("examples" = ["arn:aws:sns:eu-west-1:111122223333:alerts"]))]
    pub arn: String,
    /// The role that EventBridge takes to send events.
    #[schemars(extend("examples" = ["arn:aws:iam::111122223333:role/invoke"]))]
    pub role_arn: Option<String>,
    /// What is sent instead of the event: any value.
    #[schemars(extend("examples" = [{ "kind": "scan" }]))]
    pub input: Option<serde_json::Value>,
    /// The part of the event that is sent, by its JSON path.
    #[schemars(extend("examples" = ["$.detail"]))]
    pub input_path: Option<String>,
    /// A template that is filled from the event and sent.
    #[schemars(extend("examples" = [
        { "inputPathsMap": { "name": "$.detail.repository-name" }, "inputTemplate": "\"<name>\"" }
    ]))]
    pub input_transformer: Option<InputTransformer>,
    /// The queue for events that could not be sent.
    #[schemars(extend("examples" = ["arn:aws:sqs:eu-west-1:111122223333:dlq"]))]
    pub dead_letter_queue_arn: Option<String>,
    /// How often and how long sending is tried again.
    #[schemars(extend("examples" = [{ "maximumRetryAttempts": 3 }]))]
    pub retry_policy: Option<RetryPolicy>,
}

/// A template that is filled from the event.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct InputTransformer {
    /// JSON paths, by the name that the template uses.
    #[serde(default)]
    #[schemars(extend("examples" = [{ "name": "$.detail.repository-name" }]))]
    pub input_paths_map: IndexMap<String, String>,
    /// The template.
    #[schemars(extend("examples" = ["\"<name>\""]))]
    pub input_template: String,
}

/// How often and how long sending an event is tried again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RetryPolicy {
    /// The number of attempts, 0 to 185.
    #[schemars(extend("examples" = [3]))]
    pub maximum_retry_attempts: Option<u32>,
    /// How old an event may get, in seconds, 60 to 86,400.
    #[schemars(extend("examples" = [3600]))]
    pub maximum_event_age_in_seconds: Option<u32>,
}
