//! Corrects a config by the suggestions of its problems, so that one mistake does not hide another.

use std::error::Error;

use ecrane_document::{Entry, Node, NodeKind, Place, Problem, Step};

use super::document::Document;
use super::shape::ShapeError;

impl Document {
    /// Returns the document with the problems of its shape corrected: an unknown key or word is
    /// replaced by its suggestion, a number is replaced by its source text where a string is
    /// expected, and any other unknown key is removed.
    ///
    /// The result is validated further but never rendered. Returns `None` if a problem cannot be
    /// corrected.
    #[must_use]
    pub fn mended(&self, problems: &[Problem]) -> Option<Self> {
        let mut document = self.clone();
        // From the innermost place outwards, so that the other places remain valid.
        let mut problems: Vec<&Problem> = problems.iter().collect();
        problems.sort_by_key(|problem| std::cmp::Reverse(problem.place.steps().len()));
        for problem in problems {
            let fact: &dyn Error = problem.fact.as_ref();
            match fact.downcast_ref::<ShapeError>()? {
                ShapeError::UnknownKey { suggestion, .. } => {
                    rename(&mut document, &problem.place, suggestion.as_deref())?;
                }
                ShapeError::NotOneOf { suggestion: Some(word), .. } => {
                    at(&mut document, &problem.place)?.kind = NodeKind::Text(word.clone());
                }
                ShapeError::WrongType { .. } => {
                    let written = self.written(&problem.place)?.to_owned();
                    let node = at(&mut document, &problem.place)?;
                    match node.kind {
                        NodeKind::Number(_) | NodeKind::Bool(_) => {
                            node.kind = NodeKind::Text(written);
                        }
                        NodeKind::Null
                        | NodeKind::Text(_)
                        | NodeKind::List(_)
                        | NodeKind::Map(_) => return None,
                    }
                }
                ShapeError::NotOneOf { suggestion: None, .. }
                | ShapeError::MissingKey { .. }
                | ShapeError::NoneOfKeys { .. }
                | ShapeError::SeveralOfKeys { .. }
                | ShapeError::OutOfRange { .. }
                | ShapeError::Other { .. } => return None,
            }
        }
        Some(document)
    }
}

/// Renames the key at a place, or removes it.
fn rename(document: &mut Document, place: &Place, name: Option<&str>) -> Option<()> {
    let (Step::Key(key), parent) = (place.steps().last()?, place.parent()?) else { return None };
    let NodeKind::Map(entries) = &mut at(document, &parent)?.kind else { return None };
    let position = entries.get_index_of(key.as_ref())?;
    let entry: Entry = entries.shift_remove(key.as_ref())?;
    match name {
        Some(name) if !entries.contains_key(name) => {
            entries.shift_insert(position, name.to_owned(), entry);
        }
        // Do not drop an entire section with an unknown name: other values may refer to its
        // content.
        None if place.steps().len() <= 3 => return None,
        Some(_) | None => {}
    }
    Some(())
}

/// The value at a place.
fn at<'d>(document: &'d mut Document, place: &Place) -> Option<&'d mut Node> {
    place.steps().iter().try_fold(document.root_mut(), |node, step| match (&mut node.kind, step) {
        (NodeKind::Map(entries), Step::Key(key)) => {
            entries.get_mut(key.as_ref()).map(|entry| &mut entry.node)
        }
        (NodeKind::List(items), Step::Index(index)) => items.get_mut(*index),
        _ => None,
    })
}
