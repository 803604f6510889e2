//! Outputs of a stack.

use ecrane_document::Place;

use crate::construct_path::ConstructPath;
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
    /// Where it stands in the input.
    pub place: Place,
}

/// Outputs are equal when they say the same, wherever in the input they are.
impl PartialEq for Output {
    fn eq(&self, other: &Self) -> bool {
        let Self { path, value, description, export_name, place: _ } = self;
        *path == other.path
            && *value == other.value
            && *description == other.description
            && *export_name == other.export_name
    }
}
