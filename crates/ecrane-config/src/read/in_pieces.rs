//! Deserializes a config without a tree of all of it: each repository is parsed, merged with its presets,
//! deserialized and forgotten, on all processors. A tree takes several times the memory of the text, and
//! more than the elements.
//!
//! This is for configs without problems. Whatever is not as expected is left to the tree of the whole
//! config, which tells what is wrong and where.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use ecrane_document::{
    Format, JsonDesk, JsonMap, Node, NodeKind, Place, SourceFile, Span, in_parallel, outline_json,
};
use indexmap::IndexMap;

use super::decode::decode;
use super::notes::Notes;
use super::preset::{Layers, Presets};
use super::references::references;
use super::rest::Rest;
use super::{yaml, yaml_outline};
use crate::element::{Config, Repository};

/// The maps of repositories.
const PATH: [Option<&str>; 3] = [Some("stacks"), None, Some("repositories")];
/// The repositories that are taken at once: most stacks have fewer.
const AT_ONCE: usize = 512;

/// Deserializes the config of a file that includes none, and returns it with the rest of the file.
/// `None` if that needs the tree.
pub(super) fn config(file: &SourceFile) -> Option<(Config, Rest)> {
    let text = &file.text;
    match file.format {
        Format::Json => {
            let (rest, maps) = outline_json(text, 0, &PATH).ok()?;
            let parts = maps.iter().flat_map(|JsonMap { path, entries }| {
                entries.chunks(AT_ONCE).map(move |entries| Part {
                    stack: path.get(1).map_or("", |id| id),
                    of: entries.len(),
                    entries: Entries::Json { text, entries },
                })
            });
            let config = whole(&rest, &parts.collect::<Vec<_>>())?;
            Some((config, Rest { root: rest, cuts: Vec::new() }))
        }
        Format::Yaml => {
            let outline = yaml_outline::outline(text)?;
            let mut rest = yaml::parse(&outline.rest, 0).ok()?;
            let homes = outline.homes(&mut rest)?;
            let mut parts = Vec::new();
            for (map, stack) in outline.maps.iter().zip(&homes) {
                let of = map.starts.len();
                for first in (0..of).step_by(AT_ONCE) {
                    let behind = of.min(first + AT_ONCE);
                    let text = text.get(map.range(first, behind)?)?;
                    let entries = Entries::Yaml { text, count: behind - first };
                    parts.push(Part { stack, of, entries });
                }
            }
            let config = whole(&rest, &parts)?;
            Some((config, Rest { root: rest, cuts: outline.cuts() }))
        }
        Format::Toml => None,
    }
}

/// Some repositories of a stack.
struct Part<'f> {
    stack: &'f str,
    /// The number of all repositories of the stack.
    of: usize,
    entries: Entries<'f>,
}

enum Entries<'f> {
    Json {
        text: &'f str,
        entries: &'f [Span],
    },
    /// As the entries of a map.
    Yaml {
        text: &'f str,
        count: usize,
    },
}

/// The config of a tree without repositories, and of those.
fn whole(rest: &Node, parts: &[Part<'_>]) -> Option<Config> {
    if rest.get("include").is_some() {
        return None;
    }
    let mut config: Config = decode(rest).ok()?;
    config.references = references(rest);
    let mut notes = Notes::default();
    let presets =
        Presets::of(rest, parts.iter().map(|part| part.entries.count()).sum(), &mut notes)?;
    if !notes.problems.is_empty() {
        return None;
    }
    let (inherited, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let desk =
        || Desk { json: JsonDesk::default(), layers: presets.layers(), inherited: &inherited };
    let decoded = in_parallel(parts, desk, |desk, part| {
        let found = if is_over.load(Ordering::Relaxed) { None } else { desk.decode(part) };
        is_over.fetch_or(found.is_none(), Ordering::Relaxed);
        found
    });
    for (Part { stack, of, .. }, repositories) in parts.iter().zip(decoded) {
        let own = &mut config.stacks.get_mut(*stack)?.repositories;
        if own.is_empty() {
            *own = repositories?;
            own.reserve_exact(of - own.len());
        } else {
            let more = repositories?.into_iter();
            if !more.map(|(id, repository)| own.insert(id, repository)).all(|it| it.is_none()) {
                return None;
            }
        }
    }
    Some(config)
}

impl Entries<'_> {
    fn count(&self) -> usize {
        match self {
            Self::Json { entries, .. } => entries.len(),
            Self::Yaml { count, .. } => *count,
        }
    }
}

/// What a processor has for its parts.
struct Desk<'p> {
    json: JsonDesk,
    layers: Layers<'p>,
    /// What all repositories have inherited so far, in bytes.
    inherited: &'p AtomicUsize,
}

