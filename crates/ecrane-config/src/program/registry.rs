//! Registry settings of a config.

use ecrane_construct::{Registry, RepositoryCreationTemplateProps};
use ecrane_core::{
    AccountSettingsResource, AppliedFor, BasicScanTypeVersion, BlobMounting, Place,
    PullThroughCacheRuleResource, PullTimeUpdateExclusionResource, RegistryPolicyScope,
    ReplicationDestination, ReplicationRule, ScanFrequency, ScanType, ScanningRule, SigningRule,
};

use super::repositories::encryption_type;
use super::{Program, StackProgram};
use crate::element::{
    self, AppliedFor as AppliedForConfig, RegistryPolicy, ScanFrequency as ScanFrequencyConfig,
    ScanType as ScanTypeConfig,
};

impl<'a> Program<'a> {
    pub(super) fn registry(&self, index: usize) {
        let Some(this) = self.stacks.get(index) else { return };
        let Some(registry) = &this.config.registry else { return };
        if !this.shard.holds_the_rest() {
            return;
        }
        let place = this.place.key("registry");
        let at = |key: &str| this.stack.at(place.key(key));
        if !registry.policy.statements().is_empty()
            && let Some(policy) = self.policy(this, &registry.policy, &place.key("policy"))
        {
            let stack = at("policy");
            Registry::policy(&stack, policy);
            if let RegistryPolicy::Document(document) = &registry.policy {
                stack.add_addresses("RegistryPolicy", document.address_keys().addresses());
            }
        }
        if let Some(replication) = &registry.replication
            && let Some(rules) = self.replication(replication, &place.key("replication"))
        {
            let stack = at("replication");
            Registry::replication(&stack, rules);
            stack.add_addresses("ReplicationConfiguration", replication.address_keys().addresses());
        }
        if let Some(scanning) = &registry.scanning {
            let stack = at("scanning");
            Registry::scanning(&stack, scan_type(scanning.scan_type), scanning_rules(scanning));
            stack.add_addresses(
                "RegistryScanningConfiguration",
                scanning.address_keys().addresses(),
            );
        }
        if let Some(signing) = &registry.signing
            && let Some(rules) = self.signing(signing, &place.key("signing"))
        {
            let stack = at("signing");
            Registry::signing(&stack, rules);
            stack.add_addresses("SigningConfiguration", signing.address_keys().addresses());
        }
        if let Some(settings) = &registry.account_settings {
            let stack = at("accountSettings");
            Registry::account_settings(&stack, account_settings(settings));
            stack.add_addresses("AccountSettings", settings.addresses());
        }
        self.named_in_registry(this, registry, &place);
        self.registry_events(&this.stack, &registry.events, &place.key("events"));
    }

    /// Creates the registry resources that have construct ids.
    fn named_in_registry(
        &self,
        this: &StackProgram<'a>,
        registry: &element::Registry,
        place: &Place,
    ) {
        for (id, rule) in &registry.pull_through_cache_rules {
            let place = place.key("pullThroughCacheRules").key(id);
            let made = self.pull_through_cache_rule(rule, &place);
            let stack = this.stack.at(place);
            Registry::pull_through_cache_rule(&stack, id, made);
            stack.add_addresses(id, rule.address_keys().addresses());
        }
        for (id, template) in &registry.creation_templates {
            let place = place.key("creationTemplates").key(id);
            if let Some(props) = self.creation_template(this, template, &place) {
                let stack = this.stack.at(place);
                Registry::creation_template(&stack, id, props);
                stack.add_addresses(id, template.address_keys().addresses());
            }
        }
        for (id, exclusion) in &registry.pull_time_update_exclusions {
            let place = place.key("pullTimeUpdateExclusions").key(id);
            let at_arn = place.key("principalArn");
            if let Some(principal_arn) = self.parse(&exclusion.principal_arn, at_arn) {
                let stack = this.stack.at(place);
                let made = PullTimeUpdateExclusionResource { principal_arn };
                Registry::pull_time_update_exclusion(&stack, id, made);
                stack.add_addresses(id, exclusion.address_keys().addresses());
            }
        }
    }

