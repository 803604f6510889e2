//! `AWS::ECR::PublicRepository`

use ecrane_core::{CatalogData, PublicRepositoryResource};
use serde::Serialize;

use super::{Properties, Tags};
use crate::import::Identifier;
use crate::policy::Policy;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PublicRepository<'g> {
    #[serde(skip_serializing_if = "Option::is_none")]
    repository_catalog_data: Option<Catalog<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repository_name: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repository_policy_text: Option<Policy<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Tags<'g>>,
}

impl<'g> Properties<'g> for PublicRepository<'g> {
    type Resource = PublicRepositoryResource;

    const IDENTIFIER: Identifier = Identifier::PhysicalId("RepositoryName");

    fn new(
        scope: Scope<'g>,
        repository: &'g PublicRepositoryResource,
        tags: Option<Tags<'g>>,
    ) -> Self {
        let PublicRepositoryResource { name, catalog_data, policy } = repository;
        Self {
            repository_catalog_data: catalog_data.as_ref().map(catalog),
            repository_name: name.as_deref(),
            repository_policy_text: Policy::new(scope, policy),
            tags,
        }
    }

    fn is_empty(&self) -> bool {
        let Self { repository_catalog_data, repository_name, repository_policy_text, tags } = self;
        repository_catalog_data.is_none()
            && repository_name.is_none()
            && repository_policy_text.is_none()
            && tags.is_none()
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Catalog<'g> {
    #[serde(skip_serializing_if = "Option::is_none")]
    about_text: Option<&'g str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    architectures: &'g [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    operating_systems: &'g [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    repository_description: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage_text: Option<&'g str>,
}

fn catalog(data: &CatalogData) -> Catalog<'_> {
    let CatalogData { about_text, architectures, description, operating_systems, usage_text } =
        data;
    Catalog {
        about_text: about_text.as_deref(),
        architectures,
        operating_systems,
        repository_description: description.as_deref(),
        usage_text: usage_text.as_deref(),
    }
}
