//! Repairs a document for validation, so that one mistake does not hide the others.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::sync::Arc;

use ecrane_document::{Entry, Node, NodeKind, Place, Problem, Step};

use super::document::Document;
use super::merge_error::MergeError;
use super::shape::{Shape, ShapeError};
use crate::error::ConfigError;

/// A document with its problems repaired or cut out. It is validated further but never rendered.
///
/// A value is repaired if its meaning is clear: an unknown key or word is replaced by its
/// suggestion, and a value of the wrong type by the one that its source text spells. Any other
/// value with a problem is removed. Places in the repaired document are converted back to places
/// in the original one.
#[derive(Debug)]
pub struct Mending<'d> {
    original: &'d Document,
    edits: Edits,
    /// The files or sections that are missing may define any id.
    hides_ids: bool,
    /// The presets that are missing may set any property.
    hides_values: bool,
}

/// What is changed at a place, and below it.
#[derive(Debug, Default)]
struct Edits {
    own: Option<Edit>,
    below: BTreeMap<Step, Edits>,
}

#[derive(Debug, PartialEq)]
enum Edit {
    Remove,
    Rename(String),
    Replace(NodeKind),
}

impl<'d> Mending<'d> {
    /// Starts from the problems of a document.
    pub fn new<'p>(
        original: &'d Document,
        problems: impl IntoIterator<Item = &'p Problem>,
    ) -> Self {
        let edits = Edits::default();
        let mut mending = Self { original, edits, hides_ids: false, hides_values: false };
        for problem in original.problems() {
            let fact: &dyn Error = problem.fact.as_ref();
            match (fact.downcast_ref::<ConfigError>(), fact.downcast_ref::<MergeError>()) {
                (Some(_), _) | (_, Some(MergeError::PresetCircle { .. })) => {
                    mending.hides_values = true;
                }
                (_, Some(MergeError::PresetHas { .. } | MergeError::DefinedTwice { .. })) => {}
                _ => (mending.hides_ids, mending.hides_values) = (true, true),
            }
        }
        mending.take(problems);
        mending
    }

    /// Repairs more problems, whose places are those of the original document. Returns whether that
    /// changes the document.
    pub fn take<'p>(&mut self, problems: impl IntoIterator<Item = &'p Problem>) -> bool {
        let mut changes = false;
        for problem in problems {
            let fact: &dyn Error = problem.fact.as_ref();
            if let Some(fact) = fact.downcast_ref::<ShapeError>() {
                for (place, edit) in self.edits(&problem.place, fact) {
                    changes |= self.edits.add(&place, edit);
                }
            }
        }
        changes
    }

    fn edits(&self, place: &Place, fact: &ShapeError) -> Vec<(Place, Edit)> {
        let edit = match fact {
            ShapeError::UnknownKey { suggestion: Some(name), .. } if self.is_free(place, name) => {
                Edit::Rename(name.clone())
            }
            ShapeError::NotOneOf { suggestion: Some(word), .. } => {
                Edit::Replace(NodeKind::Text(word.as_str().into()))
            }
            ShapeError::WrongType { expected, written, .. } => written
                .as_deref()
                .and_then(|written| spelt(written, expected))
                .map_or(Edit::Remove, Edit::Replace),
            ShapeError::SeveralOfKeys { given } => {
                let others = given.iter().skip(1);
                return others.map(|key| (place.key(key), Edit::Remove)).collect();
            }
            ShapeError::UnknownKey { .. }
            | ShapeError::NotOneOf { .. }
            | ShapeError::DurationWithoutUnit { .. }
            | ShapeError::AwsForm { .. }
            | ShapeError::MissingKey { .. }
            | ShapeError::NoneOfKeys { .. }
            | ShapeError::OutOfRange { .. }
            | ShapeError::Other { .. } => Edit::Remove,
        };
        vec![(place.clone(), edit)]
    }

    /// Whether the map at a place has no key of this name, and gets none.
    fn is_free(&self, place: &Place, name: &str) -> bool {
        let Some(parent) = place.parent() else { return false };
        let is_key = self.original.node(&parent).is_some_and(|map| map.get(name).is_some());
        let renamed = self.edits.at(&parent).into_iter().flat_map(|edits| edits.below.values());
        !is_key
            && !renamed.clone().any(|e| matches!(&e.own, Some(Edit::Rename(new)) if new == name))
    }

    /// The repaired document.
    pub fn document(&self) -> Document {
        self.original.changed(|root| self.edits.apply(root))
    }

    /// Converts problems of the repaired document to problems of the original document.
    pub fn originals(&self, problems: impl IntoIterator<Item = Problem>) -> Vec<Problem> {
        let original = |problem: Problem| {
            let place = self.edits.original(&problem.place);
            Problem { place, ..problem }
        };
        problems.into_iter().map(original).collect()
    }

    /// Whether a problem of the repaired document may follow from a repair. Its place is that of the
    /// original document.
    pub fn is_consequence(&self, problem: &Problem) -> bool {
        // A problem of a value that is a guess is about a text that is not in the file.
        if !problem.place.is_on_key()
            && self.edits.at(&problem.place).is_some_and(|edits| edits.own.is_some())
        {
            return true;
        }
        let fact: &dyn Error = problem.fact.as_ref();
        if let Some(ConfigError::UnknownId { id, .. }) = fact.downcast_ref::<ConfigError>() {
            let removed = self.removed_ids();
            // `Stack/Id`, or an id that is a path.
            let parts = id.split_once('/').map(|(stack, local)| [stack, local]);
            let mut ids = parts.into_iter().flatten().chain([id.as_str()]);
            return self.hides_ids || ids.any(|id| removed.contains(id));
        }
        if !problem.fact.depends_on_defaults() {
            return false;
        }
        // What is missing may be what was removed from the same element. A problem of its shape is
        // at the element, any other one may be at another property of it.
        let element = match fact.downcast_ref::<ShapeError>() {
            Some(_) => problem.place.clone(),
            None if self.hides_values => return true,
            None => problem.place.parent().unwrap_or_default(),
        };
        self.edits.at(&element).is_some_and(Edits::removes)
    }

    /// The keys in the removed values: some of them are ids that other values refer to.
    fn removed_ids(&self) -> BTreeSet<&str> {
        let mut ids = BTreeSet::new();
        self.edits.removed_ids(self.original.root(), &mut ids);
        ids
    }
}

