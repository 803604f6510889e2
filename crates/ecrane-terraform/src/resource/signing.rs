//! `awscc_ecr_signing_configuration`: the `aws` provider has no such resource.

use ecrane_core::{Resource, SigningConfigurationResource, SigningRule};
use serde::Serialize;

use super::filter::{Filter, filters};
use super::{Body, Deployed, Pieces, Type};
use crate::expression::Text;
use crate::import::ImportId;
use crate::scope::Scope;

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

impl Deployed for SigningConfigurationResource {
    fn terraform_type(&self) -> Type {
        Type::new("awscc_ecr_signing_configuration").named_by("id")
    }

    fn render<'g>(&'g self, _: &'g Resource, _: &mut Scope<'g>) -> Pieces<'g> {
        let Self { rules } = self;
        let rules = rules.iter().map(rule).collect();
        Pieces::of(Body::Signing(Signing { rules }), ImportId::account())
    }
}

fn rule(SigningRule { signing_profile_arn, filters }: &SigningRule) -> Rule<'_> {
    Rule {
        signing_profile_arn: Text::literal(signing_profile_arn.as_str()),
        repository_filters: self::filters(filters.iter().map(String::as_str), "WILDCARD_MATCH"),
    }
}
