//! The registry and the public repositories of a config.

use super::program::{Program, StackProgram, pins};
use super::program_repository::encryption_type;
use super::{
    AppliedFor as AppliedForConfig, ScanFrequency as ScanFrequencyConfig,
    ScanType as ScanTypeConfig,
};
use crate::diagnostic::Place;
use crate::public_repository::{CatalogData, PublicRepository, PublicRepositoryProps};
use crate::registry::{
    AccountSettings, AppliedFor, BasicScanTypeVersion, BlobMounting, PullThroughCacheRule,
    PullTimeUpdateExclusion, Registry, RegistryPolicyScope, ReplicationConfiguration,
    ReplicationDestination, ReplicationRule, RepositoryCreationTemplate, ScanFrequency, ScanType,
    ScanningConfiguration, ScanningRule, SigningConfiguration, SigningRule, document,
    lifecycle_policy,
};
use crate::repository::{Encryption, EncryptionType, RepositoryError};
use crate::stack::Stack;

impl<'a> Program<'a> {
    pub(super) fn registry(&self, index: usize) {
        let Some(this) = self.stacks.get(index) else { return };
        let Some(registry) = &this.config.registry else { return };
        if !this.shard.holds_the_rest() {
            return;
        }
        let place = this.place.key("registry");
        let stack = &this.stack;
        let at = |key: &str| {
            let place = place.key(key);
            self.app.set_cursor(place.clone());
            place
        };
        if !registry.policy.is_empty()
            && let Some(statements) = self.statements(this, &registry.policy, &place.key("policy"))
        {
            at("policy");
            Registry::policy(stack, statements);
        }
        if let Some(replication) = &registry.replication
            && let Some(rules) = self.replication(replication, &place.key("replication"))
        {
            let place = at("replication");
            Registry::replication(stack, ReplicationConfiguration { rules });
            let cloudformation = replication.cloudformation.as_ref();
            self.overrides(
                stack,
                "ReplicationConfiguration",
                cloudformation,
                &replication.terraform,
                &place,
            );
            pin(
                stack,
                "ReplicationConfiguration",
                replication.terraform_name.as_ref(),
                replication.logical_id.as_ref(),
            );
        }
        if let Some(scanning) = &registry.scanning {
            let place = at("scanning");
            Registry::scanning(stack, scanning_configuration(scanning));
            let cloudformation = scanning.cloudformation.as_ref();
            self.overrides(
                stack,
                "RegistryScanningConfiguration",
                cloudformation,
                &scanning.terraform,
                &place,
            );
            pin(
                stack,
                "RegistryScanningConfiguration",
                scanning.terraform_name.as_ref(),
                scanning.logical_id.as_ref(),
            );
        }
        if let Some(signing) = &registry.signing
            && let Some(rules) = self.signing(signing, &place.key("signing"))
        {
            let place = at("signing");
            Registry::signing(stack, SigningConfiguration { rules });
            let cloudformation = signing.cloudformation.as_ref();
            self.overrides(
                stack,
                "SigningConfiguration",
                cloudformation,
                &signing.terraform,
                &place,
            );
            pin(
                stack,
                "SigningConfiguration",
                signing.terraform_name.as_ref(),
                signing.logical_id.as_ref(),
            );
        }
        if let Some(settings) = &registry.account_settings {
            at("accountSettings");
            Registry::account_settings(stack, account_settings(*settings));
        }
        self.named_in_registry(this, registry, &place);
    }

    /// What a registry may have more than one of.
    fn named_in_registry(
        &self,
        this: &StackProgram<'a>,
        registry: &super::Registry,
        place: &Place,
    ) {
        let stack = &this.stack;
        for (id, rule) in &registry.pull_through_cache_rules {
            let place = place.key("pullThroughCacheRules").key(id);
            let made = self.pull_through_cache_rule(rule, &place);
            self.app.set_cursor(place.clone());
            Registry::pull_through_cache_rule(stack, id, made);
            self.overrides(stack, id, rule.cloudformation.as_ref(), &rule.terraform, &place);
            pin(stack, id, rule.terraform_name.as_ref(), rule.logical_id.as_ref());
        }
        for (id, template) in &registry.creation_templates {
            let place = place.key("creationTemplates").key(id);
            if let Some(made) = self.creation_template(this, template, &place) {
                self.app.set_cursor(place.clone());
                Registry::creation_template(stack, id, made);
                let cloudformation = template.cloudformation.as_ref();
                self.overrides(stack, id, cloudformation, &template.terraform, &place);
                pin(stack, id, template.terraform_name.as_ref(), template.logical_id.as_ref());
            }
        }
        for (id, exclusion) in &registry.pull_time_update_exclusions {
            let place = place.key("pullTimeUpdateExclusions").key(id);
            if let Some(principal_arn) =
                self.parse(&exclusion.principal_arn, place.key("principalArn"))
            {
                self.app.set_cursor(place.clone());
                let made = PullTimeUpdateExclusion { principal_arn };
                Registry::pull_time_update_exclusion(stack, id, made);
                let cloudformation = exclusion.cloudformation.as_ref();
                self.overrides(stack, id, cloudformation, &exclusion.terraform, &place);
                pin(stack, id, exclusion.terraform_name.as_ref(), exclusion.logical_id.as_ref());
            }
        }
    }

