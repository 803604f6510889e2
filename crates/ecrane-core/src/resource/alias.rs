//! `AWS::KMS::Alias`

use ecrane_document::Place;

use super::{Deployed, PhysicalName};
use crate::bounds::{Findings, Rule};
use crate::names::Environment;
use crate::value::Value;

/// A KMS alias.
#[derive(Debug, Clone, PartialEq)]
pub struct AliasResource {
    /// The alias name, with the prefix `alias/`.
    pub name: String,
    /// The ARN of the key.
    pub target_key: Value,
}

const ALIAS: Rule = Rule {
    code: "key::alias_malformed",
    what: "alias",
    help: "use letters, digits and `:/_-`; names that start with `aws/` are reserved for AWS (AWS::KMS::Alias, AliasName)",
};
const ALIAS_LENGTH: Rule = Rule {
    code: "key::alias_length",
    what: "alias",
    help: "AWS::KMS::Alias, AliasName, `alias/` included",
};

impl Deployed for AliasResource {
    fn physical_name(&self) -> Option<PhysicalName<'_>> {
        Some(PhysicalName::of_region("alias", &self.name, &["alias"]))
    }

    fn values<'r>(&'r self, visit: &mut dyn FnMut(&'r Value)) {
        let Self { name: _, target_key } = self;
        visit(target_key);
    }

    fn check(&self, place: &Place, _: &Environment, findings: &mut Findings) {
        let place = place.key("alias");
        let is_well_formed = |name: &str| {
            let name = name.strip_prefix("alias/").unwrap_or(name);
            let is_letter = |c: char| c.is_ascii_alphanumeric() || ":/_-".contains(c);
            !name.is_empty() && !name.starts_with("aws/") && name.chars().all(is_letter)
        };
        findings.form(Some(&self.name), is_well_formed, &ALIAS, &place);
        findings.length(Some(&self.name), (1, 256), &ALIAS_LENGTH, &place);
    }
}