impl Edits {
    /// Adds an edit. Returns whether it is new.
    fn add(&mut self, place: &Place, edit: Edit) -> bool {
        let below = place
            .steps()
            .into_iter()
            .fold(self, |edits, step| edits.below.entry(step.clone()).or_default());
        let is_new = below.own.as_ref() != Some(&edit);
        // What is wrong again after its repair is removed.
        below.own = Some(if below.own.is_some() { Edit::Remove } else { edit });
        is_new
    }

    fn at(&self, place: &Place) -> Option<&Self> {
        place.steps().into_iter().try_fold(self, |edits, step| edits.below.get(step))
    }

    fn removes(&self) -> bool {
        self.own == Some(Edit::Remove) || self.below.values().any(Self::removes)
    }

    fn apply(&self, node: &mut Node) {
        if let Some(Edit::Replace(kind)) = &self.own {
            node.kind = kind.clone();
        }
        for (step, edits) in &self.below {
            let child = match (&mut node.kind, step) {
                (NodeKind::Map(entries), Step::Key(key)) => {
                    Arc::make_mut(entries).get_mut(key.as_ref()).map(|entry| &mut entry.node)
                }
                (NodeKind::List(items), Step::Index(index)) => Arc::make_mut(items).get_mut(*index),
                _ => None,
            };
            if let Some(child) = child {
                edits.apply(child);
            }
        }
        let own = |step: &Step| self.below.get(step).and_then(|edits| edits.own.as_ref());
        match &mut node.kind {
            NodeKind::Map(entries) => {
                let is_edited = |step: &Step| matches!(step, Step::Key(_));
                if !self.below.keys().any(is_edited) {
                    return;
                }
                let edited = std::mem::take(Arc::make_mut(entries)).into_iter().filter_map(
                    |(key, entry)| match own(&Step::Key(Arc::clone(&key))) {
                        Some(Edit::Remove) => None,
                        Some(Edit::Rename(name)) => Some((name.as_str().into(), entry)),
                        Some(Edit::Replace(_)) | None => Some((key, entry)),
                    },
                );
                *entries = Arc::new(edited.collect());
            }
            NodeKind::List(items) => {
                let is_kept = |index: usize| own(&Step::Index(index)) != Some(&Edit::Remove);
                let kept = items.iter().enumerate().filter(|(index, _)| is_kept(*index));
                *items = kept.map(|(_, item)| item.clone()).collect();
            }
            NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) => {}
        }
    }

    /// The place in the original document for a place in the repaired one.
    fn original(&self, place: &Place) -> Place {
        let mut edits = Some(self);
        let whole = place.steps().into_iter().fold(Place::default(), |whole, step| {
            let step = edits.map_or_else(|| step.clone(), |edits| edits.original_step(step));
            edits = edits.and_then(|edits| edits.below.get(&step));
            match step {
                Step::Key(key) => whole.key(&key),
                Step::Index(index) => whole.index(index),
            }
        });
        if place.is_on_key() { whole.on_key() } else { whole }
    }

    fn original_step(&self, step: &Step) -> Step {
        match step {
            Step::Key(key) => {
                let renamed = self.below.iter().find(
                    |(_, edits)| matches!(&edits.own, Some(Edit::Rename(name)) if **name == **key),
                );
                renamed.map_or(step, |(original, _)| original).clone()
            }
            Step::Index(index) => {
                let mut index = *index;
                for (removed, edits) in &self.below {
                    if let Step::Index(removed) = removed
                        && edits.own == Some(Edit::Remove)
                        && *removed <= index
                    {
                        index += 1;
                    }
                }
                Step::Index(index)
            }
        }
    }

    fn removed_ids<'n>(&self, node: &'n Node, ids: &mut BTreeSet<&'n str>) {
        for (step, edits) in &self.below {
            match (&node.kind, step) {
                (NodeKind::Map(entries), Step::Key(key)) => {
                    let Some((key, entry)) = entries.get_key_value(key.as_ref()) else { continue };
                    if edits.own == Some(Edit::Remove) {
                        ids.insert(key);
                        keys(&entry.node, ids);
                    } else {
                        edits.removed_ids(&entry.node, ids);
                    }
                }
                (NodeKind::List(items), Step::Index(index)) => {
                    if let Some(item) = items.get(*index) {
                        edits.removed_ids(item, ids);
                    }
                }
                _ => {}
            }
        }
    }
}

