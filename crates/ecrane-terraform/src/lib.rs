//! Terraform JSON from an [`ecrane_core::Graph`].
//!
//! Every stack becomes a root module that leaves the same AWS state as the stack's CloudFormation
//! template would. [`render`] is the one way in: it is pure, so the same graph and options always
//! give the same bytes.
//!
//! Two rules hold the output safe. Text of the graph reaches a module only as [`expression::Text`],
//! which has `${` and `%{` escaped, so a tag or an IAM variable stays the text it is. And what a
//! module says about a resource is a struct with Terraform's own argument names, so a misspelt
//! argument does not compile into silence: `terraform validate` on the tests' modules finds it.

mod data;
mod document;
mod expression;
mod json_text;
mod manifest;
mod module;
mod names;
mod options;
mod outputs;
mod physical_name;
mod policy;
mod problem;
mod provider;
mod remote_state;
mod render;
mod resource;
mod stack;
mod version;

pub use document::{Document, File, Output, Style};
pub use options::{Backend, Layout, Options, Settings};
pub use problem::{TerraformError, TerraformWarning};
pub use render::render;
pub use version::{Version, VersionConstraint, VersionConstraintError};
