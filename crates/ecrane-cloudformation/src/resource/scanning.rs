//! `AWS::ECR::RegistryScanningConfiguration`

use ecrane_core::ScanningConfigurationResource;
use serde::Serialize;

use super::filter::{Filter, filters};
use super::{Properties, Tags};
use crate::import::Identifier;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ScanningConfiguration<'g> {
    rules: Vec<ScanningRule<'g>>,
    scan_type: &'static str,
}

impl<'g> Properties<'g> for ScanningConfiguration<'g> {
    type Resource = ScanningConfigurationResource;

    const IDENTIFIER: Identifier = Identifier::Account("RegistryId");

    fn new(_: Scope<'g>, scanning: &'g ScanningConfigurationResource, _: Option<Tags<'g>>) -> Self {
        let ScanningConfigurationResource { scan_type, rules } = scanning;
        let rules = rules.iter().map(|rule| ScanningRule {
            repository_filters: filters(&rule.filters, "WILDCARD"),
            scan_frequency: rule.frequency.as_str(),
        });
        Self { rules: rules.collect(), scan_type: scan_type.as_str() }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ScanningRule<'g> {
    repository_filters: Vec<Filter<'g>>,
    scan_frequency: &'static str,
}
