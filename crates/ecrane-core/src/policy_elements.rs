//! The JSON structure of policy documents, which is the same for every target.

use crate::policy::{Conditions, PolicyDocument, Principals, Statement};
use crate::value::Value;

/// The elements of a JSON object in a policy document, by key.
///
/// [`PolicyDocument::elements`] returns them in the order of the IAM user guide. A backend can
/// reorder them before it writes them as JSON ([`JsonText::elements`](crate::JsonText::elements)).
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyElements<'p>(pub Vec<(&'static str, PolicyElement<'p>)>);

/// An element of a policy document.
#[derive(Debug, Clone, PartialEq)]
pub enum PolicyElement<'p> {
    /// A string.
    String(&'p str),
    /// Strings. A list of one is written as that string, as in IAM.
    Strings(Vec<PolicyString<'p>>),
    /// An object: the principals by type.
    Object(PolicyElements<'p>),
    /// The conditions.
    Conditions(&'p Conditions),
    /// The statements.
    Statements(Vec<PolicyElements<'p>>),
}

/// A string of a policy document.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PolicyString<'p> {
    /// A literal.
    Literal(&'p str),
    /// A string that can be unknown until deployment.
    Value(&'p Value),
}

impl PolicyDocument {
    /// Returns the elements of the document: the version and the statements.
    ///
    /// ```
    /// use ecrane_core::{PolicyElement, PolicyDocument};
    ///
    /// let document = PolicyDocument::default();
    /// let keys: Vec<_> = document.elements().0.into_iter().map(|(key, _)| key).collect();
    /// assert_eq!(keys, ["Version", "Statement"]);
    /// ```
    pub fn elements(&self) -> PolicyElements<'_> {
        let statements = self.statements.iter().map(Statement::elements).collect();
        PolicyElements(vec![
            ("Version", PolicyElement::String(self.version.as_str())),
            ("Statement", PolicyElement::Statements(statements)),
        ])
    }
}

impl Statement {
    /// Returns the elements of the statement that are present.
    pub(crate) fn elements(&self) -> PolicyElements<'_> {
        let Self { sid, effect, actions, principals, resources, conditions, place: _, places: _ } =
            self;
        let principal = match principals {
            Principals::Star => Some(PolicyElement::String("*")),
            Principals::ByKind(kinds) if kinds.is_empty() => None,
            Principals::ByKind(kinds) => {
                let kinds = kinds.iter().map(|(kind, named)| (kind.as_str(), values(named)));
                Some(PolicyElement::Object(PolicyElements(kinds.collect())))
            }
        };
        let actions = actions.iter().map(|action| PolicyString::Literal(action)).collect();
        let elements = [
            ("Sid", sid.as_deref().map(PolicyElement::String)),
            ("Effect", Some(PolicyElement::String(effect.as_str()))),
            ("Principal", principal),
            ("Action", Some(PolicyElement::Strings(actions))),
            ("Resource", (!resources.is_empty()).then(|| values(resources))),
            (
                "Condition",
                (!conditions.is_empty()).then_some(PolicyElement::Conditions(conditions)),
            ),
        ];
        PolicyElements(elements.into_iter().filter_map(|(key, it)| Some((key, it?))).collect())
    }
}

fn values(values: &[Value]) -> PolicyElement<'_> {
    PolicyElement::Strings(values.iter().map(PolicyString::Value).collect())
}
