//! The repositories of a config, their grants, events and outputs.

use indexmap::IndexMap;

use super::error::ConfigError;
use super::program::{Program, StackProgram, removal_policy};
use super::{
    Allow, Encryption as EncryptionConfig, EventSource, Grantees, ImageTagMutability,
    LifecycleAction as LifecycleActionConfig, OutputAttribute, Permission,
    TagStatus as TagStatusConfig,
};
use crate::authorization_token::{AuthorizationToken, PublicGalleryAuthorizationToken};
use crate::diagnostic::Place;
use crate::event::{EventInput, OnEventOptions, RetryPolicy, RuleTarget};
use crate::lifecycle::{LifecycleAction, LifecycleRule, TagStatus};
use crate::names::{Days, ExclusionFilter};
use crate::output::{CfnOutput, CfnOutputProps};
use crate::repository::{
    EncryptionType, ExclusionFilters, Repository, RepositoryProps, TagMutability,
    TagMutabilityError,
};
use crate::value::Json;

impl<'a> Program<'a> {
    pub(super) fn repositories(&mut self, index: usize) {
        let Some(this) = self.stacks.get(index) else { return };
        let mut repositories = IndexMap::new();
        for (id, config) in &this.config.repositories {
            let place = this.place.key("repositories").key(id);
            if let Some(repository) = self.repository(this, id, config, &place) {
                repositories.insert(id.as_str(), repository);
            }
        }
        if let Some(this) = self.stacks.get_mut(index) {
            this.repositories = repositories;
        }
    }

    fn repository(
        &self,
        this: &StackProgram<'a>,
        id: &str,
        config: &super::Repository,
        place: &Place,
    ) -> Option<Repository> {
        if let Some(import) = &config.import {
            self.refuse_on_import(config, place);
            return self.imported(this, id, import, place);
        }
        let props = self.repository_props(this, config, place);
        self.app.set_cursor(place.clone());
        let repository = Repository::new(&this.stack, id, props);
        self.overrides(&this.stack, id, config.cloudformation.as_ref(), &config.terraform, place);
        for (index, rule) in config.lifecycle_rules.iter().enumerate() {
            let place = place.key("lifecycleRules").index(index);
            if let Some(rule) = self.lifecycle_rule(rule, &place) {
                self.app.set_cursor(place);
                repository.add_lifecycle_rule(rule);
            }
        }
        for (index, statement) in config.resource_policy.iter().enumerate() {
            let place = place.key("resourcePolicy").index(index);
            if let Some(statement) = self.statement(this, statement, &place) {
                self.app.set_cursor(place);
                repository.add_to_resource_policy(statement);
            }
        }
        Some(repository)
    }

    fn refuse_on_import(&self, config: &super::Repository, place: &Place) {
        for (property, given) in [
            ("repositoryName", config.repository_name.is_some()),
            ("imageScanOnPush", config.image_scan_on_push.is_some()),
            ("imageTagMutability", config.image_tag_mutability.is_some()),
            (
                "imageTagMutabilityExclusionFilters",
                config.image_tag_mutability_exclusion_filters.is_some(),
            ),
            ("encryption", config.encryption.is_some()),
            ("encryptionKey", config.encryption_key.is_some()),
            ("removalPolicy", config.removal_policy.is_some()),
            ("emptyOnDelete", config.empty_on_delete.is_some()),
            ("lifecycleRegistryId", config.lifecycle_registry_id.is_some()),
            ("tags", !config.tags.is_empty()),
            ("lifecycleRules", !config.lifecycle_rules.is_empty()),
            ("resourcePolicy", !config.resource_policy.is_empty()),
            ("cloudformation", config.cloudformation.is_some()),
            ("terraform", !config.terraform.is_empty()),
        ] {
            if given {
                let error = ConfigError::ImportedHas { what: "repository", property };
                self.error(place.key(property).on_key(), error);
            }
        }
    }

