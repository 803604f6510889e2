//! Where the repositories of a YAML config are, so that they can be parsed by themselves.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use ecrane_document::{Node, NodeKind};

use super::rest::Cut;

/// A YAML text without the entries of its maps of repositories, and where those are.
pub(super) struct Outline {
    /// The text, in which each map has one entry in place of its own: see [`stand_in`].
    pub(super) rest: String,
    pub(super) maps: Vec<Entries>,
}

/// The entries of a map, one behind the other.
pub(super) struct Entries {
    /// Where each begins.
    pub(super) starts: Vec<usize>,
    pub(super) end: usize,
    /// What stands in their place, in the rest.
    stand_in: Range<usize>,
}

impl Entries {
    /// Where some of the entries are, from one position to another.
    pub(super) fn range(&self, first: usize, behind: usize) -> Option<Range<usize>> {
        let end = self.starts.get(behind).unwrap_or(&self.end);
        Some(*self.starts.get(first)?..*end)
    }
}

/// The levels whose keys lead to repositories: of the file, of `stacks`, and of a stack.
const ABOVE: [Option<&str>; 3] = [Some("stacks"), None, Some("repositories")];

/// Divides a text in block style. It goes by the indentation of lines, so what looks like a key may be
/// part of a string: [`Outline::homes`] tells from the tree of the rest.
pub(super) fn outline(text: &str) -> Option<Outline> {
    let is_alone = |(at, _): (usize, _)| text.as_bytes().get(at + 1) != Some(&b'\n');
    if text.match_indices('\r').any(is_alone) {
        return None;
    }
    let mut outline = Outline { rest: String::new(), maps: Vec::new() };
    // The indentation of the keys of each level, down to the current one.
    let mut levels = vec![0];
    let (mut is_opened, mut is_within) = (false, false);
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        let start = end;
        end += line.len();
        let content = line.trim_start_matches(' ');
        let indent = line.len() - content.len();
        let content = content.trim_end();
        if !content.is_empty() && !content.starts_with('#') {
            if content.starts_with('\t') {
                return None;
            }
            while levels.len() > 1 && levels.last().is_some_and(|level| indent < *level) {
                (is_opened, is_within) = (false, false);
                levels.pop();
            }
            let mut is_key = levels.last() == Some(&indent);
            if is_opened && !is_key {
                levels.push(indent);
                is_key = true;
                if levels.len() > ABOVE.len() {
                    let number = outline.maps.len();
                    let before = outline.rest.len();
                    // Writing to a string cannot fail.
                    let _ = writeln!(outline.rest, "{:indent$}\"{}\": ~", "", stand_in(number));
                    let stand_in = before..outline.rest.len();
                    outline.maps.push(Entries { starts: Vec::new(), end, stand_in });
                    is_within = true;
                }
            }
            if is_key {
                let wanted = ABOVE.get(levels.len() - 1);
                is_opened = wanted.is_some_and(|wanted| opens(content, *wanted));
            }
            if let Some(map) = outline.maps.last_mut().filter(|_| is_within && is_key) {
                map.starts.push(start);
            }
        }
        match outline.maps.last_mut().filter(|_| is_within) {
            Some(map) => map.end = end,
            None => outline.rest += line,
        }
    }
    Some(outline)
}

/// Whether a line is a key of this name, or of any, whose value is below it.
fn opens(line: &str, wanted: Option<&str>) -> bool {
    let line = line.split(" #").next().unwrap_or_default().trim_end();
    let Some(key) = line.strip_suffix(':') else { return false };
    let quoted = |quote| key.strip_prefix(quote).and_then(|key| key.strip_suffix(quote));
    wanted.is_none_or(|wanted| key == wanted || quoted('"').or(quoted('\'')) == Some(wanted))
}

/// The key that stands in the place of the entries of a map.
fn stand_in(number: usize) -> String {
    format!("<:{number}:>")
}

impl Outline {
    /// What the rest lacks.
    pub(super) fn cuts(&self) -> Vec<Cut> {
        let cut = |map: &Entries| {
            Some(Cut { stand_in: map.stand_in.clone(), length: map.end - map.starts.first()? })
        };
        self.maps.iter().filter_map(cut).collect()
    }

    /// The ids of the stacks to which the maps belong, by the tree of the rest, from which what stands in
    /// their places is removed. `None` if a map is not where it seemed to be, or there are others.
    pub(super) fn homes(&self, root: &mut Node) -> Option<Vec<String>> {
        let mut homes = Vec::with_capacity(self.maps.len());
        if let Some(stacks) = root.entries_mut().and_then(|root| root.get_mut("stacks")) {
            for (id, stack) in stacks.node.entries_mut()?.iter_mut() {
                let Some(stack) = stack.node.entries_mut() else { continue };
                let Some(repositories) = stack.get_mut("repositories") else { continue };
                let NodeKind::Map(found) = &mut repositories.node.kind else { return None };
                if !found.is_empty() {
                    if !found.keys().map(|key| &**key).eq([stand_in(homes.len()).as_str()]) {
                        return None;
                    }
                    homes.push(id.as_ref().to_owned());
                    *found = Arc::default();
                }
            }
        }
        (homes.len() == self.maps.len()).then_some(homes)
    }
}
