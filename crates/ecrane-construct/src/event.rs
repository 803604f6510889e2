//! EventBridge rules for events of a repository or of the registry.

use ecrane_core::{
    Addresses, Arn, AwsCdk, ConstructPath, EventInput, EventRuleResource, EventTarget, Explain,
    Json, PatternPlaces, Place, ResourceId, RetryPolicy, Value,
};
use indexmap::IndexMap;
use thiserror::Error;

use crate::registry::Registry;
use crate::repository::{Origin, Repository};
use crate::service_event::ServiceEvent;
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

/// Properties of a [`Rule`].
#[derive(Debug, Clone, Default)]
pub struct OnEventOptions {
    /// The physical name. If omitted, one is generated at deployment.
    pub rule_name: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// Whether the rule is enabled. Default: enabled.
    pub enabled: Option<bool>,
    /// Pinned addresses and property overrides, by target.
    pub addresses: Addresses,
}

/// A target of a rule.
#[derive(Debug, Clone)]
pub struct RuleTarget {
    /// The ARN of the target, such as a queue, topic or function.
    pub arn: Arn,
    /// The IAM role that EventBridge assumes to invoke the target.
    pub role_arn: Option<Arn>,
    /// The input of the target. Default: the event.
    pub input: Option<EventInput>,
    /// The dead-letter queue for undelivered events.
    pub dead_letter_queue_arn: Option<Arn>,
    /// The retry policy for failed deliveries.
    pub retry_policy: Option<RetryPolicy>,
}

impl RuleTarget {
    /// Creates a target that receives unmodified events.
    pub fn new(arn: Arn) -> Self {
        Self { arn, role_arn: None, input: None, dead_letter_queue_arn: None, retry_policy: None }
    }
}

impl Rule {
    /// Creates a rule of a repository with an empty event pattern.
    fn of_repository(repository: &Repository, id: &str, options: OnEventOptions) -> Self {
        let stack = &repository.stack;
        let place = repository.call_place(&["events", id]);
        let path = stack.claim_child(&repository.path, id, &place);
        let rule = Self::new(stack, &path, place, options);
        // CDK 2 applies the tags of a repository to its event rules.
        if let Origin::Owned { id: owner, .. } = repository.origin
            && stack.compatibility().aws_cdk == AwsCdk::V2
        {
            let tags = stack.edit(owner, |node| node.tags.clone()).unwrap_or_default();
            stack.edit(rule.id, |node| node.tags = tags);
        }
        rule
    }

    /// Creates a rule of the registry with an empty event pattern.
    fn of_registry(stack: &Stack, id: &str, options: OnEventOptions) -> Self {
        let place = stack.place(&["registry", "events"], id);
        let path = stack.claim(id, &place);
        Self::new(stack, &path, place, options)
    }

    fn new(stack: &Stack, path: &ConstructPath, place: Place, options: OnEventOptions) -> Self {
        let rule = EventRuleResource {
            name: options.rule_name,
            description: options.description,
            enabled: options.enabled.unwrap_or(true),
            pattern: IndexMap::new(),
            pattern_places: PatternPlaces::default(),
            targets: Vec::new(),
        };
        let id = stack.add(path.child("Resource"), None, place.clone(), Body::EventRule(rule));
        stack.address(id, options.addresses);
        Self { stack: stack.clone(), place, at: None, id }
    }

    /// Returns a handle to the same rule. Targets and patterns added through it have this place in
    /// the input, which their problems refer to.
    #[must_use]
    pub fn at(&self, place: Place) -> Self {
        Self { at: Some(place), ..self.clone() }
    }

    /// Extends the event pattern: lists are concatenated, maps are merged.
    pub fn add_event_pattern(&self, pattern: IndexMap<String, Json>) {
        let place = self.at.clone().unwrap_or_else(|| self.place.key("eventPattern"));
        let merged = self.with(|rule| {
            let mut at =
                Merge { path: Vec::new(), place: place.clone(), places: &mut rule.pattern_places };
            merge(&mut rule.pattern, pattern, &mut at).map_err(|error| (at.place(), error))
        });
        if let Some(Err((place, error))) = merged {
            self.stack.error(place, error);
        }
    }

    /// Adds the pattern that matches a kind of event, of one repository if it is specified.
    fn add_service_event(
        &self,
        event: ServiceEvent,
        repository: Option<(Value, Value)>,
        image_tags: Option<Vec<String>>,
    ) {
        let tags = image_tags.is_some().then(|| event.image_tags_path());
        self.with(|rule| {
            let places = &mut rule.pattern_places;
            places.add(&["detail-type".to_owned()], None, self.place.key("on"));
            if let Some(keys) = tags {
                places.add(&keys, None, self.place.key("imageTags"));
            }
        });
        self.add_event_pattern(event.pattern(repository, image_tags));
    }

