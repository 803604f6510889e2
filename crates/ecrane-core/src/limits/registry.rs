//! Settings of registries, and public repositories.

use std::collections::BTreeMap;

use super::{Findings, RegistryError, Rule};
use crate::diagnostic::Place;
use crate::graph::{Graph, ResourceKind, StackNode};
use crate::public_repository::{CatalogData, PublicRepository};
use crate::registry::{
    PullThroughCacheRule, ReplicationConfiguration, RepositoryCreationTemplate, ScanFrequency,
    ScanType, ScanningConfiguration, SigningConfiguration,
};
use crate::repository::RepositoryResource;

const REPLICATION_RULES: Rule = Rule {
    code: "replication::rule_count",
    what: "replication rules",
    help: "AWS::ECR::ReplicationConfiguration, Rules",
};
const DESTINATIONS: Rule = Rule {
    code: "replication::destination_count",
    what: "destinations",
    help: "1 to 100 in a rule (AWS::ECR::ReplicationConfiguration, Destinations)",
};
const FILTERS: Rule = Rule {
    code: "registry::filter_count",
    what: "repository filters",
    help: "split them over several rules (AWS::ECR::ReplicationConfiguration, RegistryScanningConfiguration and SigningConfiguration, RepositoryFilters)",
};
const SCANNING_RULES: Rule = Rule {
    code: "scanning::rule_count",
    what: "scanning rules",
    help: "one for each frequency (AWS::ECR::RegistryScanningConfiguration, Rules)",
};
const SIGNING_RULES: Rule = Rule {
    code: "signing::rule_count",
    what: "signing rules",
    help: "AWS::ECR::SigningConfiguration, Rules",
};
const CACHE_PREFIX: Rule = Rule {
    code: "pull_through_cache::prefix_malformed",
    what: "prefix",
    help: "use a repository name, which may end in `/`, or ROOT (AWS::ECR::PullThroughCacheRule, EcrRepositoryPrefix and UpstreamRepositoryPrefix)",
};
const CACHE_PREFIX_LENGTH: Rule = Rule {
    code: "pull_through_cache::prefix_length",
    what: "prefix",
    help: "AWS::ECR::PullThroughCacheRule, EcrRepositoryPrefix and UpstreamRepositoryPrefix",
};
const TEMPLATE_PREFIX: Rule = Rule {
    code: "creation_template::prefix_malformed",
    what: "prefix",
    help: "use a repository name, which may end in `/`, or ROOT for every name (AWS::ECR::RepositoryCreationTemplate, Prefix)",
};
const TEMPLATE_PREFIX_LENGTH: Rule = Rule {
    code: "creation_template::prefix_length",
    what: "prefix",
    help: "AWS::ECR::RepositoryCreationTemplate, Prefix",
};
const TEMPLATE_DESCRIPTION: Rule = Rule {
    code: "creation_template::description_length",
    what: "description of the template",
    help: "AWS::ECR::RepositoryCreationTemplate, Description",
};
const CATALOG_TEXT: Rule = Rule {
    code: "public_repository::text_length",
    what: "text for the gallery",
    help: "AWS::ECR::PublicRepository, RepositoryCatalogData",
};
const CATALOG_LIST: Rule = Rule {
    code: "public_repository::list_count",
    what: "architectures or operating systems",
    help: "AWS::ECR::PublicRepository, RepositoryCatalogData",
};

/// A lifecycle policy belongs to the registry that its repository is in.
pub(super) fn lifecycle_owner(
    stack: &StackNode,
    repository: &RepositoryResource,
    place: &Place,
    findings: &mut Findings,
) {
    if let (Some(registry), Some(account)) = (&repository.lifecycle_registry_id, &stack.env.account)
        && registry != account
    {
        let (registry, account) = (registry.to_string(), account.to_string());
        // Only a warning: the CDK writes it.
        let warning = RegistryError::LifecycleElsewhere { registry, account };
        findings.warning(place.key("lifecycleRegistryId"), warning);
    }
}