    fn imported(
        &self,
        this: &StackProgram<'a>,
        id: &str,
        import: &super::ImportedRepository,
        place: &Place,
    ) -> Option<Repository> {
        let at = place.key("import");
        let (name, arn) = match import {
            super::ImportedRepository::Name(name) => (Some(name.as_str()), None),
            super::ImportedRepository::Arn(arn) => (None, Some(arn.as_str())),
            super::ImportedRepository::Both { name, arn } => {
                (Some(name.as_str()), Some(arn.as_str()))
            }
        };
        let name = self.parse_option(name, &at, "repositoryName");
        let arn = self.parse_option(arn, &at, "repositoryArn");
        self.app.set_cursor(place.clone());
        match (name, arn) {
            (Some(name), Some(arn)) => {
                Some(Repository::from_repository_attributes(&this.stack, id, &name, &arn))
            }
            (Some(name), None) => Some(Repository::from_repository_name(&this.stack, id, &name)),
            (None, Some(arn)) => Some(Repository::from_repository_arn(&this.stack, id, &arn)),
            (None, None) => None,
        }
    }

    fn repository_props(
        &self,
        this: &StackProgram<'a>,
        config: &super::Repository,
        place: &Place,
    ) -> RepositoryProps {
        RepositoryProps {
            repository_name: self.parse_option(
                config.repository_name.as_deref(),
                place,
                "repositoryName",
            ),
            image_scan_on_push: config.image_scan_on_push,
            image_tag_mutability: self.tag_mutability(
                config.image_tag_mutability,
                config.image_tag_mutability_exclusion_filters.as_deref(),
                place,
            ),
            encryption: config.encryption.map(encryption_type),
            encryption_key: config
                .encryption_key
                .as_ref()
                .and_then(|key| self.key_ref(this, key, &place.key("encryptionKey"))),
            empty_on_delete: config.empty_on_delete,
            removal_policy: config.removal_policy.map(removal_policy),
            lifecycle_registry_id: self.parse_option(
                config.lifecycle_registry_id.as_deref(),
                place,
                "lifecycleRegistryId",
            ),
            tags: config.tags.iter().map(|(k, v)| (k.clone(), v.clone())).collect(),
        }
    }

    /// The mutability with its filters; what does not go together is noted.
    pub(super) fn tag_mutability(
        &self,
        mutability: Option<ImageTagMutability>,
        filters: Option<&[String]>,
        place: &Place,
    ) -> Option<TagMutability> {
        let at_filters = place.key("imageTagMutabilityExclusionFilters");
        let filters = filters.map(|texts| {
            let parsed: Vec<Option<ExclusionFilter>> = texts
                .iter()
                .enumerate()
                .map(|(index, text)| self.parse(text, at_filters.index(index)))
                .collect();
            let filters = parsed.into_iter().collect::<Option<Vec<_>>>()?;
            ExclusionFilters::try_from(filters)
                .map_err(|error| self.error(at_filters.clone(), error))
                .ok()
        });
        let excluded = |name, make: fn(ExclusionFilters) -> TagMutability| {
            if let Some(filters) = filters.clone() {
                return filters.map(make);
            }
            let error = TagMutabilityError::ExclusionWithoutFilters { mutability: name };
            self.error(place.key("imageTagMutability"), error);
            None
        };
        let plain = |mutability| {
            if filters.is_some() {
                self.error(
                    at_filters.clone().on_key(),
                    TagMutabilityError::FiltersWithoutExclusion,
                );
            }
            mutability
        };
        match mutability {
            None => plain(None),
            Some(ImageTagMutability::Mutable) => plain(Some(TagMutability::Mutable)),
            Some(ImageTagMutability::Immutable) => plain(Some(TagMutability::Immutable)),
            Some(ImageTagMutability::MutableWithExclusion) => {
                excluded("MUTABLE_WITH_EXCLUSION", TagMutability::MutableWithExclusion)
            }
            Some(ImageTagMutability::ImmutableWithExclusion) => {
                excluded("IMMUTABLE_WITH_EXCLUSION", TagMutability::ImmutableWithExclusion)
            }
        }
    }