    /// Adds the pattern that matches events from ECR.
    fn add_source_pattern(&self, detail_type: Option<&str>, detail: IndexMap<String, Json>) {
        let mut pattern = IndexMap::from([("source".to_owned(), Json::one("aws.ecr"))]);
        if let Some(detail_type) = detail_type {
            pattern.insert("detail-type".to_owned(), Json::one(detail_type));
        }
        if !detail.is_empty() {
            pattern.insert("detail".to_owned(), Json::Map(detail));
        }
        self.add_event_pattern(pattern);
    }

    /// Adds the pattern that matches API calls, of one repository if its name is specified.
    fn add_cloud_trail_pattern(&self, repository_name: Option<Value>) {
        let parameters = repository_name.map(|name| {
            let parameters = Json::entry("repositoryName", Json::one(name));
            ("requestParameters".to_owned(), parameters)
        });
        self.add_source_pattern(
            Some("AWS API Call via CloudTrail"),
            parameters.into_iter().collect(),
        );
    }

    /// Narrows a pattern for API calls to image pushes.
    fn add_put_image_pattern(&self, image_tag: Option<&str>) {
        let mut detail = IndexMap::from([("eventName".to_owned(), Json::one("PutImage"))]);
        if let Some(tag) = image_tag {
            let parameters = Json::entry("imageTag", Json::one(tag));
            detail.insert("requestParameters".to_owned(), parameters);
        }
        self.add_event_pattern([("detail".to_owned(), Json::Map(detail))].into());
    }

    /// Adds a target with the next id: `Target0`, `Target1` …
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
            Body::Repository(..) | Body::IdentityPolicy { .. } | Body::Key(..) | Body::Done(_) => {
                None
            }
        })?
    }
}

impl Repository {
    /// Creates a rule for events of this repository that AWS sends without CloudTrail. With tags,
    /// only events of images with one of the tags match; see [`ServiceEvent::has_image_tags`].
    ///
    /// ```
    /// use ecrane_construct::{
    ///     App, OnEventOptions, Repository, RepositoryProps, RuleTarget, ServiceEvent, Stack,
    ///     StackProps,
    /// };
    ///
    /// let app = App::default();
    /// let stack = Stack::new(&app, "Shop", StackProps::default());
    /// let repository = Repository::new(&stack, "App", RepositoryProps::default());
    /// let tags = Some(vec!["latest".to_owned()]);
    /// let options = OnEventOptions::default();
    /// repository
    ///     .on_service_event("Pushed", ServiceEvent::ImagePushed, tags, options)
    ///     .add_target(RuleTarget::new("arn:aws:sns:eu-west-1:111122223333:pushes".parse()?));
    /// app.build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn on_service_event(
        &self,
        id: &str,
        event: ServiceEvent,
        image_tags: Option<Vec<String>>,
        options: OnEventOptions,
    ) -> Rule {
        let rule = Rule::of_repository(self, id, options);
        let repository = (self.repository_name(), self.repository_arn());
        rule.add_service_event(event, Some(repository), image_tags);
        rule
    }

    /// Creates a rule for completed image scans of this repository. With tags, only scans of images
    /// with one of the tags match.
    pub fn on_image_scan_completed(
        &self,
        id: &str,
        image_tags: Option<Vec<String>>,
        options: OnEventOptions,
    ) -> Rule {
        self.on_service_event(id, ServiceEvent::ImageScanCompleted, image_tags, options)
    }

    /// Creates a rule for API calls on this repository. Requires a CloudTrail trail in the account.
    pub fn on_cloud_trail_event(&self, id: &str, options: OnEventOptions) -> Rule {
        let rule = Rule::of_repository(self, id, options);
        rule.add_cloud_trail_pattern(Some(self.repository_name()));
        rule
    }

    /// Creates a rule for image pushes to this repository, optionally for one tag. Requires a
    /// CloudTrail trail in the account.
    pub fn on_cloud_trail_image_pushed(
        &self,
        id: &str,
        image_tag: Option<&str>,
        options: OnEventOptions,
    ) -> Rule {
        let rule = self.on_cloud_trail_event(id, options);
        rule.add_put_image_pattern(image_tag);
        rule
    }

    /// Creates a rule for all ECR events of this repository.
    ///
    /// CDK 1.130 matches `resources`, which is empty in ECR events, so its rule never matches. The
    /// rule is rendered as in that CDK version, with a warning.
    pub fn on_event(&self, id: &str, options: OnEventOptions) -> Rule {
        let rule = Rule::of_repository(self, id, options);
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
            AwsCdk::V2 => {
                let name = Json::one(self.repository_name());
                rule.add_source_pattern(None, [("repository-name".to_owned(), name)].into());
            }
        }
        rule
    }
}

