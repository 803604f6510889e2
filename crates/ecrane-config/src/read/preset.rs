//! Merges presets into the repositories that inherit them.
//!
//! A repository has three layers, from the lowest to the highest precedence: the preset that
//! `defaults` names, the preset that the repository's `preset` names, and the properties of the
//! repository itself. Objects merge key by key; lists and scalars replace. An imported repository
//! inherits no preset.
//!
//! Values with an invalid shape are left unchanged: the shape is checked after the merge.

use std::ops::RangeInclusive;
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

use super::merge_error::MergeError;
use super::notes::Notes;
use crate::error::ConfigError;
use ecrane_document::{Entries, Entry, Node, NodeKind, Place};

/// Properties that belong to a single repository and are not allowed in a preset.
const OF_ONE: [&str; 4] = ["import", "repositoryName", "terraformName", "logicalId"];

/// The bounds on what presets and repositories inherit together, in MiB. The values are shared, but each
/// repository of the graph has its own: a preset of some kilobytes under each of thousands of
/// repositories comes to gigabytes.
const BUDGET: RangeInclusive<usize> = 32..=2048;
/// What a repository may inherit, in KiB, on average: some 200 values.
const BUDGET_EACH: usize = 16;

/// Merges the presets of a tree into its repositories: into all of them or, if that exceeds the bound,
/// into none.
pub(super) fn apply(root: &mut Node, notes: &mut Notes) {
    let stacks = map(root, "stacks").into_iter().flat_map(Entries::values);
    let repositories = stacks.filter_map(|stack| map(&stack.node, "repositories"));
    let Some(presets) = Presets::of(root, repositories.map(Entries::len).sum(), notes) else {
        return;
    };
    let mut layers = presets.layers();
    let mut inherited = presets.inherited;
    let before = root.clone();
    let mut is_refused = false;
    let top = Place::default().key("stacks");
    'stacks: for (stack, entry) in map_mut(root, "stacks") {
        let place = top.key(stack).key("repositories");
        for (id, entry) in map_mut(&mut entry.node, "repositories") {
            inherited += layers.inherit(&mut entry.node, || place.key(id), notes);
            if inherited > presets.limit << 20 {
                let limit = presets.limit;
                notes.error(place.key(id).on_key(), MergeError::PresetBudget { limit });
                is_refused = true;
                break 'stacks;
            }
        }
    }
    if is_refused {
        *root = before;
    }
}

/// The presets of a config.
pub(super) struct Presets {
    /// Each with what it inherits from others.
    resolved: IndexMap<String, Node>,
    /// The one that every repository inherits.
    defaults: Option<Node>,
    /// The bound on what is inherited, in MiB.
    limit: usize,
    /// What presets inherit, in bytes.
    inherited: usize,
}

impl Presets {
    /// The presets of a tree for a number of repositories, unless they exceed the bound.
    pub(super) fn of(root: &Node, repositories: usize, notes: &mut Notes) -> Option<Self> {
        let limit = (repositories * BUDGET_EACH / 1024).clamp(*BUDGET.start(), *BUDGET.end());
        let mut inherited = 0;
        let resolved = resolve(root, limit, &mut inherited, notes)?;
        let mut presets = Self { resolved, defaults: None, limit, inherited };
        let defaults = text(root, "defaults");
        presets.defaults = defaults.and_then(|name| {
            presets.named(name, || Place::default().key("defaults"), notes).cloned()
        });
        Some(presets)
    }

    fn named(&self, name: &str, place: impl Fn() -> Place, notes: &mut Notes) -> Option<&Node> {
        let found = self.resolved.get(name);
        if found.is_none() {
            let known = self.resolved.keys().map(String::as_str);
            notes.error(place(), ConfigError::unknown_id("preset", name, known));
        }
        found
    }

    /// What repositories inherit.
    pub(super) fn layers(&self) -> Layers<'_> {
        let layer = |node: &Node| Layer { node: node.clone(), weight: weight(node) };
        let defaults = self.defaults.as_ref().map(layer);
        Layers { presets: self, defaults, named: IndexMap::new() }
    }

    /// Whether this many bytes, which repositories inherit, exceed the bound.
    pub(super) fn is_exceeded_by(&self, inherited: usize) -> bool {
        self.inherited.saturating_add(inherited) > self.limit << 20
    }
}

/// What repositories inherit, each layer made and measured once.
pub(super) struct Layers<'p> {
    presets: &'p Presets,
    defaults: Option<Layer>,
    /// By the name of the preset of a repository.
    named: IndexMap<String, Layer>,
}

struct Layer {
    node: Node,
    /// In bytes.
    weight: usize,
}

impl<'p> Layers<'p> {
    pub(super) fn presets(&self) -> &'p Presets {
        self.presets
    }

    /// Merges the presets of a repository below its own properties. Returns the bytes that it inherits.
    pub(super) fn inherit(
        &mut self,
        repository: &mut Node,
        place: impl Fn() -> Place,
        notes: &mut Notes,
    ) -> usize {
        if repository.get("import").is_some() {
            return 0;
        }
        let below = match text(repository, "preset") {
            None => self.defaults.as_ref(),
            Some(name) if self.named.contains_key(name) => self.named.get(name),
            Some(name) => {
                let Some(preset) = self.presets.named(name, || place().key("preset"), notes) else {
                    return 0;
                };
                let node = match &self.defaults {
                    Some(defaults) => merged(&defaults.node, preset),
                    None => preset.clone(),
                };
                let layer = Layer { weight: weight(&node), node };
                Some(&*self.named.entry(name.to_owned()).or_insert(layer))
            }
        };
        let Some(below) = below else { return 0 };
        *repository = merged(&below.node, repository);
        below.weight
    }
}