    pub(super) fn lifecycle_rule(
        &self,
        rule: &super::LifecycleRule,
        place: &Place,
    ) -> Option<LifecycleRule> {
        let days = |text: Option<&str>, key| {
            text.map(|text| self.parse::<Days>(text, place.key(key)))
                .map_or(Some(None), |days| days.map(Some))
        };
        let max_image_age = days(rule.max_image_age.as_deref(), "maxImageAge");
        let max_time_since_pull = days(rule.max_time_since_pull.as_deref(), "maxTimeSincePull");
        let max_time_since_archive =
            days(rule.max_time_since_archive.as_deref(), "maxTimeSinceArchive");
        Some(LifecycleRule {
            rule_priority: rule.rule_priority,
            description: rule.description.clone(),
            tag_status: rule.tag_status.map(|status| match status {
                TagStatusConfig::Any => TagStatus::Any,
                TagStatusConfig::Tagged => TagStatus::Tagged,
                TagStatusConfig::Untagged => TagStatus::Untagged,
            }),
            tag_prefix_list: rule.tag_prefix_list.clone(),
            tag_pattern_list: rule.tag_pattern_list.clone(),
            max_image_count: rule.max_image_count,
            max_image_age: max_image_age?,
            max_time_since_pull: max_time_since_pull?,
            max_time_since_archive: max_time_since_archive?,
            action: rule.action.map(|action| match action {
                LifecycleActionConfig::Expire => LifecycleAction::Expire,
                LifecycleActionConfig::Archive => LifecycleAction::Archive,
            }),
        })
    }

    /// The repositories that could be made, with their configs and places.
    fn made(
        this: &StackProgram<'a>,
    ) -> impl Iterator<Item = (&'a super::Repository, Repository, Place)> {
        this.config.repositories.iter().filter_map(|(id, config)| {
            let repository = this.repositories.get(id.as_str())?.clone();
            Some((config, repository, this.place.key("repositories").key(id)))
        })
    }

    pub(super) fn grants(&self, index: usize) {
        let Some(this) = self.stacks.get(index) else { return };
        for (config, repository, place) in Self::made(this) {
            for (index, grant) in config.grants.iter().enumerate() {
                let place = place.key("grants").index(index);
                let to = place.key("to");
                match &grant.to {
                    Grantees::One(one) => {
                        self.grant(this, &repository, (one, to), &grant.permission, &place);
                    }
                    Grantees::List(list) => {
                        for (index, one) in list.iter().enumerate() {
                            let to = (one, to.index(index));
                            self.grant(this, &repository, to, &grant.permission, &place);
                        }
                    }
                }
            }
        }
    }

    fn grant(
        &self,
        this: &StackProgram<'a>,
        repository: &Repository,
        (to, at): (&super::PrincipalRef, Place),
        permission: &Permission,
        place: &Place,
    ) {
        let Some(to) = self.principal(this, to, &at) else { return };
        self.app.set_cursor(at);
        match permission {
            Permission::Allow(Allow::Read) => repository.grant_read(&to),
            Permission::Allow(Allow::Pull) => repository.grant_pull(&to),
            Permission::Allow(Allow::Push) => repository.grant_push(&to),
            Permission::Allow(Allow::PullPush) => repository.grant_pull_push(&to),
            Permission::Actions(actions) => {
                if let Some(actions) = self.actions(actions, &place.key("actions")) {
                    repository.grant(&to, actions);
                }
            }
        }
    }

    pub(super) fn events(&self, index: usize) {
        let Some(this) = self.stacks.get(index) else { return };
        for (config, repository, place) in Self::made(this) {
            for (id, event) in &config.events {
                self.event(&repository, id, event, &place.key("events").key(id));
            }
        }
    }

