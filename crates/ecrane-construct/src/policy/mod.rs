//! IAM policies: statements and principals.

pub(crate) mod attached;
pub(crate) mod document;
pub(crate) mod error;
pub(crate) mod merge;
pub(crate) mod principal;
pub(crate) mod statement;
