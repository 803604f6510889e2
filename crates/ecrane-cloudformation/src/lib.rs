//! CloudFormation templates from a graph.
//!
//! A template is equal, as JSON, to the one that the AWS CDK synthesizes for the same program,
//! including logical IDs, policy names, the order of statements and intrinsic functions. Rendering
//! performs no I/O, and documents borrow from the graph.
//!
//! ```
//! use ecrane_cloudformation::{Options, render};
//! use ecrane_construct::{App, Repository, RepositoryProps, Stack, StackProps};
//! use ecrane_core::Style;
//!
//! let app = App::default();
//! let stack = Stack::new(&app, "Registry", StackProps::default());
//! Repository::new(&stack, "App", RepositoryProps::default());
//! let graph = app.build()?;
//!
//! let options = Options::default();
//! for file in render(&graph, &options)?.files {
//!     let text = String::from_utf8(file.to_vec(Style::Compact)?)?;
//!     assert!(text.contains("AWS::ECR::Repository"));
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

/// The name of this target in [`Addresses`](ecrane_core::Addresses).
const TARGET: &str = "cloudformation";

mod assembly;
mod bootstrap;
mod error;
mod import;
mod logical_ids;
mod options;
mod policy;
mod reference;
mod render;
mod resource;
mod scope;
mod stack_set;
mod template;

pub use assembly::ASSEMBLY_VERSION;
pub use error::TemplateError;
pub use import::{StackResourcesError, physical_ids};
pub use options::{Layout, Options};
pub use render::{CloudFormation, render};
pub use stack_set::capability;