    fn replication(
        &self,
        replication: &super::Replication,
        place: &Place,
    ) -> Option<Vec<ReplicationRule>> {
        let rules = replication.rules.iter().enumerate().map(|(index, rule)| {
            let place = place.key("rules").index(index);
            let destinations: Vec<_> = rule
                .destinations
                .iter()
                .enumerate()
                .map(|(index, destination)| {
                    let place = place.key("destinations").index(index);
                    let region = self.parse(&destination.region, place.key("region"));
                    let registry_id = self.parse(&destination.registry_id, place.key("registryId"));
                    Some(ReplicationDestination { region: region?, registry_id: registry_id? })
                })
                .collect();
            let filters = rule.repository_filters.iter().flatten();
            Some(ReplicationRule {
                destinations: destinations.into_iter().collect::<Option<_>>()?,
                prefixes: filters.map(|filter| filter.filter.clone()).collect(),
            })
        });
        rules.collect::<Vec<_>>().into_iter().collect()
    }

    fn signing(&self, signing: &super::Signing, place: &Place) -> Option<Vec<SigningRule>> {
        let rules = signing.rules.iter().enumerate().map(|(index, rule)| {
            let place = place.key("rules").index(index);
            let filters = rule.repository_filters.iter().flatten();
            Some(SigningRule {
                signing_profile_arn: self
                    .parse(&rule.signing_profile_arn, place.key("signingProfileArn"))?,
                filters: filters.map(|filter| filter.filter.clone()).collect(),
            })
        });
        rules.collect::<Vec<_>>().into_iter().collect()
    }

    fn pull_through_cache_rule(
        &self,
        rule: &super::PullThroughCacheRule,
        place: &Place,
    ) -> PullThroughCacheRule {
        PullThroughCacheRule {
            ecr_repository_prefix: rule.ecr_repository_prefix.clone(),
            upstream_registry: rule.upstream_registry.clone(),
            upstream_registry_url: rule.upstream_registry_url.clone(),
            credential_arn: self.parse_option(
                rule.credential_arn.as_deref(),
                place,
                "credentialArn",
            ),
            custom_role_arn: self.parse_option(
                rule.custom_role_arn.as_deref(),
                place,
                "customRoleArn",
            ),
            upstream_repository_prefix: rule.upstream_repository_prefix.clone(),
        }
    }

    fn creation_template(
        &self,
        this: &StackProgram<'a>,
        template: &super::CreationTemplate,
        place: &Place,
    ) -> Option<RepositoryCreationTemplate> {
        let key = template
            .encryption_key
            .as_ref()
            .and_then(|key| self.key_ref(this, key, &place.key("encryptionKey")))
            .map(|key| key.arn());
        let encryption = match (template.encryption.map(encryption_type), key) {
            (None, None) => None,
            (Some(EncryptionType::Aes256), None) => Some(Encryption::Aes256),
            (Some(EncryptionType::Aes256), Some(_)) => {
                self.error(place.key("encryptionKey"), RepositoryError::KeyWithoutKms);
                None
            }
            (None | Some(EncryptionType::Kms), key) => Some(Encryption::Kms(key)),
            (Some(EncryptionType::KmsDsse), key) => Some(Encryption::KmsDsse(key)),
        };
        let at_rules = place.key("lifecycleRules");
        let rules: Vec<_> = template
            .lifecycle_rules
            .iter()
            .enumerate()
            .map(|(index, rule)| self.lifecycle_rule(rule, &at_rules.index(index)))
            .collect();
        let rules = rules.into_iter().collect::<Option<Vec<_>>>()?;
        let at_policy = place.key("resourcePolicy");
        let statements = self.statements(this, &template.resource_policy, &at_policy)?;
        Some(RepositoryCreationTemplate {
            prefix: template.prefix.clone(),
            applied_for: template.applied_for.iter().copied().map(applied_for).collect(),
            description: template.description.clone(),
            tag_mutability: self.tag_mutability(
                template.image_tag_mutability,
                template.image_tag_mutability_exclusion_filters.as_deref(),
                place,
            ),
            encryption,
            lifecycle_policy: lifecycle_policy(&this.stack, &at_rules, rules),
            policy: document(&this.stack, &at_policy, statements),
            resource_tags: template.resource_tags.clone(),
            custom_role_arn: self.parse_option(
                template.custom_role_arn.as_deref(),
                place,
                "customRoleArn",
            ),
        })
    }

