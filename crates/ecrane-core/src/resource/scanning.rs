//! `AWS::ECR::RegistryScanningConfiguration`

use ecrane_document::{Explain, Place};
use thiserror::Error;

use super::Deployed;
use crate::bounds::{FILTERS, Findings, Rule};
use crate::names::Environment;

/// How images are scanned.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanningConfigurationResource {
    /// By whom.
    pub scan_type: ScanType,
    /// How often, for which repositories.
    pub rules: Vec<ScanningRule>,
}

/// Who scans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScanType {
    /// ECR.
    Basic,
    /// Amazon Inspector.
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

/// How often the images of some repositories are scanned.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanningRule {
    /// How often.
    pub frequency: ScanFrequency,
    /// Wildcards over repository names.
    pub filters: Vec<String>,
}

/// How often images are scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScanFrequency {
    /// When they are pushed.
    ScanOnPush,
    /// Again whenever a vulnerability becomes known.
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
    help: "one for each frequency (AWS::ECR::RegistryScanningConfiguration, Rules)",
};

impl Deployed for ScanningConfigurationResource {
    const ONCE: Option<&'static str> = Some("scanning");

    fn check(&self, place: &Place, _: &Environment, findings: &mut Findings) {
        let place = place.key("rules");
        findings.count(self.rules.len(), 2, &SCANNING_RULES, &place);
        for (index, rule) in self.rules.iter().enumerate() {
            let place = place.index(index);
            findings.count(rule.filters.len(), 100, &FILTERS, &place.key("repositoryFilters"));
            if self.scan_type == ScanType::Basic && rule.frequency == ScanFrequency::ContinuousScan
            {
                findings.error(place.key("scanFrequency"), ScanningError::BasicContinuous);
            }
        }
    }
}

/// What ECR refuses of a scanning configuration.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ScanningError {
    /// Basic scanning that goes on.
    #[error("`BASIC` scanning is asked to scan continuously")]
    BasicContinuous,
}

impl Explain for ScanningError {
    fn code(&self) -> &'static str {
        match self {
            Self::BasicContinuous => "scanning::basic_continuous",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::BasicContinuous => {
                    "use SCAN_ON_PUSH, or `scanType: ENHANCED` (ECR user guide, \"Scan images for software vulnerabilities\")"
                }
            }
            .to_owned(),
        )
    }
}
