//! `AWS::ECR::RegistryScanningConfiguration`

use ecrane_document::{Explain, Place};
use thiserror::Error;

use super::Deployed;
use crate::bounds::{self, Findings, Rule};
use crate::names::Environment;

/// The scanning configuration of a registry.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanningConfigurationResource {
    /// The scan type.
    pub scan_type: ScanType,
    /// The scanning rules.
    pub rules: Vec<ScanningRule>,
}

/// The scan type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScanType {
    /// Basic scanning by ECR.
    Basic,
    /// Enhanced scanning by Amazon Inspector.
    Enhanced,
}

impl ScanType {
    /// The value in the ECR API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "BASIC",
            Self::Enhanced => "ENHANCED",
        }
    }
}

/// A scanning rule: the scan frequency for matching repositories.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanningRule {
    /// The scan frequency.
    pub frequency: ScanFrequency,
    /// Wildcard filters on repository names.
    pub filters: Vec<String>,
}

/// The scan frequency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScanFrequency {
    /// On push.
    ScanOnPush,
    /// Continuously, when new vulnerabilities are published.
    ContinuousScan,
}

impl ScanFrequency {
    /// The value in the ECR API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ScanOnPush => "SCAN_ON_PUSH",
            Self::ContinuousScan => "CONTINUOUS_SCAN",
        }
    }
}

const SCANNING_RULES: Rule = Rule {
    code: "scanning::rule_count",
    what: "scanning rules",
    help: "use one rule for each scan frequency (AWS::ECR::RegistryScanningConfiguration, Rules)",
};

impl Deployed for ScanningConfigurationResource {
    const ONCE: Option<&'static str> = Some("scanning configuration");

    fn check(&self, place: &Place, _: &Environment, findings: &mut Findings) {
        let at_rules = place.key("rules");
        let place = &at_rules;
        findings.count(self.rules.len(), 2, &SCANNING_RULES, place);
        for (index, rule) in self.rules.iter().enumerate() {
            let place = place.index(index);
            bounds::filters::scanning(&rule.filters, &place.key("repositoryFilters"), findings);
            let earlier = self.rules.iter().take(index);
            if let Some(first) = earlier.clone().position(|it| it.frequency == rule.frequency) {
                let frequency = rule.frequency.as_str();
                let first = at_rules.index(first).key("scanFrequency");
                let error = ScanningError::FrequencyTaken { frequency, first };
                findings.refused_by_aws(place.key("scanFrequency"), error);
            }
            if self.scan_type == ScanType::Basic && rule.frequency == ScanFrequency::ContinuousScan
            {
                findings.error(place.key("scanFrequency"), ScanningError::BasicContinuous);
            }
        }
    }
}

/// A scanning configuration that ECR rejects.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ScanningError {
    /// Basic scanning with continuous scan frequency.
    #[error("scan type `BASIC` does not support continuous scanning")]
    BasicContinuous,
    /// Two rules with one scan frequency: ECR API reference, `PutRegistryScanningConfiguration`.
    #[error("two scanning rules have the scan frequency `{frequency}`")]
    FrequencyTaken {
        /// The scan frequency.
        frequency: &'static str,
        /// The place of the first rule.
        first: Place,
    },
}

impl Explain for ScanningError {
    fn code(&self) -> &'static str {
        match self {
            Self::BasicContinuous => "scanning::basic_continuous",
            Self::FrequencyTaken { .. } => "scanning::frequency_taken",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::BasicContinuous => {
                    "use SCAN_ON_PUSH, or `scanType: ENHANCED` (ECR user guide, \"Scan images for software vulnerabilities\")"
                }
                Self::FrequencyTaken { .. } => {
                    "merge the `repositoryFilters` of both into one rule: ECR takes one rule for each frequency (ECR API reference, PutRegistryScanningConfiguration)"
                }
            }
            .to_owned(),
        )
    }

    fn related(&self) -> Option<(&Place, &'static str)> {
        match self {
            Self::BasicContinuous => None,
            Self::FrequencyTaken { first, .. } => Some((first, "first used here")),
        }
    }
}
