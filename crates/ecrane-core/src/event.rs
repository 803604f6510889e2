//! EventBridge rules on what happens to a repository.

use indexmap::IndexMap;
use thiserror::Error;

use crate::app::Body;
use crate::compatibility::AwsCdk;
use crate::diagnostic::{Explain, Place, Problem};
use crate::graph::{Pins, ResourceId};
use crate::names::Arn;
use crate::repository::{Origin, Repository};
use crate::stack::Stack;
use crate::value::Json;

/// An EventBridge rule: CDK's `Rule`.
#[derive(Debug, Clone)]
pub struct Rule {
    stack: Stack,
    place: Place,
    id: ResourceId,
}

/// How a rule is to be.
#[derive(Debug, Clone, Default)]
pub struct OnEventOptions {
    /// Its physical name; made on deployment when there is none.
    pub rule_name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it is on; it is when nothing is said.
    pub enabled: Option<bool>,
    /// The addresses that it is given.
    pub pins: Pins,
}

/// Where the events of a rule go.
#[derive(Debug, Clone)]
pub struct RuleTarget {
    /// The ARN of a queue, topic, function …
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

impl RuleTarget {
    /// A target that gets the events as they are.
    pub fn new(arn: Arn) -> Self {
        Self { arn, role_arn: None, input: None, dead_letter_queue_arn: None, retry_policy: None }
    }
}

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

impl Rule {
    /// A rule of a repository that matches nothing yet.
    pub(crate) fn new(repository: &Repository, id: &str, options: OnEventOptions) -> Self {
        let stack = &repository.stack;
        let place = stack.app().place_or(|| repository.place.key("events").key(id));
        let path = stack.claim_child(&repository.path, id, &place);
        let rule = EventRule {
            name: options.rule_name,
            description: options.description,
            enabled: options.enabled.unwrap_or(true),
            pattern: IndexMap::new(),
            targets: Vec::new(),
        };
        let id = stack.add(path.child("Resource"), None, place.clone(), Body::EventRule(rule));
        stack.pin(id, options.pins, &place);
        let rule = Self { stack: stack.clone(), place, id };
        // CDK 2 tags the rules of a repository as the repository.
        if let Origin::Owned { id: owner, .. } = repository.origin
            && stack.compatibility().aws_cdk == AwsCdk::V2
        {
            let mut state = stack.app().state_mut();
            let tags = state.node(owner).map(|node| node.tags.clone()).unwrap_or_default();
            if let Some(node) = state.node(rule.id) {
                node.tags = tags;
            }
        }
        rule
    }

    /// Adds to what the rule matches: lists get longer, maps get the keys of both.
    pub fn add_event_pattern(&self, pattern: IndexMap<String, Json>) {
        let merged = self.with(|rule| merge(&mut rule.pattern, pattern, &mut Vec::new()));
        if let Some(Err((at, error))) = merged {
            let place = self.stack.app().place_or(|| self.place.key("eventPattern"));
            let place = at.iter().fold(place, |place, key| place.key(key));
            self.stack.app().note(Problem::error(place, error));
        }
    }

    /// Adds what every rule on the events of ECR matches.
    pub(crate) fn add_source_pattern(
        &self,
        detail_type: Option<&str>,
        detail: Vec<(&'static str, Json)>,
    ) {
        let mut pattern = IndexMap::from([("source".to_owned(), Json::one("aws.ecr"))]);
        if let Some(detail_type) = detail_type {
            pattern.insert("detail-type".to_owned(), Json::one(detail_type));
        }
        let detail = detail.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        pattern.insert("detail".to_owned(), Json::Map(detail));
        self.add_event_pattern(pattern);
    }

    /// Adds a target, with the next id: `Target0`, `Target1` …
    pub fn add_target(&self, target: RuleTarget) {
        self.with(|rule| {
            rule.targets.push(EventTarget {
                id: format!("Target{}", rule.targets.len()),
                arn: target.arn,
                role_arn: target.role_arn,
                input: target.input,
                dead_letter_queue_arn: target.dead_letter_queue_arn,
                retry_policy: target.retry_policy,
            });
        });
    }

    fn with<T>(&self, edit: impl FnOnce(&mut EventRule) -> T) -> Option<T> {
        match &mut self.stack.app().state_mut().node(self.id)?.body {
            Body::EventRule(rule) => Some(edit(rule)),
            Body::Repository(..) | Body::IdentityPolicy { .. } | Body::Done(_) => None,
        }
    }
}

/// Merges a pattern into another one, as CDK's `mergeEventPattern`.
fn merge(
    target: &mut IndexMap<String, Json>,
    source: IndexMap<String, Json>,
    at: &mut Vec<String>,
) -> Result<(), (Vec<String>, EventError)> {
    for (field, value) in source {
        at.push(field.clone());
        let refuse = |error| Err((at.clone(), error));
        match (target.get_mut(&field), value) {
            (_, Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_)) => {
                return refuse(EventError::Scalar { field });
            }
            (None, value @ (Json::List(_) | Json::Map(_))) => {
                target.insert(field, value);
            }
            (Some(Json::List(before)), Json::List(more)) => {
                for item in more {
                    if !before.contains(&item) {
                        before.push(item);
                    }
                }
            }
            (Some(Json::Map(before)), Json::Map(more)) => merge(before, more, at)?,
            (Some(_), Json::List(_) | Json::Map(_)) => {
                return refuse(EventError::Mismatch { field });
            }
        }
        at.pop();
    }
    Ok(())
}

/// Why an event pattern cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EventError {
    /// A field that is neither a list nor a map.
    #[error("event pattern field `{field}` is neither a list nor a map")]
    Scalar {
        /// The field.
        field: String,
    },
    /// A list where the rule has a map, or a map where it has a list.
    #[error("event pattern field `{field}` is a list in one place and a map in the other")]
    Mismatch {
        /// The field.
        field: String,
    },
}

impl Explain for EventError {
    fn code(&self) -> &'static str {
        match self {
            Self::Scalar { .. } => "event::pattern_scalar",
            Self::Mismatch { .. } => "event::pattern_mismatch",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::Scalar { .. } => "EventBridge matches on lists: write [value]",
                Self::Mismatch { .. } => "write it as the rule has it",
            }
            .to_owned(),
        )
    }
}
