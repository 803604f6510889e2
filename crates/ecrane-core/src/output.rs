//! Outputs of a stack.

use std::collections::BTreeMap;

use ecrane_document::Place;

use crate::addresses::Target;
use crate::bounds::{Findings, Rule};
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
    /// The addresses, by target, instead of those derived from the path. In each target, outputs
    /// have a namespace of their own: an output can have the address of a resource.
    pub pins: BTreeMap<Target, String>,
    /// The place in the input.
    pub place: Place,
}

/// Equality ignores the place in the input.
impl PartialEq for Output {
    fn eq(&self, other: &Self) -> bool {
        let Self { path, value, description, export_name, pins, place: _ } = self;
        *path == other.path
            && *value == other.value
            && *description == other.description
            && *export_name == other.export_name
            && *pins == other.pins
    }
}

/// CloudFormation user guide, "Outputs": an export name has letters, digits, colons and hyphens; API
/// reference, `Export`.
const EXPORT_NAME: Rule = Rule {
    code: "output::export_name_malformed",
    what: "export name",
    help: "use letters, digits, `:` and `-`, such as `shop-app-uri` (CloudFormation user guide, \"Outputs\")",
};
const EXPORT_NAME_LENGTH: Rule = Rule {
    code: "output::export_name_length",
    what: "export name",
    help: "use a shorter name (CloudFormation user guide, \"Outputs\")",
};

impl Output {
    /// Reports an export name that CloudFormation rejects.
    pub(crate) fn check(&self, findings: &mut Findings) {
        let Some(name) = &self.export_name else { return };
        let place = self.place.key("exportName");
        findings.length(Some(name), (1, 255), &EXPORT_NAME_LENGTH, &place);
        if findings.reference(name, &place) {
            return;
        }
        let is_letter = |c: char| c.is_ascii_alphanumeric() || ":-".contains(c);
        findings.form(Some(name), |name| name.chars().all(is_letter), &EXPORT_NAME, &place);
    }
}
