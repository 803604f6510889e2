//! Amazon ECR as code.
//!
//! A program declares repositories, lifecycle rules and grants with constructs that have the names
//! and the meaning of the AWS CDK's. [`App::build`] turns them into a [`Graph`], in which every
//! reference is resolved and every grant is a list of policy statements. A backend renders the
//! graph: [`cloudformation`] as templates that are equal to those of the CDK, [`terraform`] as root
//! modules that deploy the same resources.
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
//! // Fails with all problems at once.
//! let graph = app.build()?;
//!
//! // Both backends implement the trait `Backend`.
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
//! A config file describes the same graph: [`config::Document`] reads YAML, JSON and TOML, and
//! [`config::Config::build`] makes these calls for it.
//!
//! [`lifecycle::preview`] computes which images a lifecycle policy would expire or archive, and why,
//! from a listing of a repository's images.
//!
//! [`access`] reports who can do what with the repositories, and why, by IAM's evaluation of the
//! graph's policies.
//!
//! [`diff::compare`] reports which resources of a deployed template or Terraform state a new output
//! adds, updates, replaces, removes or orphans.
//!
//! # Features
//!
//! `cloudformation`, `terraform` and `schema` enable the modules of those names; all are on by
//! default. The constructs and the config format are always available.

#[cfg(feature = "terraform")]
mod terraform_options;

pub use ecrane_construct::*;
pub use ecrane_core::*;

pub use ecrane_access as access;
pub use ecrane_config as config;
pub use ecrane_diff as diff;
pub use ecrane_lifecycle as lifecycle;

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

/// The examples of the codes that only a program can cause do what their explanations say.
#[cfg(doctest)]
mod explained {
    macro_rules! explanations {
        ($($name:ident $path:literal),+ $(,)?) => {
            $(#[doc = include_str!(concat!("../../../templates/explain/", $path, ".md"))]
            struct $name;)+
        };
    }

    explanations! {
        Invalid "config/invalid",
        NoResource "construct/no_resource",
        OtherApp "construct/other_app",
        NoFolder "include/no_folder",
        ImportedKey "key/imported",
        ImportedRepository "repository/imported",
        StackIdTaken "stack/id_taken",
        NoSuchResource "graph/no_resource",
        NoAttribute "terraform/no_attribute",
    }
}
