//! A config file as a tree of values, each with its position in the file.

use std::ops::Range;

use indexmap::IndexMap;
use serde_json::Number;

/// A value of a config file.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The byte range in the file.
    pub span: Range<usize>,
    /// The index of the file in the document's list of files.
    pub file: usize,
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
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the file.
    Map(IndexMap<String, Entry>),
}

/// A value in a map, with the position of its key.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The byte range of the key, in the same file as the value.
    pub key_span: Range<usize>,
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

    /// Returns the entries if this is a map.
    pub fn entries_mut(&mut self) -> Option<&mut IndexMap<String, Entry>> {
        if let NodeKind::Map(entries) = &mut self.kind { Some(entries) } else { None }
    }

    /// Converts the value to JSON without positions.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.kind {
            NodeKind::Null => serde_json::Value::Null,
            NodeKind::Bool(value) => serde_json::Value::Bool(*value),
            NodeKind::Number(number) => serde_json::Value::Number(number.clone()),
            NodeKind::Text(text) => serde_json::Value::String(text.clone()),
            NodeKind::List(items) => items.iter().map(Self::to_json).collect(),
            NodeKind::Map(entries) => entries
                .iter()
                .map(|(key, entry)| (key.clone(), entry.node.to_json()))
                .collect::<serde_json::Map<_, _>>()
                .into(),
        }
    }
}
