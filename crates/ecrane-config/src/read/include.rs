//! Included files: finds them and merges them into the including file.
//!
//! An included file contains `presets` and `stacks`. Stacks and presets of several files are merged
//! by their ids, and so are the maps of constructs in a stack. Any other key may be set in one file
//! only. The including file comes first, then the included files in the order of their names.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use ecrane_document::{Node, NodeKind, Place, SourceFile};
use glob::{MatchOptions, Pattern};

use super::merge_error::MergeError;
use super::notes::{Location, Notes};
use super::shape::{Shape, ShapeError};
use super::source::{included, tree};

/// Merges the included files into a tree. `path` is the path of the including file.
pub(super) fn include(
    root: &mut Node,
    files: &mut Vec<SourceFile>,
    notes: &mut Notes,
    path: Option<&Path>,
) {
    let top = Place::default().key("include");
    // Sorted by name; a file that several patterns match is included once.
    let mut found: BTreeMap<PathBuf, Place> = BTreeMap::new();
    for (index, pattern) in patterns(root) {
        let place = top.index(index);
        let matches = match path {
            Some(path) => find(path, pattern),
            None => Err(MergeError::NoFolder),
        };
        match matches {
            Ok(files) => files.into_iter().for_each(|file| {
                found.entry(file).or_insert_with(|| place.clone());
            }),
            Err(error) => notes.error(place, error),
        }
    }
    for (path, place) in found {
        let used = files.iter().map(|file| file.text.len()).sum::<usize>();
        let file = match included(&path, u64::try_from(used).unwrap_or(u64::MAX)) {
            Ok(file) => file,
            Err(error) => {
                notes.error(place, error);
                continue;
            }
        };
        let aside = top.key(&file.name);
        let index = files.len();
        match tree(&file, index) {
            Ok(node) => unite(root, node, Level::Top, &Place::default(), &aside, notes),
            Err(error) => {
                let location = Location { file: index, span: error.span.clone() };
                notes.error_at(aside, location, error);
            }
        }
        files.push(file);
    }
}

/// The include patterns of a tree. Invalid entries are reported when the shape is checked.
fn patterns(root: &Node) -> Vec<(usize, &str)> {
    let list = root.get("include").map(|entry| &entry.node);
    let items = (0..).map_while(|index| Some((index, list?.item(index)?)));
    items.filter_map(|(index, item)| Some((index, item.text()?))).collect()
}

/// The files that match a pattern, relative to the working directory like the including file.
fn find(including: &Path, pattern: &str) -> Result<Vec<PathBuf>, MergeError> {
    let outside = |what: String| MergeError::Outside { pattern: what };
    let mut names = Vec::new();
    for component in Path::new(pattern).components() {
        match component {
            Component::Normal(name) => names.push(name.to_str().unwrap_or_default()),
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                return Err(outside(pattern.to_owned()));
            }
        }
    }
    let folder = match including.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let unreadable = |error: &std::io::Error| MergeError::Unreadable {
        folder: folder.display().to_string(),
        reason: error.to_string(),
    };
    // Symbolic links are resolved, in the directory and in the matches.
    let real_folder = folder.canonicalize().map_err(|error| unreadable(&error))?;
    let real_including = including.canonicalize().map_err(|error| unreadable(&error))?;
    let options = MatchOptions {
        case_sensitive: true,
        require_literal_separator: true,
        require_literal_leading_dot: true,
    };
    let escaped = Pattern::escape(&real_folder.to_string_lossy());
    let whole = format!("{escaped}/{}", names.join("/"));
    let paths = glob::glob_with(&whole, options)
        .map_err(|error| MergeError::Pattern { pattern: pattern.to_owned(), reason: error.msg })?;
    let mut found = Vec::new();
    for path in paths {
        let path = path.map_err(|error| unreadable(error.error()))?;
        let Ok(below) = path.strip_prefix(&real_folder) else {
            return Err(outside(path.display().to_string()));
        };
        let name = including.parent().unwrap_or(Path::new("")).join(below);
        // A broken link has no canonical path; reading it reports the error.
        if let Ok(real) = path.canonicalize() {
            if !real.starts_with(&real_folder) {
                return Err(outside(name.display().to_string()));
            }
            if real.is_dir() || real == real_including {
                continue;
            }
        }
        found.push(name);
    }
    if found.is_empty() {
        return Err(MergeError::NoMatch { pattern: pattern.to_owned() });
    }
    Ok(found)
}

/// The level of the config at which two files are merged.
#[derive(Clone, Copy)]
enum Level {
    /// The top level of a file.
    Top,
    /// The map of stacks.
    Stacks,
    /// A stack.
    Stack,
    /// Elements by id, which cannot be merged: presets, or constructs of one kind in a stack.
    Ids,
}

impl Level {
    /// The level of the values under a key. `None` if the key may be set in one file only.
    fn below(self, key: &str) -> Option<Self> {
        match (self, key) {
            (Self::Top, "stacks") => Some(Self::Stacks),
            (Self::Stacks, _) => Some(Self::Stack),
            (Self::Top, "presets")
            | (
                Self::Stack,
                "keys" | "principals" | "repositories" | "publicRepositories" | "outputs",
            ) => Some(Self::Ids),
            (Self::Top | Self::Stack | Self::Ids, _) => None,
        }
    }
}

/// Merges the map of one file into the map of another. `place` is the place of both in the tree,
/// and `aside` is the place to report for values that are not merged.
fn unite(
    into: &mut Node,
    from: Node,
    level: Level,
    place: &Place,
    aside: &Place,
    notes: &mut Notes,
) {
    let location = Location::new(from.file, from.span);
    let NodeKind::Map(entries) = from.kind else {
        let found = Shape::from(&from.kind);
        let fact = ShapeError::WrongType { expected: vec![Shape::Map], found, written: None };
        return notes.error_at(aside.clone(), location, fact);
    };
    // A value that is not a map is reported when the shape is checked.
    let Some(own) = into.entries_mut() else { return };
    for (key, entry) in Arc::unwrap_or_clone(entries) {
        let aside = aside.key(&key);
        let location = Location::new(entry.node.file, entry.key_span);
        match (level, key.as_ref()) {
            (Level::Top, "$schema") => continue,
            (Level::Top, "presets" | "stacks") | (Level::Stacks | Level::Stack | Level::Ids, _) => {
            }
            (Level::Top, _) => {
                let fact = ShapeError::unknown_key(&key, ["presets", "stacks"].into_iter());
                notes.error_at(aside.on_key(), location, fact);
                continue;
            }
        }
        let place = place.key(&key);
        match (own.get_mut(key.as_ref()), level.below(&key)) {
            (None, _) => {
                own.insert(key, entry);
            }
            (Some(first), Some(level)) => {
                unite(&mut first.node, entry.node, level, &place, &aside, notes);
            }
            (Some(_), None) => {
                let fact = MergeError::DefinedTwice {
                    key: key.as_ref().to_owned(),
                    first: place.on_key(),
                };
                notes.error_at(aside.on_key(), location, fact);
            }
        }
    }
}
