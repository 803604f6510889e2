//! A config document: its files, and the tree of values in them.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

use ecrane_document::{Format, Node, NodeKind, Place, Problem, SourceFile, Span, Step};

use super::load_error::{FileSyntaxError, LoadError};
use super::notes::{Location, Notes};
use super::rest::{Rest, below};
use super::shape::{Shape, ShapeError};
use super::source::{file, source, tree};
use super::{decode, in_pieces, include, preset, references};
use crate::element::{Config, DURATIONS};

/// A config document: its files, and the tree of values in them.
///
/// The tree combines all files: included files are merged into it, and so are presets into the
/// repositories that inherit them. Each value keeps its location in its file.
///
/// ```
/// use ecrane_config::{Document, Format};
///
/// let text = "stacks:\n  Registry:\n    repositories: { App: { emptyOnDelete: yes } }\n";
/// let document = Document::parse("ecrane.yaml", Format::Yaml, text)?;
/// let problem = document.decode().unwrap_err();
/// assert_eq!(problem.fact.to_string(), "expected true or false, found a string");
/// let location = document.locate(&problem.place).unwrap();
/// assert_eq!(&text[location.span], "yes");
/// # Ok::<(), ecrane_config::LoadError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Document {
    files: Vec<SourceFile>,
    /// Made when it is asked for, if the config was deserialized without it.
    tree: OnceLock<Tree>,
    /// What the config was deserialized from, if not from the tree.
    rest: Option<Rest>,
}

/// The values of all files.
#[derive(Debug, Clone)]
struct Tree {
    root: Node,
    notes: Notes,
}

impl Document {
    /// Reads a config file and the files that it includes. The file extension determines the
    /// format.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read or has a syntax error. [`Document::decode`]
    /// reports the problems of included files.
    pub fn load(path: &Path) -> Result<Self, LoadError> {
        Self::read(source(path, 0)?, Some(path))
    }

    /// Parses a string, which cannot include files. `name` is the file name to show in problems.
    ///
    /// # Errors
    /// Returns an error if the string has a syntax error.
    pub fn parse(name: &str, format: Format, text: &str) -> Result<Self, LoadError> {
        Self::read(file(name.to_owned(), format, text.to_owned()), None)
    }

