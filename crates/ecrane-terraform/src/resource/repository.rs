//! `aws_ecr_repository`, and the resources for its policies.

use ecrane_core::{
    Attribute, Problem, RepositoryName, RepositoryResource, Resource, TagMutability,
};
use serde::Serialize;

use super::encryption::{EncryptionConfiguration, encryption_configuration};
use super::filter::Filter;
use super::tag_mutability::{excludes, exclusion_filters};
use super::{Body, Deployed, Pieces, Tags, Type, tags};
use crate::expression::Text;
use crate::import::ImportId;
use crate::problem::TerraformWarning;
use crate::scope::Scope;
use crate::version::{Feature, Version};

#[derive(Debug, Serialize)]
pub(crate) struct Repository<'g> {
    name: Text<'g>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_tag_mutability: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    image_tag_mutability_exclusion_filter: Vec<Filter<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_scanning_configuration: Option<[ImageScanning; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encryption_configuration: Option<[EncryptionConfiguration<'g>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    force_delete: Option<bool>,
    #[serde(skip_serializing_if = "Tags::is_empty")]
    tags: Tags<'g>,
}

#[derive(Debug, Serialize)]
struct ImageScanning {
    scan_on_push: bool,
}

#[derive(Debug, Serialize)]
pub(crate) struct LifecyclePolicy<'g> {
    repository: Text<'g>,
    policy: Text<'g>,
}

#[derive(Debug, Serialize)]
pub(crate) struct RepositoryPolicy<'g> {
    repository: Text<'g>,
    policy: Text<'g>,
}

/// The maximum length of a name that ECR accepts.
const LONGEST_NAME: usize = 256;

impl Deployed for RepositoryResource {
    fn terraform_type(&self) -> Type {
        Type::new("aws_ecr_repository").with_arn()
    }

    fn given_name(&self) -> Option<(&'static str, Option<&str>)> {
        Some(("name", self.name.as_ref().map(RepositoryName::as_str)))
    }

    fn feature(&self) -> Option<Feature> {
        excludes(self.tag_mutability.as_ref())
            .then(|| Feature::new("a tag mutability with exclusions", Version::new(6, 8, 0)))
    }

    fn render<'g>(&'g self, resource: &'g Resource, scope: &mut Scope<'g>) -> Pieces<'g> {
        let Self {
            name,
            scan_on_push,
            tag_mutability,
            encryption,
            empty_on_delete,
            lifecycle_policy,
            lifecycle_registry_id,
            policy,
        } = self;
        if lifecycle_registry_id.is_some() {
            let property = "lifecycleRegistryId";
            let place = resource.place.key(property);
            scope.problem(Problem::warning(place, TerraformWarning::NoCounterpart { property }));
        }
        let body = Repository {
            name: scope.name(resource, name.as_ref().map(RepositoryName::as_str), LONGEST_NAME),
            image_tag_mutability: tag_mutability.as_ref().map(TagMutability::as_str),
            image_tag_mutability_exclusion_filter: exclusion_filters(tag_mutability.as_ref()),
            image_scanning_configuration: scan_on_push
                .map(|scan_on_push| [ImageScanning { scan_on_push }]),
            encryption_configuration: encryption
                .as_ref()
                .map(|e| encryption_configuration(e, scope)),
            force_delete: *empty_on_delete,
            tags: tags(&resource.tags),
        };
        let mut pieces = Pieces::of(Body::Repository(body), ImportId::own());
        if lifecycle_policy.is_none() && policy.statements.is_empty() {
            return pieces;
        }
        let repository = scope.own(resource, Attribute::Name);
        if let Some(lifecycle_policy) = lifecycle_policy {
            let policy = Text::literal(lifecycle_policy.text());
            let body = LifecyclePolicy { repository: repository.clone(), policy };
            pieces.beside("LifecyclePolicy", Body::LifecyclePolicy(body), ImportId::own());
        }
        if !policy.statements.is_empty() {
            let body = RepositoryPolicy { repository, policy: scope.policy(policy) };
            pieces.beside("RepositoryPolicy", Body::RepositoryPolicy(body), ImportId::own());
        }
        pieces
    }
}