/// All keys in a value.
fn keys<'n>(node: &'n Node, ids: &mut BTreeSet<&'n str>) {
    if let NodeKind::Map(entries) = &node.kind {
        for (key, Entry { node, .. }) in entries.iter() {
            ids.insert(key);
            keys(node, ids);
        }
    }
}

/// The value of an expected shape that a source text spells: `yes` for a boolean, `"30"` for a
/// number, `012345678901` for a string.
fn spelt(written: &str, expected: &[Shape]) -> Option<NodeKind> {
    let bare = written.trim_matches(['"', '\'']);
    if bare.contains(['\n', '{', '[']) || bare.is_empty() {
        return None;
    }
    expected.iter().find_map(|shape| match shape {
        Shape::Bool => match bare {
            "yes" | "Yes" | "on" | "On" | "y" | "true" => Some(NodeKind::Bool(true)),
            "no" | "No" | "off" | "Off" | "n" | "false" => Some(NodeKind::Bool(false)),
            _ => None,
        },
        Shape::WholeNumber | Shape::Number => {
            bare.parse::<u64>().ok().map(|number| NodeKind::Number(number.into()))
        }
        // A text without quotes is a number or a boolean, as a string was expected.
        Shape::Text if bare != "null" && bare != "~" => Some(NodeKind::Text(bare.into())),
        Shape::Text | Shape::Null | Shape::List | Shape::Map => None,
    })
}
