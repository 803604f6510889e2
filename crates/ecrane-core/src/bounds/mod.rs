//! What AWS refuses, and the source of each rule.
//!
//! A resource checks itself; what resources share is here. What concerns several resources is in
//! `graph`.

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

/// The filters of one rule of a registry.
pub(crate) const FILTERS: Rule = Rule {
    code: "registry::filter_count",
    what: "repository filters",
    help: "split them over several rules (AWS::ECR::ReplicationConfiguration, RegistryScanningConfiguration and SigningConfiguration, RepositoryFilters)",
};
