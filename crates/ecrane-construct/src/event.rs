//! EventBridge rules on what happens to a repository.

use ecrane_core::{
    Addresses, Arn, AwsCdk, EventInput, EventRuleResource, EventTarget, Explain, Json, Place,
    ResourceId, RetryPolicy,
};
use indexmap::IndexMap;
use thiserror::Error;

use crate::repository::{Origin, Repository};
use crate::stack::Stack;
use crate::state::Body;

/// An EventBridge rule: CDK's `Rule`.
#[derive(Debug, Clone)]
pub struct Rule {
    stack: Stack,
    place: Place,
    at: Option<Place>,
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
    /// Its addresses in single targets, and what is laid over it there.
    pub addresses: Addresses,
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

impl Rule {
    /// A rule of a repository that matches nothing yet.
    fn new(repository: &Repository, id: &str, options: OnEventOptions) -> Self {
        let stack = &repository.stack;
        let place = repository.call_place(&["events", id]);
        let path = stack.claim_child(&repository.path, id, &place);
        let rule = EventRuleResource {
            name: options.rule_name,
            description: options.description,
            enabled: options.enabled.unwrap_or(true),
            pattern: IndexMap::new(),
            targets: Vec::new(),
        };
        let id = stack.add(path.child("Resource"), None, place.clone(), Body::EventRule(rule));
        stack.address(id, options.addresses, &place);
        // CDK 2 tags the rules of a repository as the repository.
        if let Origin::Owned { id: owner, .. } = repository.origin
            && stack.compatibility().aws_cdk == AwsCdk::V2
        {
            let tags = stack.edit(owner, |node| node.tags.clone()).unwrap_or_default();
            stack.edit(id, |node| node.tags = tags);
        }
        Self { stack: stack.clone(), place, at: None, id }
    }

    /// The same rule; what is added through this handle is at a place of the input, to which its
    /// problems point.
    #[must_use]
    pub fn at(&self, place: Place) -> Self {
        Self { at: Some(place), ..self.clone() }
    }

    /// Adds to what the rule matches: lists get longer, maps get the keys of both.
    pub fn add_event_pattern(&self, pattern: IndexMap<String, Json>) {
        let merged = self.with(|rule| merge(&mut rule.pattern, pattern, &mut Vec::new()));
        if let Some(Err((at, error))) = merged {
            let place = self.at.clone().unwrap_or_else(|| self.place.key("eventPattern"));
            self.stack.error(at.iter().fold(place, |place, key| place.key(key)), error);
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

    fn with<T>(&self, edit: impl FnOnce(&mut EventRuleResource) -> T) -> Option<T> {
        self.stack.edit(self.id, |node| match &mut node.body {
            Body::EventRule(rule) => Some(edit(rule)),
            Body::Repository(..) | Body::IdentityPolicy { .. } | Body::Done(_) => None,
        })?
    }
}

impl Repository {
    /// A rule on scans of this repository's images that are done; with tags, on those of images
    /// that have one of them.
    pub fn on_image_scan_completed(
        &self,
        id: &str,
        image_tags: Option<Vec<String>>,
        options: OnEventOptions,
    ) -> Rule {
        let mut detail = vec![
            ("repository-name", Json::one(self.repository_name())),
            ("scan-status", Json::one("COMPLETE")),
        ];
        if let Some(tags) = image_tags {
            let tags = tags.into_iter().map(|tag| Json::Text(tag.into())).collect();
            detail.push(("image-tags", Json::List(tags)));
        }
        let rule = Rule::new(self, id, options);
        rule.add_source_pattern(Some("ECR Image Scan"), detail);
        rule
    }

    /// A rule on API calls about this repository. Needs a CloudTrail trail in the account.
    pub fn on_cloud_trail_event(&self, id: &str, options: OnEventOptions) -> Rule {
        let parameters = Json::entry("repositoryName", Json::one(self.repository_name()));
        let rule = Rule::new(self, id, options);
        rule.add_source_pattern(
            Some("AWS API Call via CloudTrail"),
            vec![("requestParameters", parameters)],
        );
        rule
    }

    /// A rule on pushes to this repository; with a tag, on those of that tag. Needs a CloudTrail
    /// trail in the account.
    pub fn on_cloud_trail_image_pushed(
        &self,
        id: &str,
        image_tag: Option<&str>,
        options: OnEventOptions,
    ) -> Rule {
        let rule = self.on_cloud_trail_event(id, options);
        let mut detail = IndexMap::from([("eventName".to_owned(), Json::one("PutImage"))]);
        if let Some(tag) = image_tag {
            let parameters = Json::entry("imageTag", Json::one(tag));
            detail.insert("requestParameters".to_owned(), parameters);
        }
        rule.add_event_pattern([("detail".to_owned(), Json::Map(detail))].into());
        rule
    }

    /// A rule on everything that ECR says about this repository.
    ///
    /// CDK 1.130 matches on `resources`, which ECR leaves empty: its rule never matches. It is
    /// written as that CDK writes it, with a warning.
    pub fn on_event(&self, id: &str, options: OnEventOptions) -> Rule {
        let rule = Rule::new(self, id, options);
        match self.stack.compatibility().aws_cdk {
            AwsCdk::V1 => {
                rule.add_event_pattern(
                    [
                        ("source".to_owned(), Json::one("aws.ecr")),
                        ("resources".to_owned(), Json::one(self.repository_arn())),
                    ]
                    .into(),
                );
                self.stack.warn(rule.place.clone(), EventError::NeverMatches);
            }
            AwsCdk::V2 => rule.add_source_pattern(
                None,
                vec![("repository-name", Json::one(self.repository_name()))],
            ),
        }
        rule
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

/// What is wrong with an event rule.
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
    /// The rule never matches.
    #[error("this rule never matches: events of ECR have an empty `resources` list")]
    NeverMatches,
}

impl Explain for EventError {
    fn code(&self) -> &'static str {
        match self {
            Self::Scalar { .. } => "event::pattern_scalar",
            Self::Mismatch { .. } => "event::pattern_mismatch",
            Self::NeverMatches => "event::never_matches",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::Scalar { .. } => "EventBridge matches on lists: write [value]",
                Self::Mismatch { .. } => "write it as the rule has it",
                Self::NeverMatches => {
                    "it is written as CDK 1.130 writes it; use another `on`, or `compatibility: { awsCdk: \"2\" }`, whose rule matches"
                }
            }
            .to_owned(),
        )
    }
}
