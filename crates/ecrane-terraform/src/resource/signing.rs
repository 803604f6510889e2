//! `awscc_ecr_signing_configuration`: the `aws` provider has no such resource.

use ecrane_core::{SigningConfigurationResource, SigningRule};
use serde::Serialize;

use super::{Body, Pieces};
use crate::expression::Text;

#[derive(Debug, Serialize)]
pub(crate) struct Signing<'g> {
    rules: Vec<Rule<'g>>,
}

#[derive(Debug, Serialize)]
struct Rule<'g> {
    signing_profile_arn: Text<'g>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    repository_filters: Vec<Filter<'g>>,
}

#[derive(Debug, Serialize)]
struct Filter<'g> {
    filter: Text<'g>,
    filter_type: &'static str,
}

pub(super) fn render(node: &SigningConfigurationResource) -> Pieces<'_> {
    let SigningConfigurationResource { rules } = node;
    let rules = rules.iter().map(rule).collect();
    Pieces::of(Body::Signing(Signing { rules }))
}

fn rule(SigningRule { signing_profile_arn, filters }: &SigningRule) -> Rule<'_> {
    Rule {
        signing_profile_arn: Text::literal(signing_profile_arn.as_str()),
        repository_filters: filters
            .iter()
            .map(|filter| Filter { filter: Text::literal(filter), filter_type: "WILDCARD_MATCH" })
            .collect(),
    }
}
