//! Outputs of a stack.

use ecrane_document::Place;

use crate::construct_path::ConstructPath;
use crate::value::Value;

/// A deployed output.
#[derive(Debug, Clone)]
pub struct Output {
    /// The construct path.
    pub path: ConstructPath,
    /// The value.
    pub value: Value,
    /// The description.
    pub description: Option<String>,
    /// The export name, for stacks in the same account and region.
    pub export_name: Option<String>,
    /// The place in the input.
    pub place: Place,
}

/// Equality ignores the place in the input.
impl PartialEq for Output {
    fn eq(&self, other: &Self) -> bool {
        let Self { path, value, description, export_name, place: _ } = self;
        *path == other.path
            && *value == other.value
            && *description == other.description
            && *export_name == other.export_name
    }
}
