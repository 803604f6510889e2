//! EventBridge rules for events of a repository or of the registry.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::addresses::addressed;

addressed! {
    /// An EventBridge rule for events of the repository, or in `registry.events` for events of all
    /// repositories of the registry.
    #[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub struct EventRule {
        /// The kind of event that the rule matches. Kinds that start with `cloudTrail` require a
        /// CloudTrail trail in the account; AWS sends the others to EventBridge without one.
        #[schemars(extend("examples" = ["imageScanCompleted"]))]
        pub on: EventSource,
        /// Match only pushes of this image tag. Only with `cloudTrailImagePushed`. Default: any
        /// tag.
        #[schemars(extend("examples" = ["latest"]))]
        pub image_tag: Option<String>,
        /// Match only events of images with one of these tags. Not with `event`, `cloudTrail…`,
        /// `…Archived`, `…Restored` and `scanFrequencyChanged`, whose events do not contain image
        /// tags. Default: any tag.
        #[schemars(extend("examples" = [["latest"]]))]
        pub image_tags: Option<Vec<String>>,
        /// The physical name of the rule. Default: generated on deployment.
        #[schemars(extend("examples" = ["app-scanned"]))]
        pub rule_name: Option<String>,
        /// A description of the rule.
        #[schemars(extend("examples" = ["Tell the team"]))]
        pub description: Option<String>,
        /// Whether the rule is enabled. Default: `true`.
        #[schemars(extend("examples" = [false]))]
        pub enabled: Option<bool>,
        /// An event pattern to merge into the rule's pattern, as the AWS CDK's `addEventPattern`
        /// does: lists of values and of comparison operators of EventBridge, such as `prefix` or
        /// `numeric`.
        #[schemars(extend("examples" = [{ "detail": { "result": ["SUCCESS"] } }]))]
        pub event_pattern: Option<IndexMap<String, serde_json::Value>>,
        /// The targets to which EventBridge sends matching events.
        #[serde(default)]
        #[schemars(extend("examples" = [[{ "arn": "arn:aws:sns:eu-west-1:111122223333:alerts" }]]))]
        pub targets: Vec<EventTarget>,
    }
    examples: "legacy_rule", "LegacyRule", { "properties": { "EventBusName": "audit" } }, { "event_bus_name": "audit" }
}

/// The kind of event that a rule matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum EventSource {
    /// A basic image scan completed. Counterpart of the AWS CDK's `onImageScanCompleted`.
    ImageScanCompleted,
    /// The initial enhanced scan of an image, by Amazon Inspector, completed.
    ScanCompletedEnhanced,
    /// Amazon Inspector created, updated or closed a finding about an image (enhanced scanning).
    InspectorFinding,
    /// The scan frequency of a repository changed (enhanced scanning).
    ScanFrequencyChanged,
    /// An image was pushed.
    ImagePushed,
    /// An image was deleted.
    ImageDeleted,
    /// An image was archived.
    ImageArchived,
    /// An archived image was restored.
    ImageRestored,
    /// A referrer of an image, such as a signature or an SBOM, was pushed.
    ReferrerPushed,
    /// An archived referrer was restored.
    ReferrerRestored,
    /// An image was replicated to this registry.
    ReplicationCompleted,
    /// The replication of an image to this registry failed.
    ReplicationFailed,
    /// An image was imported by a pull through cache rule.
    CacheImported,
    /// An image was pushed, as recorded by CloudTrail. Counterpart of the AWS CDK's
    /// `onCloudTrailImagePushed`.
    CloudTrailImagePushed,
    /// Any API call that CloudTrail records. Counterpart of the AWS CDK's `onCloudTrailEvent`.
    CloudTrailEvent,
    /// Any event of ECR. Counterpart of the AWS CDK's `onEvent`.
    Event,
}

/// A target of an EventBridge rule.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct EventTarget {
    /// The ARN of the target.
    #[schemars(extend("examples" = ["arn:aws:sns:eu-west-1:111122223333:alerts"]))]
    pub arn: String,
    /// The ARN of the IAM role that EventBridge assumes to invoke the target. Required for targets
    /// without a policy of their own, such as AWS `CodePipeline`, Step Functions, Batch, ECS, and event
    /// buses of other accounts.
    #[schemars(extend("examples" = ["arn:aws:iam::111122223333:role/invoke"]))]
    pub role_arn: Option<String>,
    /// A constant to send to the target instead of the event: any JSON value.
    #[schemars(extend("examples" = [{ "kind": "scan" }]))]
    pub input: Option<serde_json::Value>,
    /// A JSON path, which begins with `$`, that selects the part of the event to send to the target.
    #[schemars(extend("examples" = ["$.detail"]))]
    pub input_path: Option<String>,
    /// A transformation of the event into the input of the target.
    #[schemars(extend("examples" = [
        { "inputPathsMap": { "name": "$.detail.repository-name" }, "inputTemplate": "\"<name>\"" }
    ]))]
    pub input_transformer: Option<InputTransformer>,
    /// The ARN of the dead-letter queue for events that EventBridge could not deliver: a standard SQS
    /// queue of the region.
    #[schemars(extend("examples" = ["arn:aws:sqs:eu-west-1:111122223333:dlq"]))]
    pub dead_letter_queue_arn: Option<String>,
    /// The retry policy for failed deliveries.
    #[schemars(extend("examples" = [{ "maximumRetryAttempts": 3 }]))]
    pub retry_policy: Option<RetryPolicy>,
}

/// A transformation of the event into the input of the target.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct InputTransformer {
    /// JSON paths into the event, by the variable name that the template uses.
    #[serde(default)]
    #[schemars(extend("examples" = [{ "name": "$.detail.repository-name" }]))]
    pub input_paths_map: IndexMap<String, String>,
    /// The template of the input. It refers to a variable as `<name>`.
    #[schemars(extend("examples" = ["\"<name>\""]))]
    pub input_template: String,
}

/// The retry policy for failed deliveries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RetryPolicy {
    /// The maximum number of retries, from 0 to 185. Default: 185, set by EventBridge.
    #[schemars(extend("examples" = [3]))]
    pub maximum_retry_attempts: Option<u32>,
    /// The maximum age of an event that is retried, in seconds, from 60 to 86,400. Default: 86,400,
    /// set by EventBridge.
    #[schemars(extend("examples" = [3600]))]
    pub maximum_event_age_in_seconds: Option<u32>,
}
