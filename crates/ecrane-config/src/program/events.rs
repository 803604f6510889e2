//! Event rules of a config.

use ecrane_construct::{OnEventOptions, Repository, RuleTarget};
use ecrane_core::{EventInput, Json, Place, RetryPolicy};

use super::Program;
use crate::element::{self, EventSource};
use crate::error::ConfigError;

impl Program<'_> {
    pub(super) fn events(&self, index: usize) {
        let Some(this) = self.stacks.get(index) else { return };
        for (config, repository, place) in Self::made(this) {
            for (id, event) in &config.events {
                self.event(&repository, id, event, &place.key("events").key(id));
            }
        }
    }

    fn event(&self, repository: &Repository, id: &str, event: &element::EventRule, place: &Place) {
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
                "on: imageScanCompleted",
                event.on == EventSource::ImageScanCompleted,
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
        let repository = repository.at(place.clone());
        let rule = match event.on {
            EventSource::ImageScanCompleted => {
                repository.on_image_scan_completed(id, event.image_tags.clone(), options)
            }
            EventSource::CloudTrailImagePushed => {
                repository.on_cloud_trail_image_pushed(id, event.image_tag.as_deref(), options)
            }
            EventSource::CloudTrailEvent => repository.on_cloud_trail_event(id, options),
            EventSource::Event => repository.on_event(id, options),
        };
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