    fn replication(
        &self,
        replication: &element::Replication,
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

    fn signing(&self, signing: &element::Signing, place: &Place) -> Option<Vec<SigningRule>> {
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
        rule: &element::PullThroughCacheRule,
        place: &Place,
    ) -> PullThroughCacheRuleResource {
        PullThroughCacheRuleResource {
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
        template: &element::CreationTemplate,
        place: &Place,
    ) -> Option<RepositoryCreationTemplateProps> {
        let at_rules = place.key("lifecycleRules");
        let rules: Vec<_> = template
            .lifecycle_rules
            .iter()
            .enumerate()
            .map(|(index, rule)| self.lifecycle_rule(rule, &at_rules.index(index)))
            .collect();
        let lifecycle_rules = rules.into_iter().collect::<Option<Vec<_>>>()?;
        let at_policy = place.key("resourcePolicy");
        let resource_policy = self.policy(this, &template.resource_policy, &at_policy)?;
        Some(RepositoryCreationTemplateProps {
            prefix: template.prefix.clone(),
            applied_for: template.applied_for.iter().copied().map(applied_for).collect(),
            description: template.description.clone(),
            image_tag_mutability: self.tag_mutability(
                template.image_tag_mutability,
                template.image_tag_mutability_exclusion_filters.as_deref(),
                place,
            ),
            encryption: template.encryption.map(encryption_type),
            encryption_key: template
                .encryption_key
                .as_ref()
                .and_then(|key| self.key_ref(this, key, &place.key("encryptionKey"))),
            lifecycle_rules,
            resource_policy,
            resource_tags: template.resource_tags.clone(),
            custom_role_arn: self.parse_option(
                template.custom_role_arn.as_deref(),
                place,
                "customRoleArn",
            ),
        })
    }
}

fn account_settings(settings: &element::AccountSettings) -> AccountSettingsResource {
    AccountSettingsResource {
        basic_scan_type_version: settings.basic_scan_type_version.map(|version| match version {
            element::BasicScanTypeVersion::AwsNative => BasicScanTypeVersion::AwsNative,
            element::BasicScanTypeVersion::Clair => BasicScanTypeVersion::Clair,
        }),
        registry_policy_scope: settings.registry_policy_scope.map(|scope| match scope {
            element::RegistryPolicyScope::V1 => RegistryPolicyScope::V1,
            element::RegistryPolicyScope::V2 => RegistryPolicyScope::V2,
        }),
        blob_mounting: settings.blob_mounting.map(|mounting| match mounting {
            element::BlobMounting::Enabled => BlobMounting::Enabled,
            element::BlobMounting::Disabled => BlobMounting::Disabled,
        }),
    }
}

fn scan_type(scan_type: ScanTypeConfig) -> ScanType {
    match scan_type {
        ScanTypeConfig::Basic => ScanType::Basic,
        ScanTypeConfig::Enhanced => ScanType::Enhanced,
    }
}

fn scanning_rules(scanning: &element::Scanning) -> Vec<ScanningRule> {
    let rules = scanning.rules.iter().map(|rule| ScanningRule {
        frequency: match rule.scan_frequency {
            ScanFrequencyConfig::ScanOnPush => ScanFrequency::ScanOnPush,
            ScanFrequencyConfig::ContinuousScan => ScanFrequency::ContinuousScan,
        },
        filters: rule.repository_filters.iter().map(|filter| filter.filter.clone()).collect(),
    });
    rules.collect()
}

fn applied_for(applied_for: AppliedForConfig) -> AppliedFor {
    match applied_for {
        AppliedForConfig::Replication => AppliedFor::Replication,
        AppliedForConfig::PullThroughCache => AppliedFor::PullThroughCache,
        AppliedForConfig::CreateOnPush => AppliedFor::CreateOnPush,
    }
}
