//! IAM policies: what is granted, to whom, on what.

pub(crate) mod attached;
pub(crate) mod error;
pub(crate) mod merge;
pub(crate) mod principal;
pub(crate) mod statement;
