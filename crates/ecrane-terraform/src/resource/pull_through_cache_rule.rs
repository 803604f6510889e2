//! `aws_ecr_pull_through_cache_rule`.

use ecrane_core::{Problem, PullThroughCacheRuleResource, Resource};
use serde::Serialize;

use super::{Body, Deployed, Pieces, Type};
use crate::expression::Text;
use crate::import::ImportId;
use crate::problem::{TerraformError, TerraformWarning};
use crate::scope::Scope;

#[derive(Debug, Serialize)]
pub(crate) struct CacheRule<'g> {
    ecr_repository_prefix: Text<'g>,
    upstream_registry_url: Text<'g>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upstream_repository_prefix: Option<Text<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credential_arn: Option<Text<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_role_arn: Option<Text<'g>>,
}

impl Deployed for PullThroughCacheRuleResource {
    fn terraform_type(&self) -> Type {
        Type::new("aws_ecr_pull_through_cache_rule").named_by("id")
    }

    fn given_name(&self) -> Option<(&'static str, Option<&str>)> {
        Some(("ecr_repository_prefix", self.ecr_repository_prefix.as_deref()))
    }

    fn render<'g>(&'g self, resource: &'g Resource, scope: &mut Scope<'g>) -> Pieces<'g> {
        let Self {
            ecr_repository_prefix,
            upstream_registry,
            upstream_registry_url,
            credential_arn,
            custom_role_arn,
            upstream_repository_prefix,
        } = self;
        let given = ecr_repository_prefix.as_deref();
        if let Some(prefix) = given.filter(|prefix| prefix.contains("--") || prefix.contains("__"))
        {
            let error = TerraformError::ProviderPrefix { prefix: prefix.to_owned() };
            scope.problem(Problem::error(resource.place.key("ecrRepositoryPrefix"), error));
        }
        let (Some(prefix), Some(url)) = (ecr_repository_prefix, upstream_registry_url) else {
            let required = [
                ("ecrRepositoryPrefix", ecr_repository_prefix.is_none()),
                ("upstreamRegistryUrl", upstream_registry_url.is_none()),
            ];
            for (property, _) in required.into_iter().filter(|(_, missing)| *missing) {
                scope.error(TerraformError::ArgumentMissing { property });
            }
            return Pieces::default();
        };
        if upstream_registry.as_ref().is_some_and(|registry| !follows(registry, url)) {
            let property = "upstreamRegistry";
            let place = resource.place.key(property);
            scope.problem(Problem::warning(place, TerraformWarning::NoCounterpart { property }));
        }
        let body = CacheRule {
            ecr_repository_prefix: Text::literal(prefix),
            upstream_registry_url: Text::literal(url),
            upstream_repository_prefix: upstream_repository_prefix.as_deref().map(Text::literal),
            credential_arn: credential_arn.as_ref().map(|arn| Text::literal(arn.as_str())),
            custom_role_arn: custom_role_arn.as_ref().map(|arn| Text::literal(arn.as_str())),
        };
        Pieces::of(Body::PullThroughCacheRule(body), ImportId::own())
    }
}

/// Whether ECR derives the registry's name from the URL: ECR API reference,
/// `CreatePullThroughCacheRule`, `upstreamRegistryUrl`.
fn follows(registry: &str, url: &str) -> bool {
    match registry {
        "ecr" => url.contains(".dkr.ecr."),
        "ecr-public" => url == "public.ecr.aws",
        "quay" => url == "quay.io",
        "k8s" => url == "registry.k8s.io",
        "docker-hub" => url == "registry-1.docker.io",
        "github-container-registry" => url == "ghcr.io",
        "gitlab-container-registry" => url == "registry.gitlab.com",
        "azure-container-registry" => url.ends_with(".azurecr.io"),
        _ => false,
    }
}
