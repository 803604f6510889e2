//! Repositories of a config.

use std::cell::LazyCell;

use ecrane_construct::{EncryptionType, Repository, RepositoryProps};
use ecrane_core::Place;
use indexmap::IndexMap;

use super::statements::policy_version;
use super::{Made, Program, StackProgram, removal_policy};
use crate::element::{self, Encryption as EncryptionConfig};
use crate::error::ConfigError;

impl<'a> Program<'a> {
    pub(super) fn repositories(&mut self, index: usize) {
        let own = self.stacks.get_mut(index).map(|this| std::mem::take(&mut this.own));
        let (Some(own), Some(this)) = (own, self.stacks.get(index)) else { return };
        let mut repositories = IndexMap::with_capacity(own.len());
        for (id, config, place) in own {
            if let Some(repository) = self.repository(this, &id, &config, &place) {
                let element::Repository { grants, events, .. } = config;
                repositories.insert(id, Made { repository, grants, events, place });
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
        config: &element::Repository,
        place: &Place,
    ) -> Option<Repository> {
        if let Some(import) = &config.import {
            self.refuse_on_import(config, place);
            return self.imported(this, id, import, place);
        }
        let props = self.repository_props(this, config, place);
        let repository = Repository::new(&this.stack.at(place.clone()), id, props);
        let at_rules = LazyCell::new(|| place.key("lifecycleRules"));
        for (index, rule) in config.lifecycle_rules.iter().enumerate() {
            let place = at_rules.index(index);
            if let Some(rule) = self.lifecycle_rule(rule, &place) {
                repository.at(place).add_lifecycle_rule(rule);
            }
        }
        let at_statements = LazyCell::new(|| {
            config.resource_policy.place_of_statements(&place.key("resourcePolicy"))
        });
        for (index, statement) in config.resource_policy.statements().iter().enumerate() {
            let place = at_statements.index(index);
            if let Some(statement) = self.statement(this, statement, &place) {
                repository.at(place).add_to_resource_policy(statement);
            }
        }
        Some(repository)
    }

    fn refuse_on_import(&self, config: &element::Repository, place: &Place) {
        for (property, given) in [
            ("preset", config.preset.is_some()),
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
            ("resourcePolicy", config.resource_policy != element::Policy::default()),
            ("terraformNames", config.terraform_names.is_some()),
        ]
        .into_iter()
        .chain(config.address_keys().given())
        {
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
        import: &element::ImportedRepository,
        place: &Place,
    ) -> Option<Repository> {
        let at = place.key("import");
        let (name, arn) = match import {
            element::ImportedRepository::Name(name) => (Some(name.as_str()), None),
            element::ImportedRepository::Arn(arn) => (None, Some(arn.as_str())),
            element::ImportedRepository::Both { name, arn } => {
                (Some(name.as_str()), Some(arn.as_str()))
            }
        };
        let name = self.parse_option(name, &at, "repositoryName");
        let arn = self.parse_option(arn, &at, "repositoryArn");
        let stack = &this.stack.at(place.clone());
        match (name, arn) {
            (Some(name), Some(arn)) => {
                Some(Repository::from_repository_attributes(stack, id, &name, &arn))
            }
            (Some(name), None) => Some(Repository::from_repository_name(stack, id, &name)),
            (None, Some(arn)) => Some(Repository::from_repository_arn(stack, id, &arn)),
            (None, None) => None,
        }
    }

    fn repository_props(
        &self,
        this: &StackProgram<'a>,
        config: &element::Repository,
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
            resource_policy_version: config.resource_policy.version().map(policy_version),
            addresses: config.addresses(),
        }
    }
}

pub(super) fn encryption_type(encryption: EncryptionConfig) -> EncryptionType {
    match encryption {
        EncryptionConfig::Aes256 => EncryptionType::Aes256,
        EncryptionConfig::Kms => EncryptionType::Kms,
        EncryptionConfig::KmsDsse => EncryptionType::KmsDsse,
    }
}
