//! `aws_ecr_repository_creation_template`.

use ecrane_core::{AppliedFor, RepositoryCreationTemplateResource, Resource, TagMutability};
use serde::Serialize;

use super::encryption::{EncryptionConfiguration, encryption_configuration};
use super::filter::Filter;
use super::tag_mutability::{excludes, exclusion_filters};
use super::{Body, Deployed, Pieces, Tags, Type, tags};
use crate::expression::Text;
use crate::import::ImportId;
use crate::provider_bounds;
use crate::scope::Scope;
use crate::version::{Feature, Version};

#[derive(Debug, Serialize)]
pub(crate) struct Template<'g> {
    prefix: Text<'g>,
    applied_for: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Text<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_tag_mutability: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    image_tag_mutability_exclusion_filter: Vec<Filter<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encryption_configuration: Option<[EncryptionConfiguration<'g>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lifecycle_policy: Option<Text<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repository_policy: Option<Text<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_role_arn: Option<Text<'g>>,
    #[serde(skip_serializing_if = "Tags::is_empty")]
    resource_tags: Tags<'g>,
}

impl Deployed for RepositoryCreationTemplateResource {
    fn terraform_type(&self) -> Type {
        Type::new("aws_ecr_repository_creation_template").named_by("id")
    }

    fn given_name(&self) -> Option<(&'static str, Option<&str>)> {
        Some(("prefix", Some(&self.prefix)))
    }

    fn feature(&self) -> Option<Feature> {
        if self.applied_for.contains(&AppliedFor::CreateOnPush) {
            let name = "a creation template for `CREATE_ON_PUSH`";
            return Some(Feature::new(name, Version::new(6, 28, 0)));
        }
        excludes(self.tag_mutability.as_ref()).then(|| {
            let name = "a creation template with tag mutability exclusions";
            Feature::new(name, Version::new(6, 10, 0))
        })
    }

    fn render<'g>(&'g self, resource: &'g Resource, scope: &mut Scope<'g>) -> Pieces<'g> {
        let Self {
            prefix,
            applied_for,
            description,
            tag_mutability,
            encryption,
            lifecycle_policy,
            policy,
            resource_tags,
            custom_role_arn,
        } = self;
        let (length, place) = (prefix.chars().count(), resource.place.key("prefix"));
        provider_bounds::count("characters in the prefix", length, (2, 256), place, scope);
        let (count, place) = (applied_for.len(), resource.place.key("appliedFor"));
        provider_bounds::count("events in `appliedFor`", count, (1, 3), place, scope);
        let body = Template {
            prefix: Text::literal(prefix),
            applied_for: applied_for.iter().copied().map(AppliedFor::as_str).collect(),
            description: description.as_deref().map(Text::literal),
            image_tag_mutability: tag_mutability.as_ref().map(TagMutability::as_str),
            image_tag_mutability_exclusion_filter: exclusion_filters(tag_mutability.as_ref()),
            encryption_configuration: encryption
                .as_ref()
                .map(|e| encryption_configuration(e, scope)),
            lifecycle_policy: lifecycle_policy.as_ref().map(|policy| Text::literal(policy.text())),
            repository_policy: (!policy.statements.is_empty()).then(|| scope.policy(policy)),
            custom_role_arn: custom_role_arn.as_ref().map(|arn| Text::literal(arn.as_str())),
            resource_tags: tags(resource_tags),
        };
        Pieces::of(Body::CreationTemplate(body), ImportId::own())
    }
}
