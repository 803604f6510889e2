//! What Terraform is given, judged by what it says, by what it refers to, and by Terraform.

#![expect(clippy::disallowed_methods, reason = "only the crate itself is without I/O")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod beyond;
mod cross_stack;
mod layouts;
mod names;
mod pins;
mod provider;
mod provider_bounds;
mod resources;
mod samples;
mod support;
mod targets;
mod terraform;
mod vectors;