/// Where a merge of event patterns is.
struct Merge<'p> {
    path: Vec<String>,
    /// The place of the pattern that is merged.
    place: Place,
    places: &'p mut PatternPlaces,
}

impl Merge<'_> {
    fn place(&self) -> Place {
        self.path.iter().fold(self.place.clone(), |place, key| place.key(key))
    }
}

/// Rules for the events of all repositories of a registry: CDK's `Rule` in a stack.
impl Registry {
    /// Creates a rule for events of the registry that AWS sends without CloudTrail. With tags, only
    /// events of images with one of the tags match; see [`ServiceEvent::has_image_tags`].
    pub fn on_service_event(
        stack: &Stack,
        id: &str,
        event: ServiceEvent,
        image_tags: Option<Vec<String>>,
        options: OnEventOptions,
    ) -> Rule {
        let rule = Rule::of_registry(stack, id, options);
        rule.add_service_event(event, None, image_tags);
        rule
    }

    /// Creates a rule for API calls of ECR. Requires a CloudTrail trail in the account.
    pub fn on_cloud_trail_event(stack: &Stack, id: &str, options: OnEventOptions) -> Rule {
        let rule = Rule::of_registry(stack, id, options);
        rule.add_cloud_trail_pattern(None);
        rule
    }

    /// Creates a rule for image pushes, optionally for one tag. Requires a CloudTrail trail in the
    /// account.
    pub fn on_cloud_trail_image_pushed(
        stack: &Stack,
        id: &str,
        image_tag: Option<&str>,
        options: OnEventOptions,
    ) -> Rule {
        let rule = Self::on_cloud_trail_event(stack, id, options);
        rule.add_put_image_pattern(image_tag);
        rule
    }

    /// Creates a rule for all ECR events.
    pub fn on_event(stack: &Stack, id: &str, options: OnEventOptions) -> Rule {
        let rule = Rule::of_registry(stack, id, options);
        rule.add_source_pattern(None, IndexMap::new());
        rule
    }
}

/// Merges event patterns, like CDK's `mergeEventPattern`.
fn merge(
    target: &mut IndexMap<String, Json>,
    source: IndexMap<String, Json>,
    at: &mut Merge<'_>,
) -> Result<(), EventError> {
    for (field, value) in source {
        at.path.push(field.clone());
        match (target.get_mut(&field), value) {
            (_, Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_)) => {
                return Err(EventError::Scalar { field });
            }
            (None, value @ (Json::List(_) | Json::Map(_))) => {
                target.insert(field, value);
            }
            (Some(Json::List(before)), Json::List(more)) => {
                for (index, item) in more.into_iter().enumerate() {
                    if !before.contains(&item) {
                        let place = at.place().index(index);
                        at.places.add(&at.path, Some(before.len()), place);
                        before.push(item);
                    }
                }
            }
            (Some(Json::Map(before)), Json::Map(more)) => merge(before, more, at)?,
            (Some(_), Json::List(_) | Json::Map(_)) => {
                return Err(EventError::Mismatch { field });
            }
        }
        at.path.pop();
    }
    Ok(())
}

/// An error or warning about an event rule.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EventError {
    /// A pattern field is neither a list nor a map.
    #[error("event pattern field `{field}` is neither a list nor a map")]
    Scalar {
        /// The field.
        field: String,
    },
    /// A pattern field is a list in one pattern and a map in the other.
    #[error("event pattern field `{field}` is a list in one pattern and a map in the other")]
    Mismatch {
        /// The field.
        field: String,
    },
    /// The rule never matches.
    #[error("rule never matches: `resources` is empty in ECR events")]
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
                Self::Scalar { .. } => "write the value as a list, [value]",
                Self::Mismatch { .. } => "use the same type as in the pattern of the rule",
                Self::NeverMatches => {
                    "use a different `on`, or `compatibility: { awsCdk: \"2\" }`, whose rule matches; the rule is rendered as in CDK 1.130"
                }
            }
            .to_owned(),
        )
    }
}