    fn event(&self, repository: &Repository, id: &str, event: &super::EventRule, place: &Place) {
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
        };
        self.app.set_cursor(place.clone());
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
        self.overrides(
            &repository.stack,
            &format!("{}/{id}", repository.path),
            event.cloudformation.as_ref(),
            &event.terraform,
            place,
        );
        if let Some(pattern) = &event.event_pattern {
            self.app.set_cursor(place.key("eventPattern"));
            rule.add_event_pattern(
                pattern.iter().map(|(k, v)| (k.clone(), Json::from(v.clone()))).collect(),
            );
        }
        for (index, target) in event.targets.iter().enumerate() {
            let place = place.key("targets").index(index);
            if let Some(target) = self.target(target, &place) {
                self.app.set_cursor(place);
                rule.add_target(target);
            }
        }
    }

    fn target(&self, target: &super::EventTarget, place: &Place) -> Option<RuleTarget> {
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

    pub(super) fn authorization_tokens(&self, index: usize) {
        let Some(this) = self.stacks.get(index) else { return };
        let Some(tokens) = &this.config.authorization_tokens else { return };
        let place = this.place.key("authorizationTokens");
        for (index, to) in tokens.private.iter().enumerate() {
            let place = place.key("private").index(index);
            if let Some(to) = self.principal(this, to, &place) {
                self.app.set_cursor(place);
                AuthorizationToken::grant_read(&this.stack, &to);
            }
        }
        for (index, to) in tokens.public_gallery.iter().enumerate() {
            let place = place.key("publicGallery").index(index);
            if let Some(to) = self.principal(this, to, &place) {
                self.app.set_cursor(place);
                PublicGalleryAuthorizationToken::grant_read(&this.stack, &to);
            }
        }
    }

    pub(super) fn outputs(&self, index: usize) {
        let Some(this) = self.stacks.get(index) else { return };
        for (id, output) in &this.config.outputs {
            let place = this.place.key("outputs").key(id);
            self.output(this, id, output, &place);
        }
    }

    fn output(&self, this: &StackProgram<'a>, id: &str, output: &super::Output, place: &Place) {
        let Some(repository) = this.repositories.get(output.repository.as_str()) else {
            if !this.config.repositories.contains_key(&output.repository) {
                let candidates = this.config.repositories.keys().map(String::as_str);
                let error = ConfigError::unknown_id("repository", &output.repository, candidates);
                self.error(place.key("repository"), error);
            }
            return;
        };
        let is_uri = output.attribute == OutputAttribute::RepositoryUri;
        for (property, given) in
            [("tag", output.tag.is_some()), ("digest", output.digest.is_some())]
        {
            if given && !is_uri {
                let with = "attribute: repositoryUri";
                self.error(place.key(property).on_key(), ConfigError::OnlyWith { property, with });
            }
        }
        if output.tag.is_some() && output.digest.is_some() {
            let error = ConfigError::Both { one: "tag", other: "digest" };
            self.error(place.key("digest").on_key(), error);
        }
        self.app.set_cursor(place.clone());
        let value = match output.attribute {
            OutputAttribute::RepositoryArn => repository.repository_arn(),
            OutputAttribute::RepositoryName => repository.repository_name(),
            OutputAttribute::RegistryUri => repository.registry_uri(),
            OutputAttribute::RepositoryUri => match (&output.tag, &output.digest) {
                (Some(tag), _) => repository.repository_uri_for_tag(tag),
                (None, Some(digest)) => repository.repository_uri_for_digest(digest),
                (None, None) => repository.repository_uri(),
            },
        };
        let props = CfnOutputProps {
            value,
            description: output.description.clone(),
            export_name: output.export_name.clone(),
        };
        CfnOutput::new(&this.stack, id, props);
    }
}

pub(super) fn encryption_type(encryption: EncryptionConfig) -> EncryptionType {
    match encryption {
        EncryptionConfig::Aes256 => EncryptionType::Aes256,
        EncryptionConfig::Kms => EncryptionType::Kms,
        EncryptionConfig::KmsDsse => EncryptionType::KmsDsse,
    }
}
