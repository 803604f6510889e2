//! IAM policies: what is granted, to whom, on what.

mod document;

pub use document::{
    Conditions, Effect, Identity, IdentityPolicy, ManagedPolicy, PolicyDocument, PrincipalKind,
    Principals, Statement,
};
