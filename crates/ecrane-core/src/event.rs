//! EventBridge rules on what happens to a repository.

use indexmap::IndexMap;

use crate::names::Arn;
use crate::value::Json;

/// A rule as it is deployed.
#[derive(Debug, Clone)]
pub struct EventRule {
    /// Its physical name; made on deployment when there is none.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it is on.
    pub enabled: bool,
    /// Which events it matches.
    pub pattern: IndexMap<String, Json>,
    /// Where they go.
    pub targets: Vec<EventTarget>,
}

/// A target of a rule as it is deployed.
#[derive(Debug, Clone)]
pub struct EventTarget {
    /// Its id within the rule: `Target0`, `Target1` …
    pub id: String,
    /// Where the events go.
    pub arn: Arn,
    /// The role that EventBridge takes to send them.
    pub role_arn: Option<Arn>,
    /// What is sent; the event itself when nothing is said.
    pub input: Option<EventInput>,
    /// The queue for events that could not be sent.
    pub dead_letter_queue_arn: Option<Arn>,
    /// How often and how long sending is tried again.
    pub retry_policy: Option<RetryPolicy>,
}

/// What a target is sent instead of the event.
#[derive(Debug, Clone, PartialEq)]
pub enum EventInput {
    /// A constant, as JSON.
    Constant(serde_json::Value),
    /// A part of the event, by its JSON path.
    Path(String),
    /// A template, filled from parts of the event.
    Transformer {
        /// JSON paths, by the name that the template uses.
        paths: IndexMap<String, String>,
        /// The template.
        template: String,
    },
}

/// How often and how long sending an event is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// The number of attempts, 0 to 185.
    pub maximum_retry_attempts: Option<u32>,
    /// The age in seconds, 60 to 86,400.
    pub maximum_event_age_in_seconds: Option<u32>,
}
