//! `aws_ecr_registry_scanning_configuration`.

use ecrane_core::{ScanningConfigurationResource, ScanningRule};
use serde::Serialize;

use super::{Body, Pieces};
use crate::expression::Text;

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

#[derive(Debug, Serialize)]
struct Filter<'g> {
    filter: Text<'g>,
    filter_type: &'static str,
}

pub(super) fn render(node: &ScanningConfigurationResource) -> Pieces<'_> {
    let ScanningConfigurationResource { scan_type, rules } = node;
    let rule = rules.iter().map(rule).collect();
    Pieces::of(Body::Scanning(Scanning { scan_type: scan_type.as_str(), rule }))
}

fn rule(ScanningRule { frequency, filters }: &ScanningRule) -> Rule<'_> {
    Rule {
        scan_frequency: frequency.as_str(),
        repository_filter: filters
            .iter()
            .map(|filter| Filter { filter: Text::literal(filter), filter_type: "WILDCARD" })
            .collect(),
    }
}
