//! `aws_ecr_replication_configuration`.

use ecrane_core::{ReplicationConfigurationResource, ReplicationDestination, ReplicationRule};
use serde::Serialize;

use super::{Body, Pieces};
use crate::expression::Text;

#[derive(Debug, Serialize)]
pub(crate) struct Replication<'g> {
    /// Nothing where there are no rules: Terraform takes a block with one rule at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    replication_configuration: Option<[Rules<'g>; 1]>,
}

#[derive(Debug, Serialize)]
struct Rules<'g> {
    rule: Vec<Rule<'g>>,
}

#[derive(Debug, Serialize)]
struct Rule<'g> {
    destination: Vec<Destination<'g>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    repository_filter: Vec<Filter<'g>>,
}

#[derive(Debug, Serialize)]
struct Destination<'g> {
    region: &'g str,
    registry_id: &'g str,
}

#[derive(Debug, Serialize)]
struct Filter<'g> {
    filter: Text<'g>,
    filter_type: &'static str,
}

pub(super) fn render<'g>(node: &'g ReplicationConfigurationResource) -> Pieces<'g> {
    let ReplicationConfigurationResource { rules } = node;
    let rule: Vec<Rule<'g>> = rules.iter().map(rule).collect();
    let replication_configuration = (!rule.is_empty()).then_some([Rules { rule }]);
    Pieces::of(Body::Replication(Replication { replication_configuration }))
}

fn rule(ReplicationRule { destinations, prefixes }: &ReplicationRule) -> Rule<'_> {
    Rule {
        destination: destinations.iter().map(destination).collect(),
        repository_filter: prefixes
            .iter()
            .map(|prefix| Filter { filter: Text::literal(prefix), filter_type: "PREFIX_MATCH" })
            .collect(),
    }
}

fn destination(destination: &ReplicationDestination) -> Destination<'_> {
    let ReplicationDestination { region, registry_id } = destination;
    Destination { region: region.as_str(), registry_id: registry_id.as_str() }
}
