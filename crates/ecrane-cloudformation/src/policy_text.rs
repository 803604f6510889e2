//! Policy documents as text, where CloudFormation wants one: JSON inside a string.
//!
//! The text is put together as a [`Value`], so what is known on deployment only stays an intrinsic
//! function.

use ecrane_core::{Json, PolicyDocument, Value};
use serde::{Serialize, Serializer};

use crate::policy::{OneOrMany, Policy, PolicyStatement, Principal};
use crate::scope::{In, Scope};

/// A policy document as text.
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

impl<'g> PolicyText<'g> {
    /// The text, or nothing when the document has no statements.
    pub(crate) fn new(scope: Scope<'g>, document: &'g PolicyDocument) -> Option<Self> {
        let policy = Policy::new(scope, document)?;
        let mut text = Text::default();
        text.raw("{\"Statement\":[");
        text.separated(&policy.statement, |text, s| text.statement(s));
        text.raw("],\"Version\":");
        text.string(policy.version);
        text.raw("}");
        Some(Self { scope, text: Value::concat(text.0) })
    }
}

/// JSON that is written without white space, part by part.
#[derive(Debug, Default)]
struct Text(Vec<Value>);

impl Text {
    fn raw(&mut self, text: &str) {
        self.0.push(text.into());
    }

    fn string(&mut self, text: &str) {
        // A string always serializes.
        self.raw(&serde_json::to_string(text).unwrap_or_default());
    }

    fn key(&mut self, key: &str) {
        if !matches!(self.0.last(), Some(Value::Literal(text)) if text == "{") {
            self.raw(",");
        }
        self.string(key);
        self.raw(":");
    }

    fn separated<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.raw(",");
            }
            write(self, item);
        }
    }

    fn one_or_many<T>(&mut self, items: &OneOrMany<T>, mut write: impl FnMut(&mut Self, &T)) {
        match items.0.as_slice() {
            [one] => write(self, one),
            many => {
                self.raw("[");
                self.separated(many, write);
                self.raw("]");
            }
        }
    }

    /// A string that may hold what is known on deployment: names and ARNs, which JSON does not
    /// escape.
    fn value(&mut self, value: &Value) {
        self.raw("\"");
        let parts = match value {
            Value::Concat(parts) => parts.as_slice(),
            Value::Literal(_) | Value::Pseudo(_) | Value::Attribute(..) | Value::ArnField(..) => {
                std::slice::from_ref(value)
            }
        };
        for part in parts {
            match part.as_literal() {
                Some(text) => {
                    let quoted = serde_json::to_string(text).unwrap_or_default();
                    let inner = quoted.strip_prefix('"').and_then(|q| q.strip_suffix('"'));
                    self.raw(inner.unwrap_or_default());
                }
                None => self.0.push(part.clone()),
            }
        }
        self.raw("\"");
    }

    fn json(&mut self, json: &Json) {
        match json {
            Json::Null => self.raw("null"),
            Json::Bool(value) => self.raw(if *value { "true" } else { "false" }),
            Json::Number(number) => self.raw(&number.to_string()),
            Json::Text(value) => self.value(value),
            Json::List(items) => {
                self.raw("[");
                self.separated(items, Self::json);
                self.raw("]");
            }
            Json::Map(entries) => {
                self.raw("{");
                for (key, value) in entries {
                    self.key(key);
                    self.json(value);
                }
                self.raw("}");
            }
        }
    }

    fn statement(&mut self, statement: &PolicyStatement<'_>) {
        let PolicyStatement { action, condition, effect, principal, resource, sid } = statement;
        self.raw("{");
        self.key("Action");
        self.one_or_many(action, |text, action| text.string(action));
        if let Some(condition) = condition {
            self.key("Condition");
            self.raw("{");
            for (operator, keys) in condition.conditions {
                self.key(operator);
                self.raw("{");
                for (key, value) in keys {
                    self.key(key);
                    self.json(value);
                }
                self.raw("}");
            }
            self.raw("}");
        }
        self.key("Effect");
        self.string(effect);
        match principal {
            None => {}
            Some(Principal::Star) => {
                self.key("Principal");
                self.raw("\"*\"");
            }
            Some(Principal::ByKind(kinds)) => {
                self.key("Principal");
                self.raw("{");
                for (kind, values) in kinds {
                    self.key(kind.as_str());
                    self.one_or_many(values, |text, value| text.value(value.it));
                }
                self.raw("}");
            }
        }
        if !resource.is_empty() {
            self.key("Resource");
            self.one_or_many(resource, |text, value| text.value(value.it));
        }
        if let Some(sid) = sid {
            self.key("Sid");
            self.string(sid);
        }
        self.raw("}");
    }
}
