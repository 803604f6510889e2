//! The entries of a map of a config file.

use std::collections::HashMap;
use std::sync::Arc;
use std::{slice, vec};

use foldhash::fast::RandomState;

use crate::node::Entry;

/// The length up to which keys are compared one after the other. Nearly all maps of a config are that
/// short, and a hash table would take more memory than their entries.
const SHORT: usize = 16;

/// A map with texts of a config as keys, of which a large one has millions.
pub type KeyMap<K, V> = HashMap<K, V, RandomState>;

/// The values of a map by key, in the order of the file.
#[derive(Debug, Clone, Default)]
pub struct Entries {
    items: Vec<(Arc<str>, Entry)>,
    /// The positions of all keys, if the map is not short: most have no table, and need no room for one.
    positions: Option<Box<KeyMap<Arc<str>, usize>>>,
}

impl Entries {
    /// The number of entries.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The position of a key in the order of the file, starting at 0.
    pub fn position(&self, key: &str) -> Option<usize> {
        match &self.positions {
            Some(positions) => positions.get(key).copied(),
            None => self.items.iter().position(|(found, _)| **found == *key),
        }
    }

    /// The value of a key, and the key as it is in memory.
    pub fn get_key_value(&self, key: &str) -> Option<(&Arc<str>, &Entry)> {
        self.items.get(self.position(key)?).map(|(key, entry)| (key, entry))
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.get_key_value(key).map(|(_, entry)| entry)
    }

    /// The value of a key, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Entry> {
        let position = self.position(key)?;
        self.items.get_mut(position).map(|(_, entry)| entry)
    }

    /// Sets the value of a key: in its place, or after the last entry.
    pub fn insert(&mut self, key: Arc<str>, entry: Entry) {
        if let Some(own) = self.get_mut(&key) {
            *own = entry;
            return;
        }
        if let Some(positions) = &mut self.positions {
            positions.insert(Arc::clone(&key), self.items.len());
        }
        self.items.push((key, entry));
        if self.positions.is_none() {
            self.index();
        }
    }

    /// Makes the table of positions, if there are many entries.
    fn index(&mut self) {
        let keys = self.items.iter().enumerate().map(|(at, (key, _))| (Arc::clone(key), at));
        self.positions = (self.items.len() > SHORT).then(|| Box::new(keys.collect()));
    }

    /// Keeps the entries for which a condition holds.
    pub fn retain(&mut self, mut is_kept: impl FnMut(&str, &Entry) -> bool) {
        self.items.retain(|(key, entry)| is_kept(key, entry));
        self.index();
    }

    /// Moves the entries to where they take no more memory than they need.
    #[must_use]
    pub fn take(&mut self) -> Self {
        Self { items: self.items.drain(..).collect(), positions: self.positions.take() }
    }

    /// The entries in order.
    pub fn iter(&self) -> slice::Iter<'_, (Arc<str>, Entry)> {
        self.items.iter()
    }

    /// The keys in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Arc<str>> + Clone {
        self.items.iter().map(|(key, _)| key)
    }

    /// The values in order.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Entry> + Clone {
        self.items.iter().map(|(_, entry)| entry)
    }

    /// The values in order, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&Arc<str>, &mut Entry)> {
        self.items.iter_mut().map(|(key, entry)| (&*key, entry))
    }
}

impl PartialEq for Entries {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items
    }
}

impl FromIterator<(Arc<str>, Entry)> for Entries {
    fn from_iter<I: IntoIterator<Item = (Arc<str>, Entry)>>(items: I) -> Self {
        let mut entries = Self::default();
        items.into_iter().for_each(|(key, entry)| entries.insert(key, entry));
        entries
    }
}

impl IntoIterator for Entries {
    type Item = (Arc<str>, Entry);
    type IntoIter = vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'e> IntoIterator for &'e Entries {
    type Item = &'e (Arc<str>, Entry);
    type IntoIter = slice::Iter<'e, (Arc<str>, Entry)>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::{Node, NodeKind};
    use crate::span::Span;

    fn entry(number: usize) -> Entry {
        let kind = NodeKind::Number(number.into());
        Entry { key_span: Span::default(), node: Node { span: Span::default(), file: 0, kind } }
    }

    #[test]
    fn a_key_is_found_in_a_map_of_any_length() {
        let mut entries = Entries::default();
        for number in 0..3 * SHORT {
            entries.insert(number.to_string().into(), entry(number));
            assert_eq!(entries.positions.is_some(), number >= SHORT);
            for before in 0..=number {
                assert_eq!(entries.position(&before.to_string()), Some(before));
            }
            assert_eq!(entries.get("x"), None);
        }
        // A second value of a key takes the place of the first.
        entries.insert("2".into(), entry(7));
        assert_eq!((entries.len(), entries.position("2")), (3 * SHORT, Some(2)));
        assert_eq!(entries.get("2"), Some(&entry(7)));
        // Positions are those of what is left.
        entries.retain(|key, _| key.len() == 2);
        assert_eq!((entries.get("2"), entries.position("10")), (None, Some(0)));
        assert_eq!(entries.take().get("47"), Some(&entry(47)));
        assert!(entries.is_empty() && entries.get("47").is_none());
    }
}
