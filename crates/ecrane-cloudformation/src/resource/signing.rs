//! `AWS::ECR::SigningConfiguration`

use ecrane_core::SigningConfigurationResource;
use serde::Serialize;

use super::filter::{Filter, filters};
use super::{Properties, Tags};
use crate::import::Identifier;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SigningConfiguration<'g> {
    rules: Vec<SigningRule<'g>>,
}

impl<'g> Properties<'g> for SigningConfiguration<'g> {
    type Resource = SigningConfigurationResource;

    const IDENTIFIER: Identifier = Identifier::Account("RegistryId");

    fn new(_: Scope<'g>, signing: &'g SigningConfigurationResource, _: Option<Tags<'g>>) -> Self {
        let SigningConfigurationResource { rules } = signing;
        let rules = rules.iter().map(|rule| SigningRule {
            repository_filters: filters(&rule.filters, "WILDCARD_MATCH"),
            signing_profile_arn: rule.signing_profile_arn.as_str(),
        });
        Self { rules: rules.collect() }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct SigningRule<'g> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    repository_filters: Vec<Filter<'g>>,
    signing_profile_arn: &'g str,
}