pub(super) fn replication(
    stack: &StackNode,
    replication: &ReplicationConfiguration,
    place: &Place,
    findings: &mut Findings,
) {
    let place = place.key("rules");
    findings.count(replication.rules.len(), 25, &REPLICATION_RULES, &place);
    for (index, rule) in replication.rules.iter().enumerate() {
        let place = place.index(index);
        let at = place.key("destinations");
        findings.count(rule.destinations.len(), 100, &DESTINATIONS, &at);
        for (index, destination) in rule.destinations.iter().enumerate() {
            let is_own = Some(&destination.region) == stack.env.region.as_ref()
                && Some(&destination.registry_id) == stack.env.account.as_ref();
            if is_own {
                // Only a warning: the CDK writes it.
                findings.warning(at.index(index), RegistryError::ReplicationToItself);
            }
        }
        findings.count(rule.prefixes.len(), 100, &FILTERS, &place.key("repositoryFilters"));
    }
}

pub(super) fn scanning(scanning: &ScanningConfiguration, place: &Place, findings: &mut Findings) {
    let place = place.key("rules");
    findings.count(scanning.rules.len(), 2, &SCANNING_RULES, &place);
    for (index, rule) in scanning.rules.iter().enumerate() {
        let place = place.index(index);
        findings.count(rule.filters.len(), 100, &FILTERS, &place.key("repositoryFilters"));
        if scanning.scan_type == ScanType::Basic && rule.frequency == ScanFrequency::ContinuousScan
        {
            findings.error(place.key("scanFrequency"), RegistryError::BasicContinuous);
        }
    }
}

pub(super) fn signing(signing: &SigningConfiguration, place: &Place, findings: &mut Findings) {
    let place = place.key("rules");
    findings.count(signing.rules.len(), 50, &SIGNING_RULES, &place);
    for (index, rule) in signing.rules.iter().enumerate() {
        let at = place.index(index).key("repositoryFilters");
        findings.count(rule.filters.len(), 100, &FILTERS, &at);
    }
}

pub(super) fn cache_rule(rule: &PullThroughCacheRule, place: &Place, findings: &mut Findings) {
    for (key, prefix) in [
        ("ecrRepositoryPrefix", rule.ecr_repository_prefix.as_deref()),
        ("upstreamRepositoryPrefix", rule.upstream_repository_prefix.as_deref()),
    ] {
        let place = place.key(key);
        findings.form(prefix, is_prefix, &CACHE_PREFIX, &place);
        findings.length(prefix, (2, 30), &CACHE_PREFIX_LENGTH, &place);
    }
    match &rule.credential_arn {
        Some(arn) => {
            let mut fields = arn.as_str().splitn(7, ':').skip(2);
            let service = fields.next();
            let name = fields.nth(3);
            let is_named = name.is_some_and(|name| name.starts_with("ecr-pullthroughcache/"));
            if service != Some("secretsmanager") || !is_named {
                let error = RegistryError::CredentialName { arn: arn.to_string() };
                findings.error(place.key("credentialArn"), error);
            }
        }
        None => {
            if let Some(upstream) = closed_registry(rule) {
                let error = RegistryError::CredentialMissing { upstream: upstream.to_owned() };
                findings.error(place.clone(), error);
            }
        }
    }
}

/// The upstream registry, where it lets nobody in without credentials: ECR user guide, "Sync an
/// upstream registry with an Amazon ECR private registry".
fn closed_registry(rule: &PullThroughCacheRule) -> Option<&str> {
    const NAMES: [&str; 5] = [
        "azure-container-registry",
        "chainguard",
        "docker-hub",
        "github-container-registry",
        "gitlab-container-registry",
    ];
    const HOSTS: [&str; 4] = ["cgr.dev", "ghcr.io", "registry-1.docker.io", "registry.gitlab.com"];
    let name = rule.upstream_registry.as_deref().filter(|name| NAMES.contains(name));
    let host = rule
        .upstream_registry_url
        .as_deref()
        .filter(|host| HOSTS.contains(host) || host.ends_with(".azurecr.io"));
    name.or(host)
}

