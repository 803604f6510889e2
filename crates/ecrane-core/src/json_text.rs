//! JSON text, as AWS takes policy documents and event patterns: a string in another document.

use crate::policy_elements::{PolicyElement, PolicyElements, PolicyString};
use crate::value::{Json, Value};

/// Writes JSON text without white space. A target implements the two required methods.
///
/// ```
/// use ecrane_core::{JsonText, PolicyDocument, Pseudo, Value};
///
/// struct Example(String);
///
/// impl JsonText for Example {
///     fn raw(&mut self, text: &str) {
///         self.0.push_str(text);
///     }
///
///     fn reference(&mut self, value: &Value) {
///         self.0.push_str("${…}");
///     }
/// }
///
/// let mut text = Example(String::new());
/// text.value(&Value::concat(["\"a\":".into(), Value::Pseudo(Pseudo::Region)]));
/// assert_eq!(text.0, r#""\"a\":${…}""#);
/// let mut text = Example(String::new());
/// text.elements(&PolicyDocument::default().elements());
/// assert_eq!(text.0, r#"{"Version":"2012-10-17","Statement":[]}"#);
/// ```
pub trait JsonText: Sized {
    /// Adds text that is already JSON.
    fn raw(&mut self, text: &str);

    /// Adds a part of a string that is unknown until deployment: a name, an ARN, an account, a
    /// region. JSON escapes nothing in these.
    fn reference(&mut self, value: &Value);

    /// Adds text inside a string.
    fn escaped(&mut self, text: &str) {
        let is_plain = |byte: u8| !(byte < b' ' || matches!(byte, b'"' | b'\\'));
        if text.bytes().all(is_plain) {
            return self.raw(text);
        }
        // A string always serializes.
        let quoted = serde_json::to_string(text).unwrap_or_default();
        let inner = quoted.strip_prefix('"').and_then(|quoted| quoted.strip_suffix('"'));
        self.raw(inner.unwrap_or_default());
    }

    /// Adds a string.
    fn string(&mut self, text: &str) {
        self.raw("\"");
        self.escaped(text);
        self.raw("\"");
    }

    /// Adds a string that can contain references.
    fn value(&mut self, value: &Value) {
        self.raw("\"");
        match value {
            Value::Concat(parts) => parts.iter().for_each(|part| self.part(part)),
            Value::Literal(_) | Value::Pseudo(_) | Value::Attribute(..) | Value::ArnField(..) => {
                self.part(value);
            }
        }
        self.raw("\"");
    }

    /// Adds a part of a string.
    fn part(&mut self, value: &Value) {
        match value.as_literal() {
            Some(text) => self.escaped(text),
            None => self.reference(value),
        }
    }

    /// Adds an array.
    fn array<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        self.raw("[");
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.raw(",");
            }
            write(self, item);
        }
        self.raw("]");
    }

    /// Adds an object.
    fn object<K: AsRef<str>, T>(
        &mut self,
        entries: impl IntoIterator<Item = (K, T)>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        self.raw("{");
        for (index, (key, item)) in entries.into_iter().enumerate() {
            if index > 0 {
                self.raw(",");
            }
            self.string(key.as_ref());
            self.raw(":");
            write(self, item);
        }
        self.raw("}");
    }

    /// Adds any JSON of the graph.
    fn json(&mut self, json: &Json) {
        match json {
            Json::Null => self.raw("null"),
            Json::Bool(bool) => self.raw(if *bool { "true" } else { "false" }),
            Json::Number(number) => self.raw(&number.to_string()),
            Json::Text(value) => self.value(value),
            Json::List(items) => self.array(items, Self::json),
            Json::Map(entries) => self.object(entries, Self::json),
        }
    }

    /// Adds the elements of a policy document.
    fn elements(&mut self, elements: &PolicyElements<'_>) {
        self.object(elements.0.iter().map(|(key, element)| (key, element)), Self::element);
    }

    /// Adds an element of a policy document.
    fn element(&mut self, element: &PolicyElement<'_>) {
        let text = |json: &mut Self, text: &PolicyString<'_>| match text {
            PolicyString::Literal(text) => json.string(text),
            PolicyString::Value(value) => json.value(value),
        };
        match element {
            PolicyElement::String(text) => self.string(text),
            PolicyElement::Strings(texts) => match texts.as_slice() {
                [only] => text(self, only),
                texts => self.array(texts, text),
            },
            PolicyElement::Object(elements) => self.elements(elements),
            PolicyElement::Conditions(conditions) => {
                self.object(*conditions, |json, keys| json.object(keys, Self::json));
            }
            PolicyElement::Statements(statements) => self.array(statements, Self::elements),
        }
    }
}
