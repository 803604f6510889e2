//! The targets of EventBridge rules that need a role.
//!
//! Source: EventBridge user guide, "IAM roles for sending events to targets in Amazon EventBridge"
//! (<https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-iam-roles.html>) and "Event bus
//! targets in Amazon EventBridge"
//! (<https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html>); `aws-events-targets` of
//! aws-cdk-lib 2.276.0, which gives these targets a role. Read on 2026-11-26. AWS publishes no data:
//! `cargo xtask conformance facts` compares the table with the aws-cdk-lib that is installed.

/// A kind of target.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// The service in its ARN.
    service: &'static str,
    /// How the last field of its ARN begins. Empty if the field is a name.
    resource: &'static str,
    /// What it is, in messages.
    pub(crate) what: &'static str,
}

/// The targets that EventBridge invokes with a role. SQS, SNS, Lambda and CloudWatch Logs have
/// policies of their own instead, as has an event bus of the same account; API Gateway takes either.
pub(crate) const WITH_ROLE: [Target; 18] = [
    target("appsync", "endpoints/graphql-api/", "an AppSync API"),
    target("batch", "job-queue/", "a Batch job queue"),
    target("codebuild", "project/", "a CodeBuild project"),
    target("codepipeline", "", "a pipeline of CodePipeline"),
    target("ecs", "cluster/", "an ECS task"),
    target("events", "api-destination/", "an API destination"),
    target("firehose", "deliverystream/", "a Firehose stream"),
    target("glue", "workflow/", "a Glue workflow"),
    target("imagebuilder", "image-pipeline/", "an Image Builder pipeline"),
    target("inspector", "target/", "an Inspector assessment template"),
    target("kinesis", "stream/", "a Kinesis stream"),
    target("redshift", "cluster:", "a Redshift cluster"),
    target("redshift-serverless", "workgroup/", "a Redshift workgroup"),
    target("sagemaker", "pipeline/", "a SageMaker pipeline"),
    target("ssm", "automation-definition/", "an automation of Systems Manager"),
    target("ssm", "document/", "a Run Command of Systems Manager"),
    target("ssm-incidents", "response-plan/", "a response plan of Incident Manager"),
    target("states", "stateMachine:", "a state machine of Step Functions"),
];

const fn target(service: &'static str, resource: &'static str, what: &'static str) -> Target {
    Target { service, resource, what }
}

/// The kind of target with a role, by the service and the last field of an ARN.
pub(crate) fn with_role(service: &str, resource: &str) -> Option<&'static Target> {
    WITH_ROLE
        .iter()
        .find(|target| target.service == service && resource.starts_with(target.resource))
}
