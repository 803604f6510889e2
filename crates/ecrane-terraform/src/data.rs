//! Data sources for values that are unknown until deployment.

use ecrane_core::{Environment, Pseudo};

use crate::expression::Part;

/// A data source of the `aws` provider, always named `current`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum DataSource {
    CallerIdentity,
    Partition,
    Region,
}

impl DataSource {
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::CallerIdentity => "aws_caller_identity",
            Self::Partition => "aws_partition",
            Self::Region => "aws_region",
        }
    }
}

/// The name of every data source.
pub(crate) const CURRENT: &str = "current";

/// A pseudo parameter: a literal if the stack's environment specifies it, otherwise a data source.
///
/// `region_attribute` is the attribute with the region code: `name`, or `region` since version 6 of
/// the provider, which deprecates `name`.
pub(crate) fn pseudo(
    pseudo: Pseudo,
    env: &Environment,
    region_attribute: &str,
) -> (Part<'static>, Option<DataSource>) {
    let region = env.region.as_ref();
    let known = match pseudo {
        Pseudo::AccountId => env.account.as_ref().map(|account| account.as_str().to_owned()),
        Pseudo::Region => region.map(|region| region.as_str().to_owned()),
        Pseudo::Partition => region.map(|region| region.partition().to_owned()),
        Pseudo::UrlSuffix => region.map(|region| region.url_suffix().to_owned()),
    };
    if let Some(known) = known {
        return (Part::Text(known.into()), None);
    }
    let (source, attribute) = match pseudo {
        Pseudo::AccountId => (DataSource::CallerIdentity, "account_id"),
        Pseudo::Region => (DataSource::Region, region_attribute),
        Pseudo::Partition => (DataSource::Partition, "partition"),
        Pseudo::UrlSuffix => (DataSource::Partition, "dns_suffix"),
    };
    let expression = format!("data.{}.{CURRENT}.{attribute}", source.kind());
    (Part::Expression(expression), Some(source))
}
