//! `aws_ecr_pull_time_update_exclusion`.

use ecrane_core::{PullTimeUpdateExclusionResource, Resource};
use serde::Serialize;

use super::{Body, Deployed, Pieces, Type};
use crate::expression::Text;
use crate::import::ImportId;
use crate::scope::Scope;
use crate::version::{Feature, Version};

#[derive(Debug, Serialize)]
pub(crate) struct Exclusion<'g> {
    principal_arn: Text<'g>,
}

impl Deployed for PullTimeUpdateExclusionResource {
    fn terraform_type(&self) -> Type {
        Type::new("aws_ecr_pull_time_update_exclusion").named_by("id")
    }

    fn given_name(&self) -> Option<(&'static str, Option<&str>)> {
        Some(("principal_arn", Some(self.principal_arn.as_str())))
    }

    fn feature(&self) -> Option<Feature> {
        Some(Feature::new("a pull-time update exclusion", Version::new(6, 28, 0)))
    }

    fn render<'g>(&'g self, _: &'g Resource, _: &mut Scope<'g>) -> Pieces<'g> {
        let Self { principal_arn } = self;
        let principal_arn = Text::literal(principal_arn.as_str());
        Pieces::of(Body::PullTimeUpdateExclusion(Exclusion { principal_arn }), ImportId::own())
    }
}
