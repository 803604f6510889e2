//! Terraform JSON from an [`ecrane_core::Graph`].
//!
//! Every stack becomes a root module that deploys the same resources as the stack's CloudFormation
//! template. [`render`] performs no I/O: the same graph and options produce the same bytes.
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
//! All text of the graph is escaped (`${` and `%{`), so that Terraform does not interpolate tags or
//! IAM policy variables. Arguments are structs with Terraform's names; the tests run `terraform
//! validate` on the modules.

/// The name of this target in [`Addresses`](ecrane_core::Addresses).
const TARGET: &str = "terraform";

mod backend_kinds;
mod cross_stack;
mod data;
mod departed;
mod document;
mod expression;
mod history;
mod import;
mod json_text;
mod ledger;
mod manifest;
mod module;
mod names;
mod opaque;
mod options;
mod outputs;
mod physical_name;
mod problem;
mod provider;
mod provider_bounds;
mod refactoring;
mod remote_state;
mod render;
mod resource;
mod scope;
mod stack;
mod targets;
mod version;

pub use document::Output;
pub use import::physical_ids;
pub use ledger::{Address, AddressError, Ledger, LedgerError, StateError};
pub use names::resource_name;
pub use options::{Backend, BackendError, Layout, Options, Settings};
pub use problem::{TerraformError, TerraformWarning};
pub use render::{Terraform, render, render_over};
pub use version::{Version, VersionConstraint, VersionConstraintError};
