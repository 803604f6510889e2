//! Quotas and patterns of AWS, with the source of each.
//!
//! Each resource checks itself. This module has the checks that resources share. Checks across
//! resources are in `graph`.

mod actions;
mod condition_keys;
mod elsewhere;
mod event_pattern;
mod event_target;
pub(crate) mod filters;
mod findings;
mod iam;
mod policy;
mod principals;
mod references;
mod tags;

pub(crate) use actions::registry_scope_v1;
pub use actions::{ActionLimitError, ActionWarning};
pub use condition_keys::{ConditionKeyWarning, documented_condition_key, is_list_key};
pub use elsewhere::{ElsewhereError, RegionWarning};
pub(crate) use elsewhere::{
    Shared, arn as arn_of_env, known_region, partition as partition_of_env,
};
pub use event_pattern::EventPatternError;
pub(crate) use event_pattern::{PatternStep, event_pattern};
pub use event_target::EventTargetError;
pub(crate) use event_target::event_target;
pub(crate) use findings::Findings;
pub use findings::{LimitError, Rule};
pub(crate) use iam::name as iam_name;
pub use policy::{PolicyLimitError, PolicyWarning};
pub(crate) use policy::{
    PolicyOf, key_policy, least, pattern_text, resource_policy, statements, text as policy_text,
};
pub use principals::PrincipalLimitError;
pub use references::ReferenceWarning;
pub(crate) use tags::{tag_count, tag_texts, tags};
