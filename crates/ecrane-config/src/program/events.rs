//! Event rules of a config.

use ecrane_construct::{
    OnEventOptions, Registry, Repository, Rule, RuleTarget, ServiceEvent, Stack,
};
use ecrane_core::{EventInput, Json, Place, RetryPolicy};
use indexmap::IndexMap;

use super::{Made, Program};
use crate::element::{self, EventSource};
use crate::error::ConfigError;

/// What a rule is about.
#[derive(Clone, Copy)]
enum Subject<'s> {
    Repository(&'s Repository),
    Registry(&'s Stack),
}

impl Program<'_> {
    /// Creates the event rules of repositories, of which those that outputs are about are left.
    pub(super) fn events(&mut self, index: usize) {
        let Some(this) = self.stacks.get_mut(index) else { return };
        let repositories = std::mem::take(&mut this.repositories);
        for Made { repository, events, place, .. } in repositories.values() {
            for (id, event) in events {
                let subject = Subject::Repository(repository);
                self.event(subject, id, event, &place.key("events").key(id));
            }
        }
        if let Some(this) = self.stacks.get_mut(index)
            && !this.config.outputs.is_empty()
        {
            this.repositories = repositories;
        }
    }

    /// Creates the event rules of a registry.
    pub(super) fn registry_events(
        &self,
        stack: &Stack,
        events: &IndexMap<String, element::EventRule>,
        place: &Place,
    ) {
        for (id, event) in events {
            self.event(Subject::Registry(stack), id, event, &place.key(id));
        }
    }

    fn event(&self, subject: Subject<'_>, id: &str, event: &element::EventRule, place: &Place) {
        let service_event = service_event(event.on);
        for (property, given, with, right) in [
            (
                "imageTag",
                event.image_tag.is_some(),
                "on: cloudTrailImagePushed",
                event.on == EventSource::CloudTrailImagePushed,
            ),
            (
                "imageTags",
                event.image_tags.is_some(),
                WITH_IMAGE_TAGS,
                service_event.is_some_and(ServiceEvent::has_image_tags),
            ),
        ] {
            if given && !right {
                self.error(place.key(property).on_key(), ConfigError::OnlyWith { property, with });
            }
        }
        let options = OnEventOptions {
            rule_name: event.rule_name.clone(),
            description: event.description.clone(),
            enabled: event.enabled,
            addresses: event.address_keys().addresses(),
        };
        let rule = rule(subject, id, event, service_event, options, place);
        if let Some(pattern) = &event.event_pattern {
            rule.at(place.key("eventPattern")).add_event_pattern(
                pattern.iter().map(|(k, v)| (k.clone(), Json::from(v.clone()))).collect(),
            );
        }
        for (index, target) in event.targets.iter().enumerate() {
            let place = place.key("targets").index(index);
            if let Some(target) = self.target(target, &place) {
                rule.add_target(target);
            }
        }
    }

    fn target(&self, target: &element::EventTarget, place: &Place) -> Option<RuleTarget> {
        let transformer = target.input_transformer.as_ref().map(|t| EventInput::Transformer {
            paths: t.input_paths_map.clone(),
            template: t.input_template.clone(),
        });
        let inputs = [
            ("input", target.input.clone().map(EventInput::Constant)),
            ("inputPath", target.input_path.clone().map(EventInput::Path)),
            ("inputTransformer", transformer),
        ];
        let mut given = inputs.into_iter().filter_map(|(key, input)| Some((key, input?)));
        let first = given.next();
        if let (Some((one, _)), Some((other, _))) = (&first, given.next()) {
            self.error(place.key(other).on_key(), ConfigError::Both { one, other });
        }
        Some(RuleTarget {
            arn: self.parse(&target.arn, place.key("arn"))?,
            role_arn: self.parse_option(target.role_arn.as_deref(), place, "roleArn"),
            input: first.map(|(_, input)| input),
            dead_letter_queue_arn: self.parse_option(
                target.dead_letter_queue_arn.as_deref(),
                place,
                "deadLetterQueueArn",
            ),
            retry_policy: target.retry_policy.as_ref().map(|policy| RetryPolicy {
                maximum_retry_attempts: policy.maximum_retry_attempts,
                maximum_event_age_in_seconds: policy.maximum_event_age_in_seconds,
            }),
        })
    }
}

/// The kinds of events that contain image tags.
const WITH_IMAGE_TAGS: &str = "on: imagePushed | imageDeleted | imageScanCompleted | scanCompletedEnhanced | inspectorFinding | referrerPushed | replicationCompleted | replicationFailed | cacheImported";

/// Creates a rule without the config's own pattern and targets.
fn rule(
    subject: Subject<'_>,
    id: &str,
    event: &element::EventRule,
    service_event: Option<ServiceEvent>,
    options: OnEventOptions,
    place: &Place,
) -> Rule {
    let (tag, tags) = (event.image_tag.as_deref(), event.image_tags.clone());
    match subject {
        Subject::Repository(repository) => {
            let repository = repository.at(place.clone());
            match (service_event, event.on) {
                (Some(service), _) => repository.on_service_event(id, service, tags, options),
                (None, EventSource::CloudTrailImagePushed) => {
                    repository.on_cloud_trail_image_pushed(id, tag, options)
                }
                (None, EventSource::CloudTrailEvent) => {
                    repository.on_cloud_trail_event(id, options)
                }
                (None, _) => repository.on_event(id, options),
            }
        }
        Subject::Registry(stack) => {
            let stack = &stack.at(place.clone());
            match (service_event, event.on) {
                (Some(service), _) => Registry::on_service_event(stack, id, service, tags, options),
                (None, EventSource::CloudTrailImagePushed) => {
                    Registry::on_cloud_trail_image_pushed(stack, id, tag, options)
                }
                (None, EventSource::CloudTrailEvent) => {
                    Registry::on_cloud_trail_event(stack, id, options)
                }
                (None, _) => Registry::on_event(stack, id, options),
            }
        }
    }
}

/// The event that AWS sends without CloudTrail; none for CloudTrail's and for all events.
fn service_event(on: EventSource) -> Option<ServiceEvent> {
    Some(match on {
        EventSource::ImageScanCompleted => ServiceEvent::ImageScanCompleted,
        EventSource::ScanCompletedEnhanced => ServiceEvent::ScanCompletedEnhanced,
        EventSource::InspectorFinding => ServiceEvent::InspectorFinding,
        EventSource::ScanFrequencyChanged => ServiceEvent::ScanFrequencyChanged,
        EventSource::ImagePushed => ServiceEvent::ImagePushed,
        EventSource::ImageDeleted => ServiceEvent::ImageDeleted,
        EventSource::ImageArchived => ServiceEvent::ImageArchived,
        EventSource::ImageRestored => ServiceEvent::ImageRestored,
        EventSource::ReferrerPushed => ServiceEvent::ReferrerPushed,
        EventSource::ReferrerRestored => ServiceEvent::ReferrerRestored,
        EventSource::ReplicationCompleted => ServiceEvent::ReplicationCompleted,
        EventSource::ReplicationFailed => ServiceEvent::ReplicationFailed,
        EventSource::CacheImported => ServiceEvent::CacheImported,
        EventSource::CloudTrailImagePushed | EventSource::CloudTrailEvent | EventSource::Event => {
            return None;
        }
    })
}