/// The presets, each merged with the presets that it inherits, unless that exceeds the budget: in a
/// chain of presets, each has what all before it have.
fn resolve(
    root: &Node,
    limit: usize,
    inherited: &mut usize,
    notes: &mut Notes,
) -> Option<IndexMap<String, Node>> {
    let Some(presets) = map(root, "presets") else { return Some(IndexMap::new()) };
    let top = Place::default().key("presets");
    let mut resolved: IndexMap<String, Node> = IndexMap::new();
    for (name, entry) in presets {
        for property in OF_ONE {
            if entry.node.get(property).is_some() {
                let place = top.key(name).key(property).on_key();
                notes.error(place, MergeError::PresetHas { property });
            }
        }
        // The chain of presets from this one: each inherits from the next.
        let mut chain: IndexSet<&str> = IndexSet::new();
        let mut next = Some(name.as_ref());
        while let Some(name) = next.filter(|name| !resolved.contains_key(*name)) {
            let Some(entry) = presets.get(name) else { break };
            if let Some(start) = chain.get_index_of(name) {
                let circle = chain.iter().skip(start).copied().chain([name]);
                let place = top.key(name).key("preset");
                let chain = circle.map(str::to_owned).collect();
                notes.error(place, MergeError::PresetCircle { chain });
                break;
            }
            chain.insert(name);
            next = text(&entry.node, "preset");
            if let Some(other) = next.filter(|other| presets.get(other).is_none()) {
                let known = presets.keys().map(AsRef::as_ref);
                let error = ConfigError::unknown_id("preset", other, known);
                notes.error(top.key(name).key("preset"), error);
            }
        }
        let mut below = next.and_then(|name| resolved.get(name)).cloned();
        for name in chain.into_iter().rev() {
            let Some(entry) = presets.get(name) else { continue };
            let mut own = entry.node.clone();
            if let NodeKind::Map(entries) = &mut own.kind {
                Arc::make_mut(entries).retain(|key, _| key != "preset" && !OF_ONE.contains(&key));
            }
            if let Some(below) = &below {
                *inherited = inherited.saturating_add(weight(below));
                if *inherited > limit << 20 {
                    let place = top.key(name).key("preset");
                    notes.error(place, MergeError::PresetBudget { limit });
                    return None;
                }
            }
            let whole = below.map_or_else(|| own.clone(), |below| merged(&below, &own));
            resolved.insert(name.to_owned(), whole.clone());
            below = Some(whole);
        }
    }
    // In the order of the file, for suggestions.
    resolved.sort_by_cached_key(|name, _| presets.position(name));
    Some(resolved)
}

/// Merges a value over another: maps key by key; any other value replaces.
fn merged(far: &Node, near: &Node) -> Node {
    let (NodeKind::Map(far), NodeKind::Map(own)) = (&far.kind, &near.kind) else {
        return near.clone();
    };
    let mut entries = Entries::clone(far);
    for (key, entry) in own.iter() {
        let node = match far.get(key) {
            Some(below) => merged(&below.node, &entry.node),
            None => entry.node.clone(),
        };
        entries.insert(key.clone(), Entry { key_span: entry.key_span, node });
    }
    Node { span: near.span, file: near.file, kind: NodeKind::Map(Arc::new(entries)) }
}

/// The size of a value in memory, in bytes.
fn weight(node: &Node) -> usize {
    let inner = match &node.kind {
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) => 0,
        NodeKind::Text(text) => text.len(),
        NodeKind::List(items) => items.iter().map(weight).sum(),
        NodeKind::Map(entries) => {
            entries.iter().map(|(key, entry)| key.len() + weight(&entry.node)).sum()
        }
    };
    size_of::<Node>() + inner
}

/// The string under a key, if present.
fn text<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    node.get(key)?.node.text()
}

/// The map under a key, if present.
fn map<'n>(node: &'n Node, key: &str) -> Option<&'n Entries> {
    if let NodeKind::Map(entries) = &node.get(key)?.node.kind { Some(entries) } else { None }
}

/// The entries of the map under a key; none if it is not a map.
fn map_mut<'n>(
    node: &'n mut Node,
    key: &str,
) -> impl Iterator<Item = (&'n Arc<str>, &'n mut Entry)> {
    let map = node.entries_mut().and_then(|entries| entries.get_mut(key)?.node.entries_mut());
    map.into_iter().flat_map(Entries::iter_mut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;
    use ecrane_document::Format;

    #[test]
    fn a_preset_is_shared_until_a_repository_differs() {
        let document = Document::parse(
            "ecrane.yaml",
            Format::Yaml,
            "presets:
  service:
    lifecycleRules: [{ maxImageCount: 5 }]
    tags: { team: shop }
defaults: service
stacks:
  A: { repositories: { One: {}, Two: { tags: { tier: web } } } }
  B: { repositories: { Three: {}, Four: { lifecycleRules: [] } } }
",
        )
        .unwrap();
        let value = |stack: &str, id: &str, property: &str| {
            let place = Place::default().key("stacks").key(stack).key("repositories");
            document.node(&place.key(id).key(property)).unwrap().kind.clone()
        };
        let is_shared = |one: NodeKind, other: NodeKind| match (one, other) {
            (NodeKind::List(one), NodeKind::List(other)) => Arc::ptr_eq(&one, &other),
            (NodeKind::Map(one), NodeKind::Map(other)) => Arc::ptr_eq(&one, &other),
            _ => false,
        };
        for (stack, id, rules, tags) in
            [("A", "Two", true, false), ("B", "Three", true, true), ("B", "Four", false, true)]
        {
            let is_shared =
                |property| is_shared(value("A", "One", property), value(stack, id, property));
            assert_eq!((is_shared("lifecycleRules"), is_shared("tags")), (rules, tags), "{id}");
        }
    }
}