pub(super) fn creation_template(
    template: &RepositoryCreationTemplate,
    place: &Place,
    findings: &mut Findings,
) {
    let at = place.key("prefix");
    findings.form(Some(&template.prefix), is_prefix, &TEMPLATE_PREFIX, &at);
    findings.length(Some(&template.prefix), (1, 256), &TEMPLATE_PREFIX_LENGTH, &at);
    let description = template.description.as_deref();
    findings.length(description, (0, 256), &TEMPLATE_DESCRIPTION, &place.key("description"));
}

/// The names of a registry that begin alike: `ROOT`, or segments of lowercase letters and digits
/// between slashes, with `.`, `_`, `__` or any number of `-` allowed between two of them.
fn is_prefix(text: &str) -> bool {
    text == "ROOT" || text.strip_suffix('/').unwrap_or(text).split('/').all(is_segment)
}

fn is_segment(text: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.starts_with(is_letter)
        && text.ends_with(is_letter)
        && text
            .split(is_letter)
            .all(|between| matches!(between, "" | "." | "_" | "__") || is_dashes(between))
}

fn is_dashes(text: &str) -> bool {
    text.chars().all(|c| c == '-')
}

pub(super) fn public_repository(
    stack: &StackNode,
    repository: &PublicRepository,
    place: &Place,
    findings: &mut Findings,
) {
    // What other partitions have is not published in one place; there nothing is refused.
    if let Some(region) = &stack.env.region
        && matches!(region.partition(), "aws" | "aws-cn" | "aws-us-gov")
        && region.as_str() != "us-east-1"
    {
        let error = RegistryError::PublicElsewhere { region: region.to_string() };
        findings.error(place.clone().on_key(), error);
    }
    let Some(data) = &repository.catalog_data else { return };
    let CatalogData { about_text, architectures, description, operating_systems, usage_text } =
        data;
    let place = place.key("catalogData");
    for (key, text, most) in [
        ("aboutText", about_text, 10_240),
        ("description", description, 1_024),
        ("usageText", usage_text, 10_240),
    ] {
        findings.length(text.as_deref(), (0, most), &CATALOG_TEXT, &place.key(key));
    }
    for (key, list) in [("architectures", architectures), ("operatingSystems", operating_systems)] {
        findings.count(list.len(), 50, &CATALOG_LIST, &place.key(key));
    }
}

/// What a registry has once is set by one stack.
///
/// Stacks that do not say where they go may go to different places; where they say the same, they
/// do not.
pub(super) fn check_owners(graph: &Graph, findings: &mut Findings) {
    let mut owners = BTreeMap::new();
    for stack in &graph.stacks {
        for resource in &stack.resources {
            let Some(what) = single(&resource.kind) else { continue };
            let (account, region) = (&stack.env.account, &stack.env.region);
            let first = *owners.entry((what, account, region)).or_insert(&stack.id);
            if *first == stack.id {
                continue;
            }
            let (first, second) = (first.clone(), stack.id.clone());
            let place = resource.place.clone().on_key();
            if account.is_some() && region.is_some() {
                findings.error(place, RegistryError::TwoOwners { what, first, second });
            } else {
                findings.warning(place, RegistryError::MaybeTwoOwners { what, first, second });
            }
        }
    }
}

/// What a registry has once.
fn single(kind: &ResourceKind) -> Option<&'static str> {
    match kind {
        ResourceKind::RegistryPolicy(_) => Some("policy"),
        ResourceKind::ReplicationConfiguration(_) => Some("replication"),
        ResourceKind::ScanningConfiguration(_) => Some("scanning"),
        ResourceKind::SigningConfiguration(_) => Some("signing"),
        ResourceKind::AccountSettings(_) => Some("account settings"),
        ResourceKind::Repository(_)
        | ResourceKind::Role(_)
        | ResourceKind::User(_)
        | ResourceKind::Group(_)
        | ResourceKind::IdentityPolicy(_)
        | ResourceKind::ManagedPolicy(_)
        | ResourceKind::Key(_)
        | ResourceKind::Alias(_)
        | ResourceKind::EventRule(_)
        | ResourceKind::PullThroughCacheRule(_)
        | ResourceKind::RepositoryCreationTemplate(_)
        | ResourceKind::PullTimeUpdateExclusion(_)
        | ResourceKind::PublicRepository(_) => None,
    }
}
