//! A config as it is written: its files, and the tree of values in them.

use std::io::ErrorKind;
use std::ops::Range;
use std::path::Path;

use super::{Config, FileSyntaxError, Format, LoadError, Node, ShapeError, SourceFile};
use super::{decode, json, toml, yaml};
use crate::diagnostic::{Place, Problem, Step};

/// A config as it is written: its files, and the tree of values in them.
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
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    files: Vec<SourceFile>,
    root: Node,
}

/// Where in the files something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The index of the file among those of the document.
    pub file: usize,
    /// Its bytes there.
    pub span: Range<usize>,
}

impl Document {
    /// Reads a file, by the format that its extension stands for.
    ///
    /// # Errors
    /// When it cannot be read, or breaks its format.
    pub fn load(path: &Path) -> Result<Self, LoadError> {
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
        Self::parse(&path.display().to_string(), format, &text)
    }

    /// Reads a text; `name` is what its file is called in problems.
    ///
    /// # Errors
    /// When it breaks its format.
    pub fn parse(name: &str, format: Format, text: &str) -> Result<Self, LoadError> {
        // Spans count from the first letter, so a byte-order mark goes before anything is read.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let file = SourceFile { name: name.to_owned(), format, text: text.to_owned() };
        let read = match format {
            Format::Yaml => yaml::parse,
            Format::Json => json::parse,
            Format::Toml => toml::parse,
        };
        match read(&file.text, 0) {
            Ok(root) => Ok(Self { files: vec![file], root }),
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

    /// Where a place stands: its key if the key is meant, and if it is not there, what is nearest
    /// above it.
    pub fn locate(&self, place: &Place) -> Option<Location> {
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
    /// When it is not of the right shape: the first problem.
    pub fn decode(&self) -> Result<Config, Problem> {
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
