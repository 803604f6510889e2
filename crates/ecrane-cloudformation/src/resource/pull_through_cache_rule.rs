//! `AWS::ECR::PullThroughCacheRule`

use ecrane_core::{Arn, PullThroughCacheRuleResource};
use serde::Serialize;

use super::{Properties, Tags};
use crate::import::Identifier;
use crate::scope::Scope;

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

impl<'g> Properties<'g> for PullThroughCacheRule<'g> {
    type Resource = PullThroughCacheRuleResource;

    const IDENTIFIER: Identifier = Identifier::PhysicalId("EcrRepositoryPrefix");

    fn new(_: Scope<'g>, rule: &'g PullThroughCacheRuleResource, _: Option<Tags<'g>>) -> Self {
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

    fn is_empty(&self) -> bool {
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
