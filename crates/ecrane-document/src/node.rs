//! A config file as a tree of values, each with its position in the file.

use std::collections::HashSet;
use std::sync::Arc;

use foldhash::fast::RandomState;
use serde_json::Number;

use crate::entries::Entries;
use crate::span::Span;

/// A value of a config file.
///
/// Cheap to clone: strings, lists and maps are shared with the original until one of the two is changed.
/// A preset is in memory once, however many repositories inherit it.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The byte range in the file.
    pub span: Span,
    /// The index of the file in the document's list of files.
    pub file: u32,
    /// The type and content of the value.
    pub kind: NodeKind,
}

/// The type and content of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// `null`. It differs from an absent key.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number. Its spelling is in the file.
    Number(Number),
    /// A string.
    Text(Arc<str>),
    /// A list.
    List(Arc<[Node]>),
    /// A map, in the order of the file.
    Map(Arc<Entries>),
}

/// A value in a map, with the position of its key.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The byte range of the key, in the same file as the value.
    pub key_span: Span,
    /// The value.
    pub node: Node,
}

impl Node {
    /// Returns the value of a key if this is a map that contains it.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        match &self.kind {
            NodeKind::Map(entries) => entries.get(key),
            NodeKind::Null
            | NodeKind::Bool(_)
            | NodeKind::Number(_)
            | NodeKind::Text(_)
            | NodeKind::List(_) => None,
        }
    }

    /// Returns the item at an index if this is a list that contains it.
    pub fn item(&self, index: usize) -> Option<&Node> {
        match &self.kind {
            NodeKind::List(items) => items.get(index),
            NodeKind::Null
            | NodeKind::Bool(_)
            | NodeKind::Number(_)
            | NodeKind::Text(_)
            | NodeKind::Map(_) => None,
        }
    }

    /// Returns the string if this is a string.
    pub fn text(&self) -> Option<&str> {
        if let NodeKind::Text(text) = &self.kind { Some(text) } else { None }
    }

    /// Returns the entries if this is a map, not shared any longer.
    pub fn entries_mut(&mut self) -> Option<&mut Entries> {
        if let NodeKind::Map(entries) = &mut self.kind {
            Some(Arc::make_mut(entries))
        } else {
            None
        }
    }

    /// Converts the value to JSON without positions.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.kind {
            NodeKind::Null => serde_json::Value::Null,
            NodeKind::Bool(value) => serde_json::Value::Bool(*value),
            NodeKind::Number(number) => serde_json::Value::Number(number.clone()),
            NodeKind::Text(text) => serde_json::Value::String(text.as_ref().to_owned()),
            NodeKind::List(items) => items.iter().map(Self::to_json).collect(),
            NodeKind::Map(entries) => entries
                .iter()
                .map(|(key, entry)| (key.as_ref().to_owned(), entry.node.to_json()))
                .collect::<serde_json::Map<_, _>>()
                .into(),
        }
    }
}

/// The keys of a file, each in memory once.
#[derive(Debug, Default)]
pub struct Keys(HashSet<Arc<str>, RandomState>);

impl Keys {
    /// Returns the key, shared with all equal ones before it.
    pub fn share(&mut self, key: &str) -> Arc<str> {
        if let Some(shared) = self.0.get(key) {
            return Arc::clone(shared);
        }
        let shared: Arc<str> = key.into();
        self.0.insert(Arc::clone(&shared));
        shared
    }
}
