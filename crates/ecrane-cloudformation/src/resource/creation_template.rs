//! `AWS::ECR::RepositoryCreationTemplate`

use ecrane_core::{
    AppliedFor, Arn, LifecyclePolicy, RepositoryCreationTemplateResource, TagMutability,
};
use serde::Serialize;

use super::encryption::EncryptionConfiguration;
use super::tag_mutability::{ExclusionFilterDocument, exclusion_filters};
use super::{Properties, Tag, Tags};
use crate::import::Identifier;
use crate::policy::{Policy, PolicyText};
use crate::scope::Scope;

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
    lifecycle_policy: Option<&'g str>,
    prefix: &'g str,
    #[serde(skip_serializing_if = "Option::is_none")]
    repository_policy: Option<PolicyText<'g>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    resource_tags: Vec<Tag<'g>>,
}

impl<'g> Properties<'g> for CreationTemplate<'g> {
    type Resource = RepositoryCreationTemplateResource;

    const IDENTIFIER: Identifier = Identifier::PhysicalId("Prefix");

    fn new(
        scope: Scope<'g>,
        template: &'g RepositoryCreationTemplateResource,
        _: Option<Tags<'g>>,
    ) -> Self {
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
            repository_policy: Policy::new(scope, policy).map(Policy::text),
            resource_tags: resource_tags.iter().map(|(key, value)| Tag { key, value }).collect(),
        }
    }
}
