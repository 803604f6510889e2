//! Outputs of a stack.

use crate::path::ConstructPath;
use crate::value::Value;

/// An output as it is deployed.
#[derive(Debug, Clone)]
pub struct Output {
    /// Its construct path.
    pub path: ConstructPath,
    /// What it says.
    pub value: Value,
    /// What it is for.
    pub description: Option<String>,
    /// The name it is exported under, for other stacks of the account and region.
    pub export_name: Option<String>,
}