    pub(super) fn public_repositories(&self, index: usize) {
        let Some(this) = self.stacks.get(index) else { return };
        if !this.shard.holds_the_rest() {
            return;
        }
        for (id, config) in &this.config.public_repositories {
            let place = this.place.key("publicRepositories").key(id);
            let at_policy = place.key("resourcePolicy");
            let Some(resource_policy) = self.statements(this, &config.resource_policy, &at_policy)
            else {
                continue;
            };
            self.app.set_cursor(place.clone());
            let props = PublicRepositoryProps {
                repository_name: config.repository_name.clone(),
                catalog_data: config.catalog_data.as_ref().map(|data| CatalogData {
                    about_text: data.about_text.clone(),
                    architectures: data.architectures.clone().unwrap_or_default(),
                    description: data.description.clone(),
                    operating_systems: data.operating_systems.clone().unwrap_or_default(),
                    usage_text: data.usage_text.clone(),
                }),
                resource_policy,
                tags: config.tags.iter().map(|(k, v)| (k.clone(), v.clone())).collect(),
                pins: pins(config.terraform_name.as_ref(), config.logical_id.as_ref()),
            };
            PublicRepository::new(&this.stack, id, props);
            let cloudformation = config.cloudformation.as_ref();
            self.overrides(&this.stack, id, cloudformation, &config.terraform, &place);
        }
    }
}

fn account_settings(settings: super::AccountSettings) -> AccountSettings {
    AccountSettings {
        basic_scan_type_version: settings.basic_scan_type_version.map(|version| match version {
            super::BasicScanTypeVersion::AwsNative => BasicScanTypeVersion::AwsNative,
            super::BasicScanTypeVersion::Clair => BasicScanTypeVersion::Clair,
        }),
        registry_policy_scope: settings.registry_policy_scope.map(|scope| match scope {
            super::RegistryPolicyScope::V1 => RegistryPolicyScope::V1,
            super::RegistryPolicyScope::V2 => RegistryPolicyScope::V2,
        }),
        blob_mounting: settings.blob_mounting.map(|mounting| match mounting {
            super::BlobMounting::Enabled => BlobMounting::Enabled,
            super::BlobMounting::Disabled => BlobMounting::Disabled,
        }),
    }
}

fn scanning_configuration(scanning: &super::Scanning) -> ScanningConfiguration {
    let rules = scanning.rules.iter().map(|rule| ScanningRule {
        frequency: match rule.scan_frequency {
            ScanFrequencyConfig::ScanOnPush => ScanFrequency::ScanOnPush,
            ScanFrequencyConfig::ContinuousScan => ScanFrequency::ContinuousScan,
        },
        filters: rule.repository_filters.iter().map(|filter| filter.filter.clone()).collect(),
    });
    ScanningConfiguration {
        scan_type: match scanning.scan_type {
            ScanTypeConfig::Basic => ScanType::Basic,
            ScanTypeConfig::Enhanced => ScanType::Enhanced,
        },
        rules: rules.collect(),
    }
}

fn applied_for(applied_for: AppliedForConfig) -> AppliedFor {
    match applied_for {
        AppliedForConfig::Replication => AppliedFor::Replication,
        AppliedForConfig::PullThroughCache => AppliedFor::PullThroughCache,
        AppliedForConfig::CreateOnPush => AppliedFor::CreateOnPush,
    }
}

/// Pins the construct that was just made.
fn pin(stack: &Stack, id: &str, terraform_name: Option<&String>, logical_id: Option<&String>) {
    if terraform_name.is_some() || logical_id.is_some() {
        stack.add_pins(id, pins(terraform_name, logical_id));
    }
}
