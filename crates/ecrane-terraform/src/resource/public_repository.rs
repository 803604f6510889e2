//! `aws_ecrpublic_repository`, and the resource for its policy.

use ecrane_core::{Attribute, PublicRepositoryResource, Resource};
use serde::Serialize;

use super::{Body, Deployed, Pieces, Tags, Type, tags};
use crate::expression::Text;
use crate::import::ImportId;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
#[expect(clippy::struct_field_names, reason = "Terraform's own argument names")]
pub(crate) struct Repository<'g> {
    repository_name: Text<'g>,
    #[serde(skip_serializing_if = "Option::is_none")]
    catalog_data: Option<[CatalogData<'g>; 1]>,
    #[serde(skip_serializing_if = "Tags::is_empty")]
    tags: Tags<'g>,
}

#[derive(Debug, Serialize)]
struct CatalogData<'g> {
    #[serde(skip_serializing_if = "Option::is_none")]
    about_text: Option<Text<'g>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    architectures: Vec<Text<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Text<'g>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    operating_systems: Vec<Text<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage_text: Option<Text<'g>>,
}

#[derive(Debug, Serialize)]
pub(crate) struct RepositoryPolicy<'g> {
    repository_name: Text<'g>,
    policy: Text<'g>,
}

/// The maximum length of a name that ECR Public accepts.
const LONGEST_NAME: usize = 205;

impl Deployed for PublicRepositoryResource {
    fn terraform_type(&self) -> Type {
        Type::new("aws_ecrpublic_repository").named_by("repository_name").with_arn()
    }

    fn given_name(&self) -> Option<(&'static str, Option<&str>)> {
        Some(("repository_name", self.name.as_deref()))
    }

    fn render<'g>(&'g self, resource: &'g Resource, scope: &mut Scope<'g>) -> Pieces<'g> {
        let Self { name, catalog_data, policy } = self;
        let body = Repository {
            repository_name: scope.name(resource, name.as_deref(), LONGEST_NAME),
            catalog_data: catalog_data.as_ref().map(|data| [self::catalog_data(data)]),
            tags: tags(&resource.tags),
        };
        let mut pieces = Pieces::of(Body::PublicRepository(body), ImportId::own());
        if !policy.statements.is_empty() {
            let repository_name = scope.own(resource, Attribute::Name);
            let policy = scope.policy(policy);
            let body = Body::PublicRepositoryPolicy(RepositoryPolicy { repository_name, policy });
            pieces.beside("RepositoryPolicy", body, ImportId::own());
        }
        pieces
    }
}

fn catalog_data(data: &ecrane_core::CatalogData) -> CatalogData<'_> {
    let ecrane_core::CatalogData {
        about_text,
        architectures,
        description,
        operating_systems,
        usage_text,
    } = data;
    CatalogData {
        about_text: about_text.as_deref().map(Text::literal),
        architectures: architectures.iter().map(|text| Text::literal(text)).collect(),
        description: description.as_deref().map(Text::literal),
        operating_systems: operating_systems.iter().map(|text| Text::literal(text)).collect(),
        usage_text: usage_text.as_deref().map(Text::literal),
    }
}
