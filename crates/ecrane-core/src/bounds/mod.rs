//! Quotas and patterns of AWS, with the source of each.
//!
//! Each resource checks itself. This module has the checks that resources share. Checks across
//! resources are in `graph`.

mod findings;
mod iam;
mod policy;
mod tags;

pub(crate) use findings::Findings;
pub use findings::{LimitError, Rule};
pub(crate) use iam::name as iam_name;
pub use policy::{PolicyLimitError, PolicyWarning};
pub(crate) use policy::{resource_policy, statements};
pub(crate) use tags::{tag_count, tag_texts, tags};

/// The number of filters in a registry rule.
pub(crate) const FILTERS: Rule = Rule {
    code: "registry::filter_count",
    what: "repository filters",
    help: "split the filters over several rules (AWS::ECR::ReplicationConfiguration, RegistryScanningConfiguration and SigningConfiguration, RepositoryFilters)",
};
