//! AWS regions, and their partitions and URL suffixes.

use std::sync::Arc;

use thiserror::Error;

use crate::compatibility::AwsCdk;
use crate::facts::regions;
use ecrane_document::{Explain, suggest};

/// The code of an AWS region, such as `eu-west-1`.
///
/// Only the form is checked, because AWS adds regions over time: words, of which the last one is a
/// direction such as `west` or `northeast`, and a number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(Arc<str>);

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
        let direction = parts.iter().rev().nth(1).copied().unwrap_or_default();
        if well_formed && DIRECTIONS.contains(&direction) {
            Ok(())
        } else {
            let suggestion = suggest(text, regions::all());
            Err(RegionError::Malformed { text: text.to_owned(), suggestion })
        }
    }

    /// Whether AWS had the region when this version was made.
    pub fn is_known(&self) -> bool {
        regions::is_region(&self.0)
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

    /// The URL suffix of the partition.
    pub fn url_suffix(&self) -> &'static str {
        PARTITIONS
            .iter()
            .find(|(prefix, ..)| self.0.starts_with(prefix))
            .map_or("amazonaws.com", |(.., suffix)| suffix)
    }
}

impl Region {
    /// Whether a CDK version knows the region. It derives literal values only from known regions.
    pub fn is_known_to(&self, aws_cdk: AwsCdk) -> bool {
        let since_1 = CDK_1_REGIONS.contains(&self.as_str());
        match aws_cdk {
            AwsCdk::V1 => since_1,
            AwsCdk::V2 => since_1 || CDK_2_REGIONS.contains(&self.as_str()),
        }
    }
}

/// The regions of `@aws-cdk/region-info` 1.130.0.
#[rustfmt::skip]
const CDK_1_REGIONS: [&str; 27] = [
    "af-south-1", "ap-east-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1",
    "ap-southeast-1", "ap-southeast-2", "ca-central-1", "cn-north-1", "cn-northwest-1",
    "eu-central-1", "eu-north-1", "eu-south-1", "eu-west-1", "eu-west-2", "eu-west-3", "me-south-1",
    "sa-east-1", "us-east-1", "us-east-2", "us-gov-east-1", "us-gov-west-1", "us-iso-east-1",
    "us-isob-east-1", "us-west-1", "us-west-2",
];

/// The additional regions of aws-cdk-lib 2.276.0.
#[rustfmt::skip]
const CDK_2_REGIONS: [&str; 20] = [
    "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
    "ap-southeast-6", "ap-southeast-7", "ca-west-1", "eu-central-2", "eu-isoe-west-1", "eu-south-2",
    "eusc-de-east-1", "il-central-1", "me-central-1", "me-west-1", "mx-central-1", "us-iso-west-1",
    "us-isob-west-1", "us-isof-east-1", "us-isof-south-1",
];

/// The directions in the codes of regions: botocore's `partitions.json`.
const DIRECTIONS: [&str; 9] = [
    "central",
    "east",
    "north",
    "northeast",
    "northwest",
    "south",
    "southeast",
    "southwest",
    "west",
];

const PARTITIONS: [(&str, &str, &str); 7] = [
    ("cn-", "aws-cn", "amazonaws.com.cn"),
    ("us-gov-", "aws-us-gov", "amazonaws.com"),
    ("us-iso-", "aws-iso", "c2s.ic.gov"),
    ("us-isob-", "aws-iso-b", "sc2s.sgov.gov"),
    ("us-isof-", "aws-iso-f", "csp.hci.ic.gov"),
    ("eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"),
    ("eusc-", "aws-eusc", "amazonaws.eu"),
];

/// An error when parsing a [`Region`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RegionError {
    /// The text does not have the format of a region code.
    #[error("invalid AWS region `{text}`")]
    Malformed {
        /// The invalid text.
        text: String,
        /// The likely intended region.
        suggestion: Option<&'static str>,
    },
}

impl Explain for RegionError {
    fn code(&self) -> &'static str {
        "region::malformed"
    }

    fn help(&self) -> Option<String> {
        Some("use a region code, such as eu-west-1 (AWS General Reference, \"AWS service endpoints\")".to_owned())
    }

    fn suggestion(&self) -> Option<&str> {
        match self {
            Self::Malformed { suggestion, .. } => *suggestion,
        }
    }
}
