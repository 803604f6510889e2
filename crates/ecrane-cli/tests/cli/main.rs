//! The program as its users run it.

#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

mod case;
mod diagnostics;
mod output;
mod robustness;
mod synth;
