//! Terraform JSON from an [`ecrane_core::Graph`].
//!
//! Every stack becomes a root module that leaves the same AWS state as the stack's CloudFormation
//! template would. [`render`] is the one way in: it is pure, so the same graph and options always
//! give the same bytes.
//!
//! ```
//! use ecrane_construct::{App, Repository, RepositoryProps, Stack, StackProps};
//! use ecrane_core::Style;
//! use ecrane_terraform::{Options, render};
//!
//! let app = App::default();
//! let stack = Stack::new(&app, "Registry", StackProps::default());
//! Repository::new(&stack, "App", RepositoryProps::default());
//!
//! let graph = app.build()?;
//! let options = Options::default();
//! let rendered = render(&graph, &options)?;
//! assert_eq!(rendered.files[0].path, "Registry/main.tf.json");
//! let json = rendered.files[0].to_vec(Style::Pretty)?;
//! assert!(String::from_utf8(json)?.contains("aws_ecr_repository"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Text of the graph reaches a module in one way only, which escapes `${` and `%{`, so a tag or an
//! IAM variable stays the text it is. Arguments of resources are structs with Terraform's own
//! names; that these are right is what `terraform validate` says of the modules in the tests.

/// The name of the target: that of the pins and overrides that this backend takes.
const TARGET: &str = "terraform";

mod cross_stack;
mod data;
mod departed;
mod document;
mod expression;
mod history;
mod json_text;
mod ledger;
mod manifest;
mod module;
mod names;
mod options;
mod outputs;
mod physical_name;
mod problem;
mod provider;
mod refactoring;
mod remote_state;
mod render;
mod resource;
mod scope;
mod stack;
mod version;

pub use document::Output;
pub use ledger::{Address, AddressError, Ledger, LedgerError, StateError};
pub use options::{Backend, BackendError, Layout, Options, Settings};
pub use problem::{TerraformError, TerraformWarning};
pub use render::{Terraform, render, render_over};
pub use version::{Version, VersionConstraint, VersionConstraintError};
