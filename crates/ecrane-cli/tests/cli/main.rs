//! The program as its users run it.

#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]
#![expect(
    clippy::format_collect,
    clippy::format_push_string,
    reason = "the configs of the tests are short, and read best as they are written"
)]

mod access;
mod adopt;
mod aws;
mod book;
mod callers;
mod case;
mod check;
mod diagnostics;
mod diff;
mod examples;
mod explain;
mod graph;
mod help;
mod init;
mod ledger;
mod lifecycle_policy;
#[cfg(feature = "aws")]
mod live;
mod output;
mod packaging;
mod preview;
mod readme;
mod reference;
mod report;
mod robustness;
mod shards;
mod synth;
mod take_over;
mod targets;
