//! `AWS::ECR::ReplicationConfiguration`

use ecrane_document::{Explain, Place};
use thiserror::Error;

use super::Deployed;
use crate::bounds::{FILTERS, Findings, Rule};
use crate::names::{AccountId, Environment, Region};

/// Where images are copied to.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplicationConfigurationResource {
    /// The rules, 25 at most.
    pub rules: Vec<ReplicationRule>,
}

/// Which images are copied to which registries.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplicationRule {
    /// Where to, 100 at most.
    pub destinations: Vec<ReplicationDestination>,
    /// Prefixes of repository names; every repository if empty.
    pub prefixes: Vec<String>,
}

/// A registry that images are copied to.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplicationDestination {
    /// Its region.
    pub region: Region,
    /// Its account.
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
    help: "1 to 100 in a rule (AWS::ECR::ReplicationConfiguration, Destinations)",
};

impl Deployed for ReplicationConfigurationResource {
    const ONCE: Option<&'static str> = Some("replication");

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
                    // Only a warning: the CDK writes it.
                    findings.warning(at.index(index), ReplicationError::ToItself);
                }
            }
            findings.count(rule.prefixes.len(), 100, &FILTERS, &place.key("repositoryFilters"));
        }
    }
}

/// What ECR refuses of a replication.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReplicationError {
    /// A registry is among the destinations of its own replication.
    #[error("the registry replicates to itself")]
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
                    "ECR refuses it; name another region or another account (ECR user guide, \"Private image replication\")"
                }
            }
            .to_owned(),
        )
    }
}