impl Desk<'_> {
    /// Deserializes some repositories.
    fn decode(&mut self, part: &Part<'_>) -> Option<IndexMap<String, Repository>> {
        let mut repositories = IndexMap::with_capacity(part.entries.count());
        match part.entries {
            Entries::Json { text, entries } => {
                for entry in entries {
                    let (id, node) = self.json.entry(text, *entry, 0, PATH.len()).ok()?;
                    let before = repositories.insert(id.into_owned(), self.repository(node)?);
                    if before.is_some() {
                        return None;
                    }
                }
            }
            Entries::Yaml { text, count } => {
                let map = yaml::parse_without_anchors(text).ok()?;
                let NodeKind::Map(entries) = map.kind else { return None };
                if entries.len() != count {
                    return None;
                }
                for (id, entry) in Arc::unwrap_or_clone(entries) {
                    repositories.insert(id.as_ref().to_owned(), self.repository(entry.node)?);
                }
            }
        }
        Some(repositories)
    }

    fn repository(&mut self, mut node: Node) -> Option<Repository> {
        let mut notes = Notes::default();
        let more = self.layers.inherit(&mut node, Place::default, &mut notes);
        let inherited = self.inherited.fetch_add(more, Ordering::Relaxed) + more;
        let is_as_expected = !self.layers.presets().is_exceeded_by(inherited)
            && notes.problems.is_empty()
            && references(&node).is_empty();
        is_as_expected.then(|| decode(&node).ok()).flatten()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Document;

    /// The config in pieces and that of the tree.
    fn both(format: Format, text: &str) -> (Option<Config>, Option<Config>) {
        let document = Document::parse("ecrane", format, text).ok();
        let whole = document.and_then(|document| document.decode().ok());
        let name = "ecrane".to_owned();
        let pieces = config(&SourceFile { name, format, text: text.to_owned() });
        (pieces.map(|(config, _)| config), whole)
    }

    #[test]
    fn is_the_config_of_the_tree() {
        let repositories: serde_json::Map<_, _> = (0..3 * AT_ONCE / 2)
            .map(|number| {
                let preset = ["service", "base"][number % 2];
                (
                    format!("App{number}"),
                    json!({ "preset": preset, "repositoryName": format!("a/{number}") }),
                )
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
        let (pieces, whole) = both(Format::Json, &text.to_string());
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
            let text = format!(
                r#"{{ "stacks": {{ "Shop": {{ "repositories": {{ {repository} }} }} }} }}"#
            );
            let (pieces, whole) = both(Format::Json, &text);
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
            assert_eq!(both(Format::Json, text), (None, None), "{text}");
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
            let (pieces, whole) = both(Format::Json, &with(count).to_string());
            assert_eq!((pieces.is_some(), whole.is_some()), (is_within, is_within), "{count}");
        }
    }

    const BLOCKS: &str = "%YAML 1.2
---
# stacks:
'presets':
  service: &s { tags: { a: '1' } }
defaults: service
terraform:
  provider:
    comment: |
      stacks:
        A:
          repositories:
            B: 1
\"stacks\":   # all
    Shop:
      description: >-
        repositories:
          None: {}

      repositories:
      # the first
        'App': {}
        Worker:   # second
          preset: service
          tags:
            b: |
              c
           # less than the text

          grants:
          - to: { account: '444455556666' }
            allow: pull
    # none
      tags: { a: b }
    Other:
      repositories:
          Third: { lifecycleRules: [
              { maxImageCount: 3 }] }
    Empty:
      repositories:
    Flow: { tags: {} }
compatibility: { awsCdk: '2' }
";

    #[test]
    fn is_the_config_of_blocks() {
        let text = BLOCKS.replace("    Empty:\n      repositories:\n", "");
        for text in [text.clone(), text.replace('\n', "\r\n"), text.trim_end().to_owned()] {
            let (pieces, whole) = both(Format::Yaml, &text);
            assert!(
                whole.is_some(),
                "{:?}",
                Document::parse("", Format::Yaml, &text).map(|it| it.decode())
            );
            assert_eq!(pieces, whole);
        }
        assert_eq!(both(Format::Yaml, BLOCKS), (None, None));
    }

    #[test]
    fn keys_above_repositories_are_where_they_are_in_the_tree() {
        let blocks = BLOCKS.replace("    Empty:\n      repositories:\n", "");
        let json = r#"{ "stacks": { "Shop": { "repositories": { "A": {} } }, "Other": {} } }"#;
        for (format, text) in [(Format::Yaml, &*blocks), (Format::Json, json)] {
            let tree = Document::parse("", format, text).unwrap();
            let file = SourceFile { name: String::new(), format, text: text.to_owned() };
            let (_, rest) = config(&file).unwrap();
            for id in ["Shop", "Other"] {
                let place = Place::default().key("stacks").key(id).on_key();
                let span = rest.key(&place).map(Span::range);
                assert_eq!(span, tree.locate(&place).map(|location| location.span), "{text}");
                assert_eq!(rest.key(&place.key("repositories").key("App").on_key()), None);
            }
        }
    }

    #[test]
    fn blocks_that_are_not_as_they_seem() {
        for (text, is_valid) in [
            // A map that closes at the level of its key.
            ("stacks:\n  A:\n    repositories:\n      B: {\n      }\n", true),
            // An anchor that is used elsewhere, or might be.
            ("stacks:\n  A:\n    repositories:\n      B: &b {}\n      C: *b\n", true),
            (
                "stacks:\n  A:\n    repositories: &a\n      B: {}\n  D:\n    repositories: *a\n",
                true,
            ),
            // Another style.
            ("stacks: { A: { repositories: { B: {} } } }\n", true),
            ("stacks:\n  A: { repositories: { B: {} } }\n", true),
            ("stacks:\n  A:\n    ? repositories\n    : B: {}\n", true),
            // What looks like keys is in a string.
            ("stacks:\n  A:\n    description: \"a\n\n    repositories:\n      B: {}\"\n", true),
            ("stacks:\n  A:\n    repositories:\n      B: {}\n      B: {}\n", false),
            ("stacks:\n  A:\n    repositories:\n      B: {}\n     C: {}\n", false),
            ("stacks:\n  A:\n    repositories:\n      B: {}\n\tC: {}\n", false),
            ("stacks:\n  A:\n    repositories:\n      - B\n", false),
            ("stacks:\n  A:\n    repositories:\n      B: {}\n---\nstacks: {}\n", false),
        ] {
            let (pieces, whole) = both(Format::Yaml, text);
            assert_eq!((pieces.is_some(), whole.is_some()), (false, is_valid), "{text}");
        }
    }
}
