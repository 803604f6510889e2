//! Who can do what with the repositories of a graph, and why.
//!
//! [`Permissions`] collects the policies of a [`Graph`](ecrane_core::Graph): those of roles, users
//! and groups that it declares or grants to, the repository policies and the registry policies. It
//! answers a [`Query`] by IAM's evaluation logic: an explicit deny overrides any allow; within one
//! account, the policy of one side suffices; across accounts, both sides must allow the request.
//!
//! [`Policies`] are those of something else than a graph, such as a deployed template.
//!
//! It performs no I/O and does not call AWS.

mod access;
mod caller;
mod capability;
mod condition;
mod context;
mod decision;
mod half;
mod identity;
mod lint;
mod managed;
mod matrix;
mod names;
mod permissions;
mod policies;
mod principals;
mod query;
mod reach;
mod resolve;
mod statement;
mod truth;
mod variables;

pub use access::Access;
pub use capability::{Capability, Service};
pub use condition::is_condition_operator;
pub use context::Context;
pub use decision::{Decision, Reason, Verdict};
pub use half::HalfWarning;
pub use lint::{AccessWarning, lint};
pub use matrix::{Actions, Cell, Column, Matrix, NOT_SEEN, Row};
pub use names::RepositoryNames;
pub use permissions::Permissions;
pub use policies::{
    AttachedPolicy, DeclaredIdentity, DeclaredRegistry, DeclaredRepository, Policies,
};
pub use query::{Query, QueryError};
pub use resolve::repository_arns;
