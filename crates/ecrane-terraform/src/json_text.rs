//! JSON inside a string of a module, with expressions in its texts.
//!
//! What is written is escaped twice: for the JSON that AWS reads, and then for the template that
//! Terraform reads. The values that expressions stand for (names, ARNs, account ids) hold nothing
//! that JSON would escape.

use ecrane_core::{Json, Value};

use crate::expression::{Part, Resolve, Template, Text, parts};

/// Writes JSON into a template.
#[derive(Debug)]
pub(crate) struct JsonText<'r, R> {
    template: Template,
    resolver: &'r mut R,
}

impl<'r, R: Resolve> JsonText<'r, R> {
    pub(crate) fn new(resolver: &'r mut R) -> Self {
        Self { template: Template::default(), resolver }
    }

    pub(crate) fn finish<'g>(self) -> Text<'g> {
        self.template.finish()
    }

    /// A string that is known.
    pub(crate) fn string(&mut self, text: &str) {
        self.template.text("\"");
        self.escaped(text);
        self.template.text("\"");
    }

    /// A string that may hold references.
    pub(crate) fn value(&mut self, value: &Value) {
        self.template.text("\"");
        for part in parts(value, self.resolver) {
            match part {
                Part::Text(text) => self.escaped(&text),
                Part::Expression(expression) => self.template.expression(&expression),
            }
        }
        self.template.text("\"");
    }

    fn escaped(&mut self, text: &str) {
        // A string always serializes.
        let quoted = serde_json::to_string(text).unwrap_or_default();
        let inner = quoted.strip_prefix('"').and_then(|q| q.strip_suffix('"'));
        self.template.text(inner.unwrap_or_default());
    }

    /// An array.
    pub(crate) fn array<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        self.template.text("[");
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.template.text(",");
            }
            write(self, item);
        }
        self.template.text("]");
    }

    /// An object.
    pub(crate) fn object<K: AsRef<str>, T>(
        &mut self,
        entries: impl IntoIterator<Item = (K, T)>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        self.template.text("{");
        for (index, (key, item)) in entries.into_iter().enumerate() {
            if index > 0 {
                self.template.text(",");
            }
            self.string(key.as_ref());
            self.template.text(":");
            write(self, item);
        }
        self.template.text("}");
    }

    /// Any JSON of the graph.
    pub(crate) fn json(&mut self, json: &Json) {
        match json {
            Json::Null => self.template.text("null"),
            Json::Bool(bool) => self.template.text(if *bool { "true" } else { "false" }),
            Json::Number(number) => self.template.text(&number.to_string()),
            Json::Text(value) => self.value(value),
            Json::List(items) => self.array(items, Self::json),
            Json::Map(entries) => self.object(entries, Self::json),
        }
    }
}
