//! AWS regions and what follows from them.

use thiserror::Error;

use crate::diagnostic::Explain;

/// The code of an AWS region, such as `eu-west-1`.
///
/// Only the shape is checked: regions are added faster than tools are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(String);

super::text!(Region, RegionError);

impl Region {
    fn check(text: &str) -> Result<(), RegionError> {
        let parts: Vec<&str> = text.split('-').collect();
        let well_formed = parts.len() >= 3
            && parts.iter().enumerate().all(|(index, part)| {
                let last = index + 1 == parts.len();
                !part.is_empty()
                    && part
                        .bytes()
                        .all(|b| if last { b.is_ascii_digit() } else { b.is_ascii_lowercase() })
            });
        if well_formed { Ok(()) } else { Err(RegionError::Malformed { text: text.to_owned() }) }
    }

    /// The partition the region belongs to.
    ///
    /// The prefixes are those of the AWS CDK's region facts and of botocore's `partitions.json`.
    pub fn partition(&self) -> &'static str {
        PARTITIONS
            .iter()
            .find(|(prefix, ..)| self.0.starts_with(prefix))
            .map_or("aws", |(_, partition, _)| partition)
    }

    /// The suffix of the partition's host names.
    pub fn url_suffix(&self) -> &'static str {
        PARTITIONS
            .iter()
            .find(|(prefix, ..)| self.0.starts_with(prefix))
            .map_or("amazonaws.com", |(.., suffix)| suffix)
    }
}

const PARTITIONS: [(&str, &str, &str); 7] = [
    ("cn-", "aws-cn", "amazonaws.com.cn"),
    ("us-gov-", "aws-us-gov", "amazonaws.com"),
    ("us-iso-", "aws-iso", "c2s.ic.gov"),
    ("us-isob-", "aws-iso-b", "sc2s.sgov.gov"),
    ("us-isof-", "aws-iso-f", "csp.hci.ic.gov"),
    ("eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"),
    ("eusc-", "aws-eusc", "amazonaws.eu"),
];

/// Why a text is not a [`Region`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RegionError {
    /// It does not read like a region.
    #[error("`{text}` is not a region")]
    Malformed {
        /// The text as given.
        text: String,
    },
}

impl Explain for RegionError {
    fn code(&self) -> &'static str {
        "region::malformed"
    }

    fn help(&self) -> Option<String> {
        Some("use a region's code, such as eu-west-1".to_owned())
    }
}
