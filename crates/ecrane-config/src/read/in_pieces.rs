//! Deserializes a config without a tree of all of it: each repository is parsed, merged with its presets,
//! deserialized and forgotten, on all processors. A tree takes several times the memory of the text, and
//! more than the elements.
//!
//! This is for configs without problems. Whatever is not as expected is left to the tree of the whole
//! config, which tells what is wrong and where.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use ecrane_document::{
    Format, JsonDesk, JsonMap, Node, Place, SourceFile, Span, in_parallel, outline_json,
};
use indexmap::IndexMap;

use super::decode::decode;
use super::notes::Notes;
use super::preset::{Layers, Presets};
use super::references::references;
use crate::element::{Config, Repository};

/// The maps of repositories.
const PATH: [Option<&str>; 3] = [Some("stacks"), None, Some("repositories")];
/// The repositories that are taken at once: most stacks have fewer.
const AT_ONCE: usize = 512;

/// Deserializes the config of a file that includes none. `None` if that needs the tree.
pub(super) fn config(file: &SourceFile) -> Option<Config> {
    if file.format != Format::Json {
        return None;
    }
    let (rest, maps) = outline_json(&file.text, 0, &PATH).ok()?;
    if rest.get("include").is_some() {
        return None;
    }
    let mut config: Config = decode(&rest).ok()?;
    config.references = references(&rest);
    let pieces = Pieces::new(file, &rest, &maps)?;
    let parts = || maps.iter().flat_map(|map| map.entries.chunks(AT_ONCE).map(move |it| (map, it)));
    let desk = || (JsonDesk::default(), pieces.presets.layers());
    let decoded = in_parallel(parts(), desk, |(desk, layers), (map, entries)| {
        let found = pieces.decode(map, entries, desk, layers);
        pieces.is_over.fetch_or(found.is_none(), Ordering::Relaxed);
        found
    });
    for ((map, _), part) in parts().zip(decoded) {
        let stack = config.stacks.get_mut(&**map.path.get(1)?)?;
        add(&mut stack.repositories, part?, map.entries.len())?;
    }
    Some(config)
}

/// Adds repositories to those of a stack, which is to have a number of them. `None` if one has the id of
/// another.
fn add(
    to: &mut IndexMap<String, Repository>,
    part: IndexMap<String, Repository>,
    count: usize,
) -> Option<()> {
    if to.is_empty() {
        *to = part;
        return Some(());
    }
    to.reserve_exact(count - to.len());
    let is_new = part.into_iter().all(|(id, repository)| to.insert(id, repository).is_none());
    is_new.then_some(())
}

/// What all pieces of a config have in common.
struct Pieces<'f> {
    file: &'f SourceFile,
    presets: Presets,
    /// What the repositories have inherited so far, in bytes.
    inherited: AtomicUsize,
    /// Whether a piece was not as expected.
    is_over: AtomicBool,
}

impl<'f> Pieces<'f> {
    fn new(file: &'f SourceFile, rest: &Node, maps: &[JsonMap]) -> Option<Self> {
        let mut notes = Notes::default();
        let count = maps.iter().map(|map| map.entries.len()).sum();
        let presets = Presets::of(rest, count, &mut notes)?;
        let (inherited, is_over) = Default::default();
        notes.problems.is_empty().then_some(Self { file, presets, inherited, is_over })
    }

    /// Deserializes some of the repositories of a map.
    fn decode(
        &self,
        map: &JsonMap,
        entries: &[Span],
        desk: &mut JsonDesk,
        layers: &mut Layers<'_>,
    ) -> Option<IndexMap<String, Repository>> {
        if self.is_over.load(Ordering::Relaxed) {
            return None;
        }
        let mut repositories = IndexMap::with_capacity(entries.len());
        for entry in entries {
            let (id, mut node) = desk.entry(&self.file.text, *entry, 0, map.path.len()).ok()?;
            let mut notes = Notes::default();
            let more = layers.inherit(&mut node, Place::default, &mut notes);
            let inherited = self.inherited.fetch_add(more, Ordering::Relaxed) + more;
            if self.presets.is_exceeded_by(inherited)
                || !notes.problems.is_empty()
                || !references(&node).is_empty()
            {
                return None;
            }
            let before = repositories.insert(id.into_owned(), decode(&node).ok()?);
            if before.is_some() {
                return None;
            }
        }
        Some(repositories)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Document;

    /// The config in pieces and that of the tree.
    fn both(text: &str) -> (Option<Config>, Option<Config>) {
        let document = Document::parse("ecrane.json", Format::Json, text).ok();
        let whole = document.and_then(|document| document.decode().ok());
        let name = "ecrane.json".to_owned();
        (config(&SourceFile { name, format: Format::Json, text: text.to_owned() }), whole)
    }

    #[test]
    fn is_the_config_of_the_tree() {
        let repositories: serde_json::Map<_, _> = (0..3 * AT_ONCE / 2)
            .map(|number| {
                let preset = ["service", "base"][number % 2];
                (format!("App{number}"), json!({ "preset": preset, "repositoryName": format!("a/{number}") }))
            })
            .collect();
        let text = json!({
            "presets": { "base": { "tags": { "a": "1" } }, "service": { "preset": "base", "tags": { "b": "2" } } },
            "defaults": "base",
            "stacks": {
                "A": { "repositories": repositories, "tags": { "team": "${AWS::StackName}" } },
                "B": { "repositories": {} },
                "C": { "repositories": { "D": { "import": { "repositoryName": "d" } }, "E": {} }, "shards": 2 },
                "D": {},
            },
        });
        let (pieces, whole) = both(&text.to_string());
        assert!(whole.is_some());
        assert_eq!(pieces, whole);
    }

    #[test]
    fn leaves_what_is_not_as_expected_to_the_tree() {
        for (repository, is_valid) in [
            (r#""A": {}, "A": {}"#, false),
            (r#""A": { "imageScanOnPush": 1 }"#, false),
            (r#""A": { "preset": "unknown" }"#, false),
            (r#""A": {"#, false),
            (r#""A": { "tags": { "a": "${AWS::StackName}" } }"#, true),
        ] {
            let text = format!(r#"{{ "stacks": {{ "Shop": {{ "repositories": {{ {repository} }} }} }} }}"#);
            let (pieces, whole) = both(&text);
            assert_eq!((pieces.is_some(), whole.is_some()), (false, is_valid), "{repository}");
        }
        for text in [
            "{}",
            "",
            r#"{ "stacks": [] }"#,
            r#"{ "include": ["*.yaml"], "stacks": {} }"#,
            r#"{ "stacks": { "A": { "repositories": [] } } }"#,
            r#"{ "defaults": "unknown", "stacks": {} }"#,
        ] {
            assert_eq!(both(text), (None, None), "{text}");
        }
    }

    #[test]
    fn inherits_no_more_than_the_bound() {
        let long = "x".repeat(64 * 1024);
        let with = |count: usize| {
            let app = |number| (format!("App{number}"), json!({}));
            let repositories: serde_json::Map<_, _> = (0..count).map(app).collect();
            json!({
                "presets": { "long": { "tags": { "a": long } } },
                "defaults": "long",
                "stacks": { "A": { "repositories": repositories } },
            })
        };
        for (count, is_within) in [(500, true), (520, false)] {
            let (pieces, whole) = both(&with(count).to_string());
            assert_eq!((pieces.is_some(), whole.is_some()), (is_within, is_within), "{count}");
        }
    }
}
