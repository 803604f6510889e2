//! Lifecycle policies: texts that somebody has written, and rules of configs and programs.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod rules;
mod texts;
