//! A config as it is written: its files, and the tree of values in them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::ops::Range;
use std::path::Path;

use super::{Config, FileSyntaxError, Format, LoadError, Node, ShapeError, SourceFile};
use super::{decode, include, json, preset, toml, yaml};
use crate::diagnostic::{Explain, Place, Problem, Step};

/// A config as it is written: its files, and the tree of values in them.
///
/// The tree is that of all files together: what they include is part of it, and presets are merged
/// under the repositories that take them. A value keeps the place where it stands, in whichever
/// file.
///
/// ```
/// use ecrane_core::Place;
/// use ecrane_core::config::{Document, Format};
///
/// let text = "stacks:\n  Registry:\n    repositories: { App: { emptyOnDelete: yes } }\n";
/// let document = Document::parse("ecrane.yaml", Format::Yaml, text)?;
/// let problem = document.decode().unwrap_err();
/// assert_eq!(problem.fact.to_string(), "expected true or false, found a text");
/// let location = document.locate(&problem.place).unwrap();
/// assert_eq!(&text[location.span], "yes");
/// # Ok::<(), ecrane_core::config::LoadError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Document {
    files: Vec<SourceFile>,
    root: Node,
    notes: Notes,
}

/// Where in the files something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The index of the file among those of the document.
    pub file: usize,
    /// Its bytes there.
    pub span: Range<usize>,
}

/// What is wrong with how the files and presets are put together.
#[derive(Debug, Clone, Default)]
pub(super) struct Notes {
    problems: Vec<Problem>,
    /// Where that stands which did not get into the tree.
    elsewhere: BTreeMap<Place, Location>,
}

impl Notes {
    pub(super) fn error(&mut self, place: Place, fact: impl Explain) {
        self.problems.push(Problem::error(place, fact));
    }

    /// Notes what is wrong with something that is not in the tree.
    pub(super) fn error_at(&mut self, place: Place, location: Location, fact: impl Explain) {
        self.elsewhere.insert(place.clone(), location);
        self.error(place, fact);
    }
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

    /// The problems, each once: what is wrong with a preset is not told again for every repository
    /// that takes it.
    pub fn distinct<'p>(
        &self,
        problems: impl IntoIterator<Item = &'p Problem>,
    ) -> impl Iterator<Item = &'p Problem> {
        let mut told = BTreeSet::new();
        problems.into_iter().filter(move |problem| match self.locate(&problem.place) {
            Some(Location { file, span }) => {
                let fact = (problem.fact.code(), problem.fact.to_string());
                told.insert((file, span.start, span.end, fact))
            }
            None => true,
        })
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

/// A file as it is on disk.
pub(super) fn source(path: &Path) -> Result<SourceFile, LoadError> {
    let owned = || path.to_path_buf();
    if path.is_dir() {
        return Err(LoadError::Directory { path: owned() });
    }
    let format = Format::of(path).ok_or_else(|| LoadError::UnknownFormat { path: owned() })?;
    let bytes = std::fs::read(path).map_err(|source| {
        if source.kind() == ErrorKind::NotFound {
            LoadError::Missing { path: owned() }
        } else {
            LoadError::Unreadable { path: owned(), source }
        }
    })?;
    let text = String::from_utf8(bytes).map_err(|error| LoadError::NotUtf8 {
        path: owned(),
        offset: error.utf8_error().valid_up_to(),
    })?;
    Ok(file(path.display().to_string(), format, &text))
}

fn file(name: String, format: Format, text: &str) -> SourceFile {
    // Spans count from the first letter, so a byte-order mark goes before anything is read.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    SourceFile { name, format, text: text.to_owned() }
}

/// The values of a file that is the `index`th of its document.
pub(super) fn tree(file: &SourceFile, index: usize) -> Result<Node, super::SyntaxError> {
    let read = match file.format {
        Format::Yaml => yaml::parse,
        Format::Json => json::parse,
        Format::Toml => toml::parse,
    };
    read(&file.text, index)
}
