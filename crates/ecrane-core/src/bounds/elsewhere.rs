//! ARNs and regions that must match the environment of the stack.

use ecrane_document::{Explain, Place, suggest};
use thiserror::Error;

use super::Findings;
use crate::facts::regions;
use crate::names::{Arn, Environment, Region};

/// The parts of an ARN that must match its stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shared {
    /// The partition.
    Partition,
    /// The partition and the region.
    Region,
    /// The partition and the account, of a global service.
    Account,
    /// The partition, the region and the account.
    RegionAndAccount,
}

/// Reports an ARN of another partition, region or account than the stack. Unknown parts pass.
pub(crate) fn arn(
    what: &'static str,
    arn: &Arn,
    shared: Shared,
    env: &Environment,
    place: &Place,
    findings: &mut Findings,
) {
    if findings.reference(arn.as_str(), place) {
        return;
    }
    let of_region = matches!(shared, Shared::Region | Shared::RegionAndAccount);
    let of_account = matches!(shared, Shared::Account | Shared::RegionAndAccount);
    let part = |of: &'static str, found: &str, own: &str| {
        (!found.is_empty() && found != own).then(|| ElsewhereError {
            what,
            of,
            found: found.to_owned(),
            own: own.to_owned(),
        })
    };
    let region = env.region.as_ref();
    let account = env.account.as_ref();
    let partition = region.and_then(|own| part("partition", arn.partition(), own.partition()));
    let region = region
        .filter(|_| of_region && partition.is_none())
        .and_then(|own| part("region", arn.region(), own.as_str()));
    let account =
        account.filter(|_| of_account).and_then(|own| part("account", arn.account(), own.as_str()));
    for error in [partition, region, account].into_iter().flatten() {
        findings.refused_by_aws(place.clone(), error);
    }
}

/// Reports a region of another partition than the stack.
pub(crate) fn partition(
    what: &'static str,
    region: &Region,
    env: &Environment,
    place: &Place,
    findings: &mut Findings,
) {
    if let Some(own) = &env.region
        && own.partition() != region.partition()
    {
        let (found, own) = (region.partition().to_owned(), own.partition().to_owned());
        let error = ElsewhereError { what, of: "partition", found, own };
        findings.refused_by_aws(place.clone(), error);
    }
}

/// Warns about a region that is not in the table of AWS regions.
pub(crate) fn known_region(region: &Region, place: &Place, findings: &mut Findings) {
    if !region.is_known() {
        let suggestion = suggest(region.as_str(), regions::all());
        let warning = RegionWarning::Unknown { region: region.to_string(), suggestion };
        findings.warning(place.clone(), warning);
    }
}

/// A warning about a region.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RegionWarning {
    /// The region is not in the table of AWS regions.
    #[error("unknown AWS region `{region}`")]
    Unknown {
        /// The region.
        region: String,
        /// The likely intended region.
        suggestion: Option<&'static str>,
    },
}

impl Explain for RegionWarning {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "region::unknown",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::Unknown { .. } => {
                    "use a region of AWS, such as `eu-west-1`; a region that AWS has added since works, too (AWS General Reference, \"AWS service endpoints\")"
                }
            }
            .to_owned(),
        )
    }

    fn suggestion(&self) -> Option<&str> {
        match self {
            Self::Unknown { suggestion, .. } => *suggestion,
        }
    }
}

/// A value belongs to another partition, region or account than its stack. The documentation of
/// the property says that the service accepts only its own.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the {what} is in {of} `{found}`, but the stack is in `{own}`")]
pub struct ElsewhereError {
    /// The name of the value.
    pub what: &'static str,
    /// `partition`, `region` or `account`.
    pub of: &'static str,
    /// Its partition, region or account.
    pub found: String,
    /// The partition, region or account of the stack.
    pub own: String,
}

impl Explain for ElsewhereError {
    fn code(&self) -> &'static str {
        match self.of {
            "partition" => "env::other_partition",
            "region" => "env::other_region",
            _ => "env::other_account",
        }
    }

    fn help(&self) -> Option<String> {
        let Self { what, of, own, .. } = self;
        Some(format!(
            "use one in {of} `{own}`, or correct the `env` of the stack: the {what} must be in the same {of} (ECR API reference)"
        ))
    }
}
