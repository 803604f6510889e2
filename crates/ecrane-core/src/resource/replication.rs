//! `AWS::ECR::ReplicationConfiguration`

use ecrane_document::{Explain, Place};
use thiserror::Error;

use super::Deployed;
use crate::bounds::{self, Findings, Rule};
use crate::names::{AccountId, Environment, Region};

/// The replication configuration of a registry.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplicationConfigurationResource {
    /// The rules, up to 25.
    pub rules: Vec<ReplicationRule>,
}

/// A replication rule: which repositories are replicated to which registries.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplicationRule {
    /// The destinations, up to 100.
    pub destinations: Vec<ReplicationDestination>,
    /// Prefixes of repository names. If empty, all repositories are replicated.
    pub prefixes: Vec<String>,
}

/// A destination registry.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplicationDestination {
    /// The region.
    pub region: Region,
    /// The account, the registry id.
    pub registry_id: AccountId,
}

const REPLICATION_RULES: Rule = Rule {
    code: "replication::rule_count",
    what: "replication rules",
    help: "AWS::ECR::ReplicationConfiguration, Rules",
};
const DESTINATIONS: Rule = Rule {
    code: "replication::destination_count",
    what: "destinations",
    help: "use 1 to 100 destinations per rule (AWS::ECR::ReplicationConfiguration, Destinations)",
};

impl Deployed for ReplicationConfigurationResource {
    const ONCE: Option<&'static str> = Some("replication configuration");

    fn check(&self, place: &Place, env: &Environment, findings: &mut Findings) {
        let place = place.key("rules");
        findings.count(self.rules.len(), 25, &REPLICATION_RULES, &place);
        for (index, rule) in self.rules.iter().enumerate() {
            let place = place.index(index);
            let at = place.key("destinations");
            findings.count(rule.destinations.len(), 100, &DESTINATIONS, &at);
            if rule.destinations.is_empty() {
                findings.refused_by_default_rules(at.clone(), ReplicationError::NoDestination);
            }
            for (index, destination) in rule.destinations.iter().enumerate() {
                let is_own = Some(&destination.region) == env.region.as_ref()
                    && Some(&destination.registry_id) == env.account.as_ref();
                let at = at.index(index);
                if is_own {
                    findings.refused_by_aws(at.clone(), ReplicationError::ToItself);
                }
                let what = "replication destination";
                let at = at.key("region");
                bounds::partition_of_env(what, &destination.region, env, &at, findings);
                bounds::known_region(&destination.region, &at, findings);
            }
            let at = place.key("repositoryFilters");
            bounds::filters::prefixes(&rule.prefixes, &at, findings);
        }
    }
}

/// A replication configuration that ECR rejects.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReplicationError {
    /// A rule without destinations: ECR API reference, `ReplicationRule`; CloudFormation schema of
    /// `AWS::ECR::ReplicationConfiguration`, `Destinations`.
    #[error("the replication rule has no destinations")]
    NoDestination,
    /// The source registry is a destination.
    #[error("the replication destination is the registry itself")]
    ToItself,
}

impl Explain for ReplicationError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoDestination => "replication::no_destination",
            Self::ToItself => "replication::to_itself",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::NoDestination => {
                    "add a destination, such as `{ region: us-east-1, registryId: \"111122223333\" }`, or remove the rule (AWS::ECR::ReplicationConfiguration, Destinations)"
                }
                Self::ToItself => {
                    "use a different region or account, otherwise ECR rejects the deployment (ECR user guide, \"Private image replication\")"
                }
            }
            .to_owned(),
        )
    }
}
