//! Policy documents, as JSON of the template and as JSON text in a string.

use ecrane_core::{JsonText, PolicyDocument, PolicyElement, PolicyElements, PolicyString, Value};
use serde::{Serialize, Serializer};

use crate::scope::{In, Scope};

/// A policy document in the order of the CDK.
#[derive(Debug)]
pub(crate) struct Policy<'g> {
    scope: Scope<'g>,
    elements: PolicyElements<'g>,
}

impl<'g> Policy<'g> {
    /// The document, or `None` if it has no statements.
    pub(crate) fn new(scope: Scope<'g>, document: &'g PolicyDocument) -> Option<Self> {
        if document.statements.is_empty() {
            return None;
        }
        let mut elements = document.elements();
        sort(scope, &mut elements, true);
        Some(Self { scope, elements })
    }

    /// The document as JSON text. Values that are unknown until deployment remain intrinsic
    /// functions.
    pub(crate) fn text(self) -> PolicyText<'g> {
        let mut text = Parts::default();
        text.elements(&self.elements);
        PolicyText { scope: self.scope, text: Value::concat(text.0) }
    }
}

impl Serialize for Policy<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        In { scope: self.scope, it: &self.elements }.serialize(serializer)
    }
}

/// The JSON text of a policy document.
#[derive(Debug)]
pub(crate) struct PolicyText<'g> {
    scope: Scope<'g>,
    text: Value,
}

impl Serialize for PolicyText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        In { scope: self.scope, it: &self.text }.serialize(serializer)
    }
}

/// JSON text as the parts of a value.
#[derive(Debug, Default)]
struct Parts(Vec<Value>);

impl JsonText for Parts {
    fn raw(&mut self, text: &str) {
        self.0.push(text.into());
    }

    fn reference(&mut self, value: &Value) {
        self.0.push(value.clone());
    }
}

/// Sorts elements as the CDK does: keys always, except for types of principals, which it only sorts
/// if it minimizes policies. Then it also sorts lists, and removes duplicates.
fn sort<'g>(scope: Scope<'g>, elements: &mut PolicyElements<'g>, keys: bool) {
    let minimize = scope.graph.compatibility().minimize_policies;
    if keys {
        elements.0.sort_by_key(|(key, _)| *key);
    }
    for (_, element) in &mut elements.0 {
        match element {
            PolicyElement::Strings(strings) if minimize => sort_strings(scope, strings),
            PolicyElement::Object(principals) => sort(scope, principals, minimize),
            PolicyElement::Statements(statements) => {
                for statement in statements {
                    sort(scope, statement, true);
                }
            }
            PolicyElement::Strings(_) | PolicyElement::String(_) | PolicyElement::Conditions(_) => {
            }
        }
    }
}

/// Sorts strings by their JSON, and removes duplicates.
fn sort_strings<'g>(scope: Scope<'g>, strings: &mut Vec<PolicyString<'g>>) {
    if strings.len() < 2 {
        return;
    }
    let mut sorted: Vec<(String, PolicyString<'g>)> = strings
        .iter()
        // An error recurs when the template is written, and is reported then.
        .map(|it| (serde_json::to_string(&In { scope, it }).unwrap_or_default(), *it))
        .collect();
    // JavaScript compares UTF-16 code units.
    sorted.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
    sorted.dedup_by(|(one, _), (other, _)| one == other);
    *strings = sorted.into_iter().map(|(_, string)| string).collect();
}

impl Serialize for In<'_, &PolicyElements<'_>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { scope, it } = *self;
        serializer.collect_map(it.0.iter().map(|(key, it)| (key, In { scope, it })))
    }
}

impl Serialize for In<'_, &PolicyElement<'_>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let scope = self.scope;
        match self.it {
            PolicyElement::String(text) => serializer.serialize_str(text),
            PolicyElement::Strings(strings) => match strings.as_slice() {
                [it] => In { scope, it }.serialize(serializer),
                strings => serializer.collect_seq(strings.iter().map(|it| In { scope, it })),
            },
            PolicyElement::Object(it) => In { scope, it }.serialize(serializer),
            PolicyElement::Conditions(conditions) => serializer
                .collect_map(conditions.iter().map(|(operator, it)| (operator, In { scope, it }))),
            PolicyElement::Statements(statements) => {
                serializer.collect_seq(statements.iter().map(|it| In { scope, it }))
            }
        }
    }
}

impl Serialize for In<'_, &PolicyString<'_>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.it {
            PolicyString::Literal(text) => serializer.serialize_str(text),
            PolicyString::Value(it) => In { scope: self.scope, it: *it }.serialize(serializer),
        }
    }
}
