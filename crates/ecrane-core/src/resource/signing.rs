//! `AWS::ECR::SigningConfiguration`

use ecrane_document::Place;

use super::Deployed;
use crate::bounds::{FILTERS, Findings, Rule};
use crate::names::{Arn, Environment};

/// The signing configuration of a registry.
#[derive(Debug, Clone, PartialEq)]
pub struct SigningConfigurationResource {
    /// The rules.
    pub rules: Vec<SigningRule>,
}

/// A signing rule: the signing profile for matching repositories.
#[derive(Debug, Clone, PartialEq)]
pub struct SigningRule {
    /// The ARN of the AWS Signer signing profile.
    pub signing_profile_arn: Arn,
    /// Wildcard filters on repository names. If empty, images in all repositories are signed.
    pub filters: Vec<String>,
}

const SIGNING_RULES: Rule = Rule {
    code: "signing::rule_count",
    what: "signing rules",
    help: "AWS::ECR::SigningConfiguration, Rules",
};

impl Deployed for SigningConfigurationResource {
    const ONCE: Option<&'static str> = Some("signing configuration");

    fn check(&self, place: &Place, _: &Environment, findings: &mut Findings) {
        let place = place.key("rules");
        findings.count(self.rules.len(), 50, &SIGNING_RULES, &place);
        for (index, rule) in self.rules.iter().enumerate() {
            let at = place.index(index).key("repositoryFilters");
            findings.count(rule.filters.len(), 100, &FILTERS, &at);
        }
    }
}
