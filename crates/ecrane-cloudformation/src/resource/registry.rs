//! `AWS::ECR::RegistryPolicyResource` and the other settings of a registry

use ecrane_core::{
    AppliedFor, Arn, LifecyclePolicy, PullThroughCacheRuleResource,
    PullTimeUpdateExclusionResource, RegistryPolicyResource,
    ReplicationConfigurationResource as ReplicationResource, RepositoryCreationTemplateResource,
    ScanningConfigurationResource as ScanningResource,
    SigningConfigurationResource as SigningResource, TagMutability,
};
use serde::Serialize;

use super::Tag;
use super::repository::{EncryptionConfiguration, ExclusionFilterDocument, exclusion_filters};
use crate::policy::Policy;
use crate::policy_text::PolicyText;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RegistryPolicy<'g> {
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_text: Option<Policy<'g>>,
}

impl<'g> RegistryPolicy<'g> {
    pub(super) fn new(scope: Scope<'g>, policy: &'g RegistryPolicyResource) -> Self {
        let RegistryPolicyResource { document } = policy;
        Self { policy_text: Policy::new(scope, document) }
    }
}

/// A filter, by a name or pattern of one kind.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Filter<'g> {
    filter: &'g str,
    filter_type: &'static str,
}

fn filters<'g>(filters: &'g [String], filter_type: &'static str) -> Vec<Filter<'g>> {
    filters.iter().map(|filter| Filter { filter, filter_type }).collect()
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ReplicationConfiguration<'g> {
    replication_configuration: Replication<'g>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Replication<'g> {
    rules: Vec<ReplicationRule<'g>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ReplicationRule<'g> {
    destinations: Vec<Destination<'g>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    repository_filters: Vec<Filter<'g>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Destination<'g> {
    region: &'g str,
    registry_id: &'g str,
}

impl<'g> ReplicationConfiguration<'g> {
    pub(super) fn new(replication: &'g ReplicationResource) -> Self {
        let ReplicationResource { rules } = replication;
        let rules = rules.iter().map(|rule| ReplicationRule {
            destinations: rule
                .destinations
                .iter()
                .map(|destination| Destination {
                    region: destination.region.as_str(),
                    registry_id: destination.registry_id.as_str(),
                })
                .collect(),
            repository_filters: filters(&rule.prefixes, "PREFIX_MATCH"),
        });
        Self { replication_configuration: Replication { rules: rules.collect() } }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ScanningConfiguration<'g> {
    rules: Vec<ScanningRule<'g>>,
    scan_type: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ScanningRule<'g> {
    repository_filters: Vec<Filter<'g>>,
    scan_frequency: &'static str,
}

impl<'g> ScanningConfiguration<'g> {
    pub(super) fn new(scanning: &'g ScanningResource) -> Self {
        let ScanningResource { scan_type, rules } = scanning;
        let rules = rules.iter().map(|rule| ScanningRule {
            repository_filters: filters(&rule.filters, "WILDCARD"),
            scan_frequency: rule.frequency.as_str(),
        });
        Self { rules: rules.collect(), scan_type: scan_type.as_str() }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SigningConfiguration<'g> {
    rules: Vec<SigningRule<'g>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct SigningRule<'g> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    repository_filters: Vec<Filter<'g>>,
    signing_profile_arn: &'g str,
}

impl<'g> SigningConfiguration<'g> {
    pub(super) fn new(signing: &'g SigningResource) -> Self {
        let SigningResource { rules } = signing;
        let rules = rules.iter().map(|rule| SigningRule {
            repository_filters: filters(&rule.filters, "WILDCARD_MATCH"),
            signing_profile_arn: rule.signing_profile_arn.as_str(),
        });
        Self { rules: rules.collect() }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PullThroughCacheRule<'g> {
    #[serde(skip_serializing_if = "Option::is_none")]
    credential_arn: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_role_arn: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ecr_repository_prefix: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upstream_registry: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upstream_registry_url: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upstream_repository_prefix: Option<&'g str>,
}

impl<'g> PullThroughCacheRule<'g> {
    pub(super) fn new(rule: &'g PullThroughCacheRuleResource) -> Self {
        let PullThroughCacheRuleResource {
            ecr_repository_prefix,
            upstream_registry,
            upstream_registry_url,
            credential_arn,
            custom_role_arn,
            upstream_repository_prefix,
        } = rule;
        Self {
            credential_arn: credential_arn.as_ref().map(Arn::as_str),
            custom_role_arn: custom_role_arn.as_ref().map(Arn::as_str),
            ecr_repository_prefix: ecr_repository_prefix.as_deref(),
            upstream_registry: upstream_registry.as_deref(),
            upstream_registry_url: upstream_registry_url.as_deref(),
            upstream_repository_prefix: upstream_repository_prefix.as_deref(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        let Self {
            credential_arn,
            custom_role_arn,
            ecr_repository_prefix,
            upstream_registry,
            upstream_registry_url,
            upstream_repository_prefix,
        } = self;
        [
            credential_arn,
            custom_role_arn,
            ecr_repository_prefix,
            upstream_registry,
            upstream_registry_url,
            upstream_repository_prefix,
        ]
        .into_iter()
        .all(Option::is_none)
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CreationTemplate<'g> {
    applied_for: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_role_arn: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encryption_configuration: Option<EncryptionConfiguration<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_tag_mutability: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    image_tag_mutability_exclusion_filters: Vec<ExclusionFilterDocument<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lifecycle_policy: Option<String>,
    prefix: &'g str,
    #[serde(skip_serializing_if = "Option::is_none")]
    repository_policy: Option<PolicyText<'g>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    resource_tags: Vec<Tag<'g>>,
}

impl<'g> CreationTemplate<'g> {
    pub(super) fn new(scope: Scope<'g>, template: &'g RepositoryCreationTemplateResource) -> Self {
        let RepositoryCreationTemplateResource {
            prefix,
            applied_for,
            description,
            tag_mutability,
            encryption,
            lifecycle_policy,
            policy,
            resource_tags,
            custom_role_arn,
        } = template;
        Self {
            applied_for: applied_for.iter().copied().map(AppliedFor::as_str).collect(),
            custom_role_arn: custom_role_arn.as_ref().map(Arn::as_str),
            description: description.as_deref(),
            encryption_configuration: encryption
                .as_ref()
                .map(|encryption| EncryptionConfiguration::new(scope, encryption)),
            image_tag_mutability: tag_mutability.as_ref().map(TagMutability::as_str),
            image_tag_mutability_exclusion_filters: exclusion_filters(tag_mutability.as_ref()),
            lifecycle_policy: lifecycle_policy.as_ref().map(LifecyclePolicy::text),
            prefix,
            repository_policy: PolicyText::new(scope, policy),
            resource_tags: resource_tags.iter().map(|(key, value)| Tag { key, value }).collect(),
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PullTimeUpdateExclusion<'g> {
    principal_arn: &'g str,
}

impl<'g> PullTimeUpdateExclusion<'g> {
    pub(super) fn new(exclusion: &'g PullTimeUpdateExclusionResource) -> Self {
        let PullTimeUpdateExclusionResource { principal_arn } = exclusion;
        Self { principal_arn: principal_arn.as_str() }
    }
}
