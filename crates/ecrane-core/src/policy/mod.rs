//! IAM policies: what is granted, to whom, on what.

mod document;
mod merge;
mod principal;
mod statement;

pub use document::{
    Conditions, Effect, Identity, IdentityPolicy, ManagedPolicy, PolicyDocument, PrincipalKind,
    Principals, Statement,
};
pub(crate) use merge::{document, split};
pub(crate) use principal::{Kind, merge_conditions};
pub use principal::{Principal, PrincipalError};
pub(crate) use statement::{Attached, AttachedResource, unique};
pub use statement::{PolicyStatement, StatementError};
