//! The domains in which the names of service principals end.
//!
//! Source: botocore 1.44.5, `data/partitions.json`, `dnsSuffix`; the Route 53 developer guide for
//! `aws.internal` (`api-service.dnssec.route53.aws.internal`), the Lambda developer guide for
//! `amazon.com` (`alexa-appkit.amazon.com`). Read on 2026-11-26. `cargo xtask conformance facts`
//! compares the table with the botocore that is installed.

/// The domains.
pub(crate) const SERVICE_DOMAINS: [&str; 9] = [
    "amazonaws.com",
    "amazonaws.com.cn",
    "amazonaws.eu",
    "c2s.ic.gov",
    "sc2s.sgov.gov",
    "cloud.adc-e.uk",
    "csp.hci.ic.gov",
    "amazon.com",
    "aws.internal",
];
