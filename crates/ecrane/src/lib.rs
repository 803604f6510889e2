//! Amazon ECR as code.
//!
//! A program says which repositories there are, how long their images live and who may pull and
//! push, with constructs that have the names and the meaning of the AWS CDK's. What comes out is
//! a [`Graph`], in which every reference leads somewhere and every grant is resolved into
//! statements. A backend renders it: [`cloudformation`] to templates that are equal to those the
//! CDK would synthesize, [`terraform`] to root modules that mean the same.
//!
//! ```
//! use ecrane::{App, Backend, Principal, Repository, RepositoryName, RepositoryProps};
//! use ecrane::{Role, RoleProps, Stack, StackProps, Style};
//!
//! # #[cfg(all(feature = "cloudformation", feature = "terraform"))] {
//! let app = App::default();
//! let stack = Stack::new(&app, "Registry", StackProps::default());
//! let images = Repository::new(
//!     &stack,
//!     "App",
//!     RepositoryProps {
//!         repository_name: Some(RepositoryName::try_from("shop/app")?),
//!         image_scan_on_push: Some(true),
//!         ..RepositoryProps::default()
//!     },
//! );
//! let builder = Role::new(
//!     &stack,
//!     "Builder",
//!     RoleProps::assumed_by(Principal::service("codebuild.amazonaws.com")),
//! );
//! images.grant_pull_push(&builder);
//!
//! // All that is wrong is told here, at once.
//! let graph = app.build()?;
//!
//! // Both backends have one shape, that of the trait `Backend`.
//! let backends: [&dyn Backend; 2] = [
//!     &ecrane::cloudformation::CloudFormation::default(),
//!     &ecrane::terraform::Terraform::default(),
//! ];
//! for backend in backends {
//!     for file in backend.render(&graph)?.files {
//!         assert!(String::from_utf8(file.to_vec(Style::Pretty)?)?.contains("shop/app"));
//!     }
//! }
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The same graph can be written as a file: [`config::Document`] reads YAML, JSON and TOML, and
//! [`config::Config::build`] makes the calls above of it.
//!
//! # Features
//!
//! `cloudformation`, `terraform` and `schema`, all of them on by default, are the modules of
//! those names. The constructs and the config format are always there.

#[cfg(feature = "terraform")]
mod terraform_options;

pub use ecrane_construct::*;
pub use ecrane_core::*;

pub use ecrane_config as config;

#[cfg(feature = "cloudformation")]
pub use ecrane_cloudformation as cloudformation;
#[cfg(feature = "schema")]
pub use ecrane_schema as schema;
#[cfg(feature = "terraform")]
pub use ecrane_terraform as terraform;
#[cfg(feature = "terraform")]
pub use terraform_options::terraform_options;

/// The code of the README compiles and runs.
#[cfg(all(doctest, feature = "cloudformation"))]
#[doc = include_str!("../../../README.md")]
struct Readme;
