//! Policy documents that are written as a whole.

use ecrane_core::{Place, PolicyDocument, PolicyVersion};

use super::attached::Attached;
use super::merge;
use super::statement::{PolicyStatement, Source};
use crate::stack::Stack;

/// The properties of a policy document: CDK's `PolicyDocumentProps`. A list of statements is a
/// document of the current version.
#[derive(Debug, Clone, Default)]
pub struct PolicyDocumentProps {
    /// The statements.
    pub statements: Vec<PolicyStatement>,
    /// The version of the policy language.
    pub version: PolicyVersion,
    /// The place in the input of the list of statements, if known.
    pub at: Option<Place>,
}

impl From<Vec<PolicyStatement>> for PolicyDocumentProps {
    fn from(statements: Vec<PolicyStatement>) -> Self {
        Self { statements, ..Self::default() }
    }
}

impl PolicyDocumentProps {
    /// Attaches the statements to the resources of a stack, and reports errors in them.
    pub(crate) fn attach(self, stack: &Stack, place: &Place) -> Vec<Attached> {
        let Self { statements, version: _, at } = self;
        let place = at.as_ref().unwrap_or(place);
        let mut attached = Vec::new();
        for (index, statement) in statements.into_iter().enumerate() {
            let place = place.index(index);
            match Attached::new(statement, stack, &Source::Statement(place.clone())) {
                Ok(statement) => attached.push(statement),
                Err(error) => stack.error(place, error),
            }
        }
        attached
    }

    /// Builds the document in a stack, and reports errors in the statements.
    pub(crate) fn document(self, stack: &Stack, place: &Place) -> PolicyDocument {
        let version = self.version;
        let attached = self.attach(stack, place);
        let minimize = stack.compatibility().minimize_policies;
        PolicyDocument { version, ..merge::document(attached, minimize) }
    }
}
