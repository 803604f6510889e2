//! Bounds in the schema of the AWS provider that are narrower than AWS's.
//!
//! Source: `terraform validate` with hashicorp/aws 5.100.0 on 2026-11-26.

use ecrane_core::{Place, Problem, Resource, ResourceKind};

use crate::problem::TerraformError;

/// Reports what the provider refuses of a resource.
pub(crate) fn check(resource: &Resource, problems: &mut Vec<Problem>) {
    let place = &resource.place;
    let mut check = |what, count, (least, most), place: Place| {
        if !(least..=most).contains(&count) {
            let error = TerraformError::ProviderBound { what, count, least, most };
            problems.push(Problem::error(place, error));
        }
    };
    match &resource.kind {
        ResourceKind::ReplicationConfiguration(node) => {
            let place = place.key("rules");
            check("replication rules", node.rules.len(), (0, 10), place.clone());
            for (index, rule) in node.rules.iter().enumerate() {
                let place = place.index(index).key("destinations");
                check("replication destinations", rule.destinations.len(), (1, 25), place);
            }
        }
        ResourceKind::ScanningConfiguration(node) => {
            for (index, rule) in node.rules.iter().enumerate() {
                let place = place.key("rules").index(index).key("repositoryFilters");
                check("scanning filters", rule.filters.len(), (1, 100), place);
            }
        }
        ResourceKind::RepositoryCreationTemplate(node) => {
            let length = node.prefix.chars().count();
            check("characters in the prefix", length, (2, 256), place.key("prefix"));
            let count = node.applied_for.len();
            check("events in `appliedFor`", count, (1, 3), place.key("appliedFor"));
        }
        ResourceKind::PullThroughCacheRule(node) => {
            let prefix = node.ecr_repository_prefix.as_deref();
            if let Some(prefix) =
                prefix.filter(|prefix| prefix.contains("--") || prefix.contains("__"))
            {
                let error = TerraformError::ProviderPrefix { prefix: prefix.to_owned() };
                problems.push(Problem::error(place.key("ecrRepositoryPrefix"), error));
            }
        }
        ResourceKind::Repository(_)
        | ResourceKind::Role(_)
        | ResourceKind::User(_)
        | ResourceKind::Group(_)
        | ResourceKind::IdentityPolicy(_)
        | ResourceKind::ManagedPolicy(_)
        | ResourceKind::Key(_)
        | ResourceKind::Alias(_)
        | ResourceKind::EventRule(_)
        | ResourceKind::RegistryPolicy(_)
        | ResourceKind::SigningConfiguration(_)
        | ResourceKind::AccountSettings(_)
        | ResourceKind::PullTimeUpdateExclusion(_)
        | ResourceKind::PublicRepository(_) => {}
    }
}
