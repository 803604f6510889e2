//! `aws_ecr_replication_configuration`.

use ecrane_core::{
    ReplicationConfigurationResource, ReplicationDestination, ReplicationRule, Resource,
};
use serde::Serialize;

use super::filter::{Filter, filters};
use super::{Body, Deployed, Pieces, Type};
use crate::import::ImportId;
use crate::provider_bounds;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
pub(crate) struct Replication<'g> {
    /// Omitted if there are no rules: Terraform requires at least one rule in the block.
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

impl Deployed for ReplicationConfigurationResource {
    fn terraform_type(&self) -> Type {
        Type::new("aws_ecr_replication_configuration").named_by("id")
    }

    fn render<'g>(&'g self, resource: &'g Resource, scope: &mut Scope<'g>) -> Pieces<'g> {
        let Self { rules } = self;
        let place = resource.place.key("rules");
        provider_bounds::count("replication rules", rules.len(), (0, 10), place.clone(), scope);
        for (index, rule) in rules.iter().enumerate() {
            let (count, place) = (rule.destinations.len(), place.index(index).key("destinations"));
            provider_bounds::count("replication destinations", count, (1, 25), place, scope);
        }
        let rule: Vec<Rule<'g>> = rules.iter().map(rule).collect();
        let replication_configuration = (!rule.is_empty()).then_some([Rules { rule }]);
        Pieces::of(
            Body::Replication(Replication { replication_configuration }),
            ImportId::account(),
        )
    }
}

fn rule(ReplicationRule { destinations, prefixes }: &ReplicationRule) -> Rule<'_> {
    Rule {
        destination: destinations.iter().map(destination).collect(),
        repository_filter: filters(prefixes.iter().map(String::as_str), "PREFIX_MATCH"),
    }
}

fn destination(destination: &ReplicationDestination) -> Destination<'_> {
    let ReplicationDestination { region, registry_id } = destination;
    Destination { region: region.as_str(), registry_id: registry_id.as_str() }
}
