//! What a deployment changes, before it happens.
//!
//! [`Document::parse`] reads what is deployed: a CloudFormation template, a Terraform module, state
//! or plan. [`compare`] compares it with what is to be deployed, by the rules of the engine that
//! deploys it, and returns a [`Change`] for each resource that is added, updated, replaced, removed
//! or orphaned. Nothing here performs I/O.

mod access;
mod change;
mod cloudformation;
mod compare;
mod error;
mod json;
#[cfg(test)]
mod known_properties;
mod lifecycle;
mod read;
mod repository;
mod stack;
mod terraform;
mod text;

pub use access::{
    AccessChange, AccessChanges, AccessUnknown, StackEnvironment, StackPair, access_changes,
};
pub use change::{Action, Change};
pub use compare::compare;
pub use error::ReadError;
pub use lifecycle::{LifecycleChange, lifecycle_changes};
pub use read::{Document, is_stack};
pub use stack::{Engine, Origin, Stack};
pub use text::parse_text;
