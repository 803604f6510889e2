//! `AWS::ECR::ReplicationConfiguration`

use ecrane_document::{Explain, Place};
use thiserror::Error;

use super::Deployed;
use crate::bounds::{FILTERS, Findings, Rule};
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
            for (index, destination) in rule.destinations.iter().enumerate() {
                let is_own = Some(&destination.region) == env.region.as_ref()
                    && Some(&destination.registry_id) == env.account.as_ref();
                if is_own {
                    // Only a warning, because the CDK accepts it.
                    findings.warning(at.index(index), ReplicationError::ToItself);
                }
            }
            findings.count(rule.prefixes.len(), 100, &FILTERS, &place.key("repositoryFilters"));
        }
    }
}

/// A replication configuration that ECR rejects.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReplicationError {
    /// The source registry is a destination.
    #[error("the replication destination is the registry itself")]
    ToItself,
}

impl Explain for ReplicationError {
    fn code(&self) -> &'static str {
        match self {
            Self::ToItself => "replication::to_itself",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::ToItself => {
                    "use a different region or account, otherwise ECR rejects the deployment (ECR user guide, \"Private image replication\")"
                }
            }
            .to_owned(),
        )
    }
}
