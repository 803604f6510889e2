//! `AWS::ECR::Repository`

use ecrane_core::{
    AccountId, LifecyclePolicy, RepositoryName, RepositoryResource, Resource, ResourceKind,
    TagMutability,
};
use serde::Serialize;

use super::encryption::EncryptionConfiguration;
use super::tag_mutability::{ExclusionFilterDocument, exclusion_filters};
use super::{Properties, Tags};
use crate::error::TemplateError;
use crate::import::Identifier;
use crate::policy::Policy;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(clippy::struct_field_names, reason = "the names are CloudFormation's")]
pub(crate) struct Repository<'g> {
    #[serde(skip_serializing_if = "Option::is_none")]
    empty_on_delete: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encryption_configuration: Option<EncryptionConfiguration<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_scanning_configuration: Option<ImageScanning>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_tag_mutability: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    image_tag_mutability_exclusion_filters: Vec<ExclusionFilterDocument<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lifecycle_policy: Option<Lifecycle<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repository_name: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repository_policy_text: Option<Policy<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Tags<'g>>,
}

impl<'g> Properties<'g> for Repository<'g> {
    type Resource = RepositoryResource;

    const IDENTIFIER: Identifier = Identifier::PhysicalId("RepositoryName");

    fn new(scope: Scope<'g>, repository: &'g RepositoryResource, tags: Option<Tags<'g>>) -> Self {
        let RepositoryResource {
            name,
            scan_on_push,
            tag_mutability,
            encryption,
            empty_on_delete,
            lifecycle_policy,
            lifecycle_registry_id,
            policy,
        } = repository;
        let lifecycle = Lifecycle {
            lifecycle_policy_text: lifecycle_policy.as_ref().map(LifecyclePolicy::text),
            registry_id: lifecycle_registry_id.as_ref().map(AccountId::as_str),
        };
        Self {
            empty_on_delete: *empty_on_delete,
            encryption_configuration: encryption
                .as_ref()
                .map(|encryption| EncryptionConfiguration::new(scope, encryption)),
            image_scanning_configuration: scan_on_push
                .map(|scan_on_push| ImageScanning { scan_on_push }),
            image_tag_mutability: tag_mutability.as_ref().map(TagMutability::as_str),
            image_tag_mutability_exclusion_filters: exclusion_filters(tag_mutability.as_ref()),
            lifecycle_policy: (lifecycle_policy.is_some() || lifecycle_registry_id.is_some())
                .then_some(lifecycle),
            repository_name: name.as_ref().map(RepositoryName::as_str),
            repository_policy_text: Policy::new(scope, policy),
            tags,
        }
    }

    fn is_empty(&self) -> bool {
        let Self {
            empty_on_delete,
            encryption_configuration,
            image_scanning_configuration,
            image_tag_mutability,
            image_tag_mutability_exclusion_filters,
            lifecycle_policy,
            repository_name,
            repository_policy_text,
            tags,
        } = self;
        empty_on_delete.is_none()
            && encryption_configuration.is_none()
            && image_scanning_configuration.is_none()
            && image_tag_mutability.is_none()
            && image_tag_mutability_exclusion_filters.is_empty()
            && lifecycle_policy.is_none()
            && repository_name.is_none()
            && repository_policy_text.is_none()
            && tags.is_none()
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ImageScanning {
    scan_on_push: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Lifecycle<'g> {
    #[serde(skip_serializing_if = "Option::is_none")]
    lifecycle_policy_text: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registry_id: Option<&'g str>,
}

/// The error of a repository name that ECR takes and the CDK does not: CDK's `Repository`,
/// `validateRepositoryName`.
pub(crate) fn unfit_name(resource: &Resource) -> Option<TemplateError> {
    let ResourceKind::Repository(repository) = &resource.kind else { return None };
    let name = repository.name.as_ref().filter(|name| !name.is_of_the_cdk())?;
    Some(TemplateError::RepositoryName { name: name.to_string() })
}
