//! A config as it is written: its files, and the tree of values in them.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

use ecrane_document::{Format, Node, Place, Problem, SourceFile, Step};

use super::load_error::{FileSyntaxError, LoadError};
use super::notes::{Location, Notes};
use super::shape::ShapeError;
use super::source::{file, source, tree};
use super::{decode, include, preset};
use crate::element::Config;

/// A config as it is written: its files, and the tree of values in them.
///
/// The tree is that of all files together: what they include is part of it, and presets are merged
/// under the repositories that take them. A value keeps the place where it stands, in whichever
/// file.
///
/// ```
/// use ecrane_config::{Document, Format};
///
/// let text = "stacks:\n  Registry:\n    repositories: { App: { emptyOnDelete: yes } }\n";
/// let document = Document::parse("ecrane.yaml", Format::Yaml, text)?;
/// let problem = document.decode().unwrap_err();
/// assert_eq!(problem.fact.to_string(), "expected true or false, found a text");
/// let location = document.locate(&problem.place).unwrap();
/// assert_eq!(&text[location.span], "yes");
/// # Ok::<(), ecrane_config::LoadError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Document {
    files: Vec<SourceFile>,
    root: Node,
    notes: Notes,
}

impl Document {
    /// Reads a file, by the format that its extension stands for, and those that it includes.
    ///
    /// # Errors
    /// When it cannot be read, or breaks its format. What is wrong with an included file is told by
    /// [`Document::decode`].
    pub fn load(path: &Path) -> Result<Self, LoadError> {
        let mut document = Self::read(source(path)?)?;
        include::include(&mut document.root, &mut document.files, &mut document.notes, Some(path));
        preset::apply(&mut document.root, &mut document.notes);
        Ok(document)
    }

    /// Reads a text, which cannot include files; `name` is what its file is called in problems.
    ///
    /// # Errors
    /// When it breaks its format.
    pub fn parse(name: &str, format: Format, text: &str) -> Result<Self, LoadError> {
        let mut document = Self::read(file(name.to_owned(), format, text))?;
        include::include(&mut document.root, &mut document.files, &mut document.notes, None);
        preset::apply(&mut document.root, &mut document.notes);
        Ok(document)
    }

    fn read(file: SourceFile) -> Result<Self, LoadError> {
        match tree(&file, 0) {
            Ok(root) => Ok(Self { files: vec![file], root, notes: Notes::default() }),
            Err(error) => Err(LoadError::Syntax(Box::new(FileSyntaxError { file, error }))),
        }
    }

    /// The files, in the order in which they are read.
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// The outermost value.
    pub fn root(&self) -> &Node {
        &self.root
    }

    pub(super) fn root_mut(&mut self) -> &mut Node {
        &mut self.root
    }

    /// What is wrong with how the files and presets are put together.
    pub fn problems(&self) -> &[Problem] {
        &self.notes.problems
    }

    /// Where a place stands: its key if the key is meant, and if it is not there, what is nearest
    /// above it.
    pub fn locate(&self, place: &Place) -> Option<Location> {
        if let Some(location) = self.notes.elsewhere.get(place) {
            return Some(location.clone());
        }
        let (mut node, mut key) = (&self.root, None);
        let mut steps = place.steps().iter();
        let is_whole = steps.by_ref().all(|step| match below(node, step) {
            Some((inner, inner_key)) => {
                (node, key) = (inner, inner_key);
                true
            }
            None => false,
        });
        // Where a value is missing, the key of the map that lacks it says more than all the map.
        let span = match key {
            Some(key) if place.is_on_key() || !is_whole || node.span.is_empty() => key.clone(),
            _ => node.span.clone(),
        };
        self.files.get(node.file).map(|_| Location { file: node.file, span })
    }

    /// The problems in the order of the files, each once: what is wrong with a preset is not
    /// reported again for every repository that takes it.
    pub fn in_order<'p>(
        &self,
        problems: impl IntoIterator<Item = &'p Problem>,
    ) -> Vec<&'p Problem> {
        let mut told = BTreeSet::new();
        let mut placed = Vec::new();
        for problem in problems {
            let location = self.locate(&problem.place).map(|Location { file, span }| (file, span));
            let start = location.as_ref().map(|(file, span)| (*file, span.start));
            let is_new = location.is_none_or(|(file, span)| {
                let fact = (problem.fact.code(), problem.fact.to_string());
                told.insert((file, span.start, span.end, fact))
            });
            if is_new {
                placed.push((start, problem));
            }
        }
        placed.sort_by_key(|(start, _)| *start);
        placed.into_iter().map(|(_, problem)| problem).collect()
    }

    /// The value at a place, if there is one.
    pub fn node(&self, place: &Place) -> Option<&Node> {
        place.steps().iter().try_fold(&self.root, |node, step| Some(below(node, step)?.0))
    }

    /// How the value at a place is written.
    pub fn written(&self, place: &Place) -> Option<&str> {
        let node = self.node(place)?;
        self.files.get(node.file)?.text.get(node.span.clone())
    }

    /// What the config says, in types.
    ///
    /// # Errors
    /// When its files and presets cannot be put together, or it is not of the right shape: the
    /// first problem.
    pub fn decode(&self) -> Result<Config, Problem> {
        if let Some(problem) = self.notes.problems.first() {
            return Err(problem.clone());
        }
        decode::decode(&self.root).map_err(|(place, fact)| self.problem(place, fact))
    }

    /// A problem with the shape of a value, with what the source tells about it.
    pub fn problem(&self, place: Place, mut fact: ShapeError) -> Problem {
        if let ShapeError::WrongType { written, .. } = &mut fact {
            *written = self.written(&place).map(str::to_owned);
        }
        Problem::error(place, fact)
    }

    /// The same values as JSON.
    pub fn to_json(&self) -> serde_json::Value {
        self.root.to_json()
    }
}

/// The value a step below another, and its key if that is a map.
fn below<'a>(node: &'a Node, step: &Step) -> Option<(&'a Node, Option<&'a Range<usize>>)> {
    match step {
        Step::Key(key) => node.get(key).map(|entry| (&entry.node, Some(&entry.key_span))),
        Step::Index(index) => node.item(*index).map(|item| (item, None)),
    }
}
