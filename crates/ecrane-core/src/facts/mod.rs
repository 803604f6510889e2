//! Facts about AWS that change over time: one table a file, with its source and date.
//!
//! `cargo xtask conformance facts` reports a table that differs from what AWS publishes.

pub(crate) mod actions;
pub(crate) mod condition_keys;
pub(crate) mod event_targets;
pub(crate) mod regions;
pub(crate) mod service_domains;
pub(crate) mod upstreams;
