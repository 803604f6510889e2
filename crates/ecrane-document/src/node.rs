//! A config file as a tree of values, each with its place in the file.

use std::ops::Range;

use indexmap::IndexMap;
use serde_json::Number;

/// A value of a config file.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its bytes in the file.
    pub span: Range<usize>,
    /// The index of the file among those of the document.
    pub file: usize,
    /// What it is.
    pub kind: NodeKind,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// Nothing: never the same as a key that is not there.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number; how it is written is in the file.
    Number(Number),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the file.
    Map(IndexMap<String, Entry>),
}

/// A value of a map, and where its key stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key's bytes in the file, the same file as the value's.
    pub key_span: Range<usize>,
    /// The value.
    pub node: Node,
}

impl Node {
    /// The value under a key, if this is a map that has it.
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

    /// The value at an index, if this is a list that is long enough.
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

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        if let NodeKind::Text(text) = &self.kind { Some(text) } else { None }
    }

    /// The entries, if this is a map.
    pub fn entries_mut(&mut self) -> Option<&mut IndexMap<String, Entry>> {
        if let NodeKind::Map(entries) = &mut self.kind { Some(entries) } else { None }
    }

    /// The same value as JSON, without its places.
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
