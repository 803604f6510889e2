//! A config as it was probably meant, so that one mistake does not hide the next.

use std::error::Error;

use ecrane_document::{Entry, Node, NodeKind, Place, Problem, Step};

use super::document::Document;
use super::shape::ShapeError;

impl Document {
    /// The document with problems of its shape mended as they suggest: a key or word is taken for
    /// the one it looks like, a number for the text that it was to be, and any other unknown key is
    /// left out.
    ///
    /// What stands in it is judged further, and never rendered. `None` where a problem cannot be
    /// mended so.
    #[must_use]
    pub fn mended(&self, problems: &[Problem]) -> Option<Self> {
        let mut document = self.clone();
        // From the innermost out, so that the places of the others stay right.
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

/// Gives the key at a place another name, or leaves it out.
fn rename(document: &mut Document, place: &Place, name: Option<&str>) -> Option<()> {
    let (Step::Key(key), parent) = (place.steps().last()?, place.parent()?) else { return None };
    let NodeKind::Map(entries) = &mut at(document, &parent)?.kind else { return None };
    let position = entries.get_index_of(key.as_ref())?;
    let entry: Entry = entries.shift_remove(key.as_ref())?;
    match name {
        Some(name) if !entries.contains_key(name) => {
            entries.shift_insert(position, name.to_owned(), entry);
        }
        // What a section says is not known when its name is not: others may refer to it.
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
