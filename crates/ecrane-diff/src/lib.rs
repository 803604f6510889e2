//! What a deployment changes, before it happens.
//!
//! [`Document::parse`] reads what is deployed: a CloudFormation template in JSON or YAML, a Terraform
//! module, state or plan. [`compare`] compares it with what is to be deployed, by the rules of the
//! engine that deploys it, and returns a [`Change`] for each resource that is added, updated,
//! replaced, removed or orphaned. [`access_changes`] says who gains or loses what, and
//! [`lifecycle_changes`] what lifecycle rules do otherwise. Nothing here performs I/O.
//!
//! ```
//! use ecrane_diff::{Action, Document, compare};
//!
//! let read = |template: &str| match Document::parse(template) {
//!     Ok(Document::Stack(stack)) => stack,
//!     other => unreachable!("{other:?}"),
//! };
//! let before = read("Resources: { App: { Type: AWS::ECR::Repository, DeletionPolicy: Retain } }");
//! let after = read("Resources: {}");
//! let changes = compare("Shop", &before, &after);
//! assert_eq!(changes[0].action, Action::Orphan);
//! ```

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
pub use terraform::instance_address;
pub use text::{TextError, parse_text, parse_texts};
