//! KMS keys, and their aliases.

use crate::policy::PolicyDocument;
use crate::value::Value;

/// A key as it is deployed.
#[derive(Debug, Clone)]
pub struct KeyResource {
    /// What it is for.
    pub description: Option<String>,
    /// Whether its material is replaced every year; unsaid where it is not given.
    pub enable_key_rotation: Option<bool>,
    /// Who may use and administer it.
    pub policy: PolicyDocument,
}

/// An alias of a key as it is deployed.
#[derive(Debug, Clone)]
pub struct AliasResource {
    /// Its name, beginning with `alias/`.
    pub name: String,
    /// The ARN of its key.
    pub target_key: Value,
}
