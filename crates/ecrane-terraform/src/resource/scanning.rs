//! `aws_ecr_registry_scanning_configuration`.

use ecrane_core::{Resource, ScanningConfigurationResource, ScanningRule};
use serde::Serialize;

use super::filter::{Filter, filters};
use super::{Body, Deployed, Pieces, Type};
use crate::import::ImportId;
use crate::provider_bounds;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
pub(crate) struct Scanning<'g> {
    scan_type: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rule: Vec<Rule<'g>>,
}

#[derive(Debug, Serialize)]
struct Rule<'g> {
    scan_frequency: &'static str,
    repository_filter: Vec<Filter<'g>>,
}

impl Deployed for ScanningConfigurationResource {
    fn terraform_type(&self) -> Type {
        Type::new("aws_ecr_registry_scanning_configuration").named_by("id")
    }

    fn render<'g>(&'g self, resource: &'g Resource, scope: &mut Scope<'g>) -> Pieces<'g> {
        let Self { scan_type, rules } = self;
        for (index, rule) in rules.iter().enumerate() {
            let place = resource.place.key("rules").index(index).key("repositoryFilters");
            provider_bounds::count("scanning filters", rule.filters.len(), (1, 100), place, scope);
        }
        let rule = rules.iter().map(rule).collect();
        Pieces::of(
            Body::Scanning(Scanning { scan_type: scan_type.as_str(), rule }),
            ImportId::account(),
        )
    }
}

fn rule(ScanningRule { frequency, filters }: &ScanningRule) -> Rule<'_> {
    Rule {
        scan_frequency: frequency.as_str(),
        repository_filter: self::filters(filters.iter().map(String::as_str), "WILDCARD"),
    }
}