    /// Reads a config file and the files that it includes, and deserializes the config.
    ///
    /// This is [`Document::load`] and [`Document::decode`] in less time and memory: the tree of a
    /// large config takes more memory than the config, and is made only when it is asked for.
    ///
    /// ```
    /// use ecrane_config::Document;
    ///
    /// let folder = std::env::temp_dir().join(format!("ecrane-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// let path = folder.join("ecrane.json");
    /// std::fs::write(&path, r#"{ "stacks": { "Registry": { "repositories": { "App": {} } } } }"#)?;
    /// let (document, config) = Document::load_and_decode(&path)?;
    /// assert_eq!(config.unwrap(), document.decode().unwrap());
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Document::load`]. The config is that of [`Document::decode`], or its first problem.
    pub fn load_and_decode(path: &Path) -> Result<(Self, Result<Config, Problem>), LoadError> {
        Self::read_and_decode(source(path, 0)?, Some(path))
    }

    /// Parses a string and deserializes the config, as [`Document::load_and_decode`] does with a file.
    ///
    /// # Errors
    /// As [`Document::parse`].
    pub fn parse_and_decode(
        name: &str,
        format: Format,
        text: String,
    ) -> Result<(Self, Result<Config, Problem>), LoadError> {
        Self::read_and_decode(file(name.to_owned(), format, text), None)
    }

    fn read_and_decode(
        file: SourceFile,
        path: Option<&Path>,
    ) -> Result<(Self, Result<Config, Problem>), LoadError> {
        if let Some((config, rest)) = in_pieces::config(&file) {
            let document = Self { files: vec![file], tree: OnceLock::new(), rest: Some(rest) };
            return Ok((document, Ok(config)));
        }
        let document = Self::read(file, path)?;
        let config = document.decode();
        Ok((document, config))
    }

    fn read(file: SourceFile, path: Option<&Path>) -> Result<Self, LoadError> {
        let mut root = match tree(&file, 0) {
            Ok(root) => root,
            Err(error) => return Err(LoadError::Syntax(Box::new(FileSyntaxError { file, error }))),
        };
        let mut notes = Notes::default();
        let mut files = vec![file];
        include::include(&mut root, &mut files, &mut notes, path);
        preset::apply(&mut root, &mut notes);
        Ok(Self { files, tree: Tree { root, notes }.into(), rest: None })
    }

    /// The tree. When it is made here, there is one file, which is well-formed and includes none.
    fn tree(&self) -> &Tree {
        self.tree.get_or_init(|| {
            let made = self.files.first().and_then(|file| tree(file, 0).ok());
            let empty = || Node { span: Span::default(), file: 0, kind: NodeKind::Null };
            let mut made = Tree { root: made.unwrap_or_else(empty), notes: Notes::default() };
            preset::apply(&mut made.root, &mut made.notes);
            made
        })
    }

    /// The files, in the order in which they were read.
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// The root value.
    pub fn root(&self) -> &Node {
        &self.tree().root
    }

    /// The document without the problems of its includes and presets, with a change of its root.
    pub(super) fn changed(&self, change: impl FnOnce(&mut Node)) -> Self {
        let Tree { root, notes } = self.tree();
        let (mut root, elsewhere) = (root.clone(), notes.elsewhere.clone());
        change(&mut root);
        let notes = Notes { problems: Vec::new(), elsewhere };
        Self { files: self.files.clone(), tree: Tree { root, notes }.into(), rest: None }
    }

    /// The problems of includes and presets.
    pub fn problems(&self) -> &[Problem] {
        &self.tree().notes.problems
    }

    /// The location of a place in its file: of the key if the place refers to a key. If the place
    /// does not exist, the location of its nearest existing parent.
    pub fn locate(&self, place: &Place) -> Option<Location> {
        let above = self.rest.as_ref().filter(|_| place.is_on_key() && self.tree.get().is_none());
        if let Some(key) = above.and_then(|rest| rest.key(place)) {
            return Some(Location::new(0, key));
        }
        if let Some(location) = self.tree().notes.elsewhere.get(place) {
            return Some(location.clone());
        }
        let (mut node, mut key) = (self.root(), None);
        let mut steps = place.steps().into_iter();
        let is_whole = steps.by_ref().all(|step| match below(node, step) {
            Some((inner, inner_key)) => {
                (node, key) = (inner, inner_key);
                true
            }
            None => false,
        });
        // For a missing value, the key of the map that lacks it is more precise than the entire
        // map.
        let span = match key {
            Some(key) if place.is_on_key() || !is_whole || node.span.is_empty() => key,
            _ => node.span,
        };
        Some(Location::new(node.file, span))
    }

    /// The problems in the order of the files, without duplicates: a problem in a preset is not
    /// repeated for every repository that inherits it.
    pub fn in_order<'p>(
        &self,
        problems: impl IntoIterator<Item = &'p Problem>,
    ) -> Vec<&'p Problem> {
        let mut reported = BTreeSet::new();
        let mut placed = Vec::new();
        for problem in problems {
            let location = self.locate(&problem.place).map(|Location { file, span }| (file, span));
            let start = location.as_ref().map(|(file, span)| (*file, span.start));
            let is_new = location.is_none_or(|(file, span)| {
                let fact = (problem.fact.code(), problem.fact.to_string());
                reported.insert((file, span.start, span.end, fact))
            });
            if is_new {
                placed.push((start, problem));
            }
        }
        placed.sort_by_key(|(start, _)| *start);
        placed.into_iter().map(|(_, problem)| problem).collect()
    }

    /// The value at a place, if it exists.
    pub fn node(&self, place: &Place) -> Option<&Node> {
        place.steps().into_iter().try_fold(self.root(), |node, step| Some(below(node, step)?.0))
    }

    /// The source text of the value at a place.
    pub fn written(&self, place: &Place) -> Option<&str> {
        let node = self.node(place)?;
        self.files.get(Location::new(node.file, node.span).file)?.text.get(node.span.range())
    }

    /// Deserializes the config.
    ///
    /// # Errors
    /// Returns the first problem if the includes or presets are invalid, or if a value does not
    /// have the expected shape.
    pub fn decode(&self) -> Result<Config, Problem> {
        if let Some(problem) = self.problems().first() {
            return Err(problem.clone());
        }
        let mut config: Config =
            decode::decode(self.root()).map_err(|(place, fact)| self.problem(place, fact))?;
        config.references = references::references(self.root());
        Ok(config)
    }

    /// A problem with the shape of a value, extended with its source text.
    pub fn problem(&self, place: Place, mut fact: ShapeError) -> Problem {
        if let ShapeError::WrongType { written, found, .. } = &mut fact {
            *written = self.written(&place).map(str::to_owned);
            let is_duration =
                matches!(place.last(), Some(Step::Key(key)) if DURATIONS.contains(&&**key));
            if let (Shape::Number, true, Some(number)) = (found, is_duration, written) {
                fact = ShapeError::DurationWithoutUnit { number: std::mem::take(number) };
            }
        }
        Problem::error(place, fact)
    }

    /// Converts the values to JSON.
    pub fn to_json(&self) -> serde_json::Value {
        self.root().to_json()
    }
}
