//! What holds for every config, asked of both backends at once.
//!
//! Configs are made up by `ecrane-generate`. Everything is computed from the documents that the
//! backends write, never from the graph: what the graph has right and a backend loses is what these
//! tests are for.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "tests; whatever else JSON may be is a fault"
)]

// What the properties are said with.
mod cases;
mod counterparts;
mod deployment;
mod json;
mod meaning;
mod policy;
mod rendered;
mod string_template;
mod world;

// The properties.
mod determinism;
mod formats;
mod insertion;
mod references;
mod same_meaning;
mod shuffled;
mod texts;
