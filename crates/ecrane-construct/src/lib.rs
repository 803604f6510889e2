//! The constructs of the AWS CDK's ECR library, which build a [`Graph`](ecrane_core::Graph).
//!
//! Names are those of the CDK in snake case, with the same meaning: the graph matches what a CDK
//! program with the same calls deploys. Create an [`App`], add a [`Stack`], and add constructs to
//! it. [`App::build`] returns the graph, or all problems at once.
//!
//! Constructs do not return errors. Problems are collected with their place in the input. When a
//! config is loaded, [`Stack::at`], [`Repository::at`] and [`Rule::at`] set the place of a call.

mod addresses;
mod app;
mod authorization_token;
mod build;
mod claims;
mod event;
mod grant;
mod group;
mod iam_path;
mod identity;
mod key;
mod output;
mod policy;
mod public_repository;
mod registry;
mod repository;
mod role;
mod service_event;
mod stack;
mod state;
mod user;

pub use addresses::{NoConstruct, NoInlinePolicy};
pub use app::{App, OtherApp, Stacks};
pub use authorization_token::{AuthorizationToken, PublicGalleryAuthorizationToken, TokenWarning};
pub use claims::ClaimError;
pub use event::{EventError, OnEventOptions, Rule, RuleTarget};
pub use grant::GrantWarning;
pub use group::{Group, GroupProps};
pub use iam_path::IamPathError;
pub use key::{Key, KeyError, KeyProps};
pub use output::{CfnOutput, CfnOutputProps};
pub use policy::document::PolicyDocumentProps;
pub use policy::error::{PrincipalError, StatementError};
pub use policy::principal::Principal;
pub use policy::statement::PolicyStatement;
pub use public_repository::{PublicRepository, PublicRepositoryProps};
pub use registry::{Registry, RepositoryCreationTemplateProps};
pub use repository::{EncryptionType, Repository, RepositoryError, RepositoryProps};
pub use role::{ManagedPolicyName, Role, RoleError, RoleProps};
pub use service_event::ServiceEvent;
pub use stack::{Stack, StackProps};
pub use user::{User, UserProps};
