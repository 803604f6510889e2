//! CloudFormation templates from a graph.
//!
//! A template is equal, as JSON, to what the AWS CDK synthesizes for the same program: logical ids,
//! policy names, the order of statements and intrinsic functions included. Rendering is pure and
//! streams: the documents borrow from the graph.
//!
//! ```
//! use ecrane_construct::{App, Repository, RepositoryProps, Stack, StackProps};
//!
//! let app = App::default();
//! let stack = Stack::new(&app, "Registry", StackProps::default());
//! Repository::new(&stack, "App", RepositoryProps::default());
//! let graph = app.build()?;
//!
//! let templates = ecrane_cloudformation::render(&graph)?;
//! let mut text = Vec::new();
//! for template in templates.iter() {
//!     template.write(&mut text, ecrane_cloudformation::Style::Compact)?;
//! }
//! assert!(String::from_utf8(text)?.contains("AWS::ECR::Repository"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

/// The name of the target: that of the pins and overrides that this backend takes.
const TARGET: &str = "cloudformation";

mod assembly;
mod bootstrap;
mod error;
mod logical_ids;
mod options;
mod policy;
mod policy_text;
mod reference;
mod resource;
mod scope;
mod template;

pub use assembly::{ASSEMBLY_VERSION, Manifest, manifest, template_file};
pub use error::TemplateError;
pub use options::Options;
pub use template::{Style, Template, Templates, render, render_with};
