//! `AWS::ECR::ReplicationConfiguration`

use ecrane_core::ReplicationConfigurationResource;
use serde::Serialize;

use super::filter::{Filter, filters};
use super::{Properties, Tags};
use crate::import::Identifier;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ReplicationConfiguration<'g> {
    replication_configuration: Replication<'g>,
}

impl<'g> Properties<'g> for ReplicationConfiguration<'g> {
    type Resource = ReplicationConfigurationResource;

    const IDENTIFIER: Identifier = Identifier::Account("RegistryId");

    fn new(
        _: Scope<'g>,
        replication: &'g ReplicationConfigurationResource,
        _: Option<Tags<'g>>,
    ) -> Self {
        let ReplicationConfigurationResource { rules } = replication;
        let rules = rules.iter().map(|rule| ReplicationRule {
            destinations: rule
                .destinations
                .iter()
                .map(|destination| Destination {
                    region: destination.region.as_str(),
                    registry_id: destination.registry_id.as_str(),
                })
                .collect(),
            repository_filters: filters(&rule.prefixes, "PREFIX_MATCH"),
        });
        Self { replication_configuration: Replication { rules: rules.collect() } }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Replication<'g> {
    rules: Vec<ReplicationRule<'g>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ReplicationRule<'g> {
    destinations: Vec<Destination<'g>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    repository_filters: Vec<Filter<'g>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Destination<'g> {
    region: &'g str,
    registry_id: &'g str,
}
