//! Presets: what repositories share is written once.
//!
//! A preset is worth it if the config becomes shorter. The settings of all repositories are the preset
//! that `defaults` names; the others are found one by one, the one that saves the most lines first.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::draft::Comments;

/// The keys that repositories can share. Names and addresses are those of one repository.
const SHARED: [&str; 14] = [
    "imageScanOnPush",
    "imageTagMutability",
    "imageTagMutabilityExclusionFilters",
    "encryption",
    "encryptionKey",
    "removalPolicy",
    "emptyOnDelete",
    "lifecycleRegistryId",
    "tags",
    "lifecycleRules",
    "resourcePolicy",
    "grants",
    "cloudformation",
    "terraform",
];

/// The sets of settings that are tried as presets: the most frequent ones, and what pairs of the most
/// frequent of them have in common.
const TRIED: usize = 40;
const PAIRED: usize = 16;

/// The largest number of presets.
const MOST: usize = 12;

/// A key with a value, by number.
type Items = BTreeSet<usize>;

/// The repositories of a config, as sets of settings.
struct Settings<'c> {
    /// The settings, and what each is worth in lines.
    known: Vec<(&'c str, &'c Value, usize)>,
    /// The settings of each repository.
    repositories: Vec<Items>,
}

/// Moves what repositories share into presets.
pub(crate) fn factor(config: &mut Value, comments: &mut Comments) {
    let source = config.clone();
    let settings = Settings::of(&source);
    let count = settings.repositories.len();
    let mut left = settings.repositories.clone();
    let mut presets: Vec<(String, Items, usize)> = Vec::new();
    let names: Vec<&str> = repositories(&source).map(name).collect();
    // Settings of all repositories.
    let all = left.iter().skip(1).fold(left.first().cloned().unwrap_or_default(), |all, it| {
        all.intersection(it).copied().collect()
    });
    let mut defaults = None;
    if count * settings.lines(&all) > settings.lines(&all) + 3 {
        for items in &mut left {
            *items = items.difference(&all).copied().collect();
        }
        presets.push(("common".to_owned(), all, count));
        defaults = Some("common");
    }
    let mut used: Vec<Option<String>> = vec![None; count];
    while presets.len() < MOST {
        let Some(found) = settings.best(&left, &used) else { break };
        let of: Vec<usize> = (0..count)
            .filter(|at| {
                used.get(*at).is_some_and(Option::is_none)
                    && left.get(*at).is_some_and(|it| it.is_superset(&found))
            })
            .collect();
        let taken = presets.iter().map(|(name, ..)| name.as_str()).collect();
        let those = of.iter().filter_map(|at| names.get(*at).copied()).collect::<Vec<_>>();
        let name = settings.name(&found, &those, &taken);
        for at in &of {
            if let Some(items) = left.get_mut(*at) {
                *items = items.difference(&found).copied().collect();
            }
            if let Some(used) = used.get_mut(*at) {
                *used = Some(name.clone());
            }
        }
        presets.push((name, found, of.len()));
    }
    if presets.is_empty() {
        return;
    }
    let mut elements = Map::new();
    for (name, items, count) in &presets {
        let keys = SHARED.iter().filter_map(|key| {
            let item =
                items.iter().find(|it| settings.known.get(**it).is_some_and(|it| it.0 == *key))?;
            let (_, value, _) = settings.known.get(*item)?;
            Some(((*key).to_owned(), (*value).clone()))
        });
        elements.insert(name.clone(), Value::Object(keys.collect()));
        let text = format!("What {count} repositories share");
        comments.entry(vec!["presets".to_owned(), name.clone()]).or_default().push(text);
    }
    let mut rest = left.iter().zip(used);
    for repository in repositories_mut(config) {
        let Some((items, preset)) = rest.next() else { break };
        let keeps = |key: &str| {
            !SHARED.contains(&key)
                || items.iter().any(|it| settings.known.get(*it).is_some_and(|it| it.0 == key))
        };
        repository.retain(|key, _| keeps(key));
        if let Some(preset) = preset {
            repository.shift_insert(0, "preset".to_owned(), preset.into());
        }
    }
    if let Value::Object(config) = config {
        let at = config.keys().position(|key| key == "stacks").unwrap_or_default();
        config.shift_insert(at, "presets".to_owned(), elements.into());
        if let Some(defaults) = defaults {
            config.shift_insert(at + 1, "defaults".to_owned(), defaults.into());
        }
    }
}

impl<'c> Settings<'c> {
    fn of(config: &'c Value) -> Self {
        let mut numbers: BTreeMap<(&str, String), usize> = BTreeMap::new();
        let mut known = Vec::new();
        let repositories = repositories(config).map(|repository| {
            let shared = repository.iter().filter(|(key, _)| SHARED.contains(&key.as_str()));
            let items = shared.map(|(key, value)| {
                *numbers.entry((key, value.to_string())).or_insert_with(|| {
                    known.push((key.as_str(), value, worth(key, value)));
                    known.len() - 1
                })
            });
            items.collect()
        });
        let repositories = repositories.collect();
        Self { known, repositories }
    }

    fn lines(&self, items: &Items) -> usize {
        items.iter().filter_map(|it| self.known.get(*it)).map(|(.., lines)| lines).sum()
    }

    /// The set of settings that saves the most lines as a preset of the repositories that have none.
    fn best(&self, left: &[Items], used: &[Option<String>]) -> Option<Items> {
        let mut counts: IndexMap<&Items, usize> = IndexMap::new();
        for (items, _) in left.iter().zip(used).filter(|(_, used)| used.is_none()) {
            *counts.entry(items).or_default() += 1;
        }
        let mut frequent: Vec<(&Items, usize)> = counts.iter().map(|(it, n)| (*it, *n)).collect();
        frequent.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let mut tried: Vec<Items> =
            frequent.iter().take(TRIED).map(|(it, _)| (*it).clone()).collect();
        for (at, (one, _)) in frequent.iter().take(PAIRED).enumerate() {
            for (other, _) in frequent.iter().take(PAIRED).skip(at + 1) {
                tried.push(one.intersection(other).copied().collect());
            }
        }
        let saved = |items: &Items| {
            let having = counts.iter().filter(|(it, _)| it.is_superset(items));
            let count: usize = having.map(|(_, count)| count).sum();
            let lines = self.lines(items);
            // Each repository has a line that names the preset, and the preset has a line and a comment.
            (count * lines).checked_sub(count + lines + 2).filter(|it| *it > 0)
        };
        let saving = tried.into_iter().filter_map(|it| Some((saved(&it)?, it)));
        // The first one of several that save the same.
        let best = saving.reduce(|best, it| if it.0 > best.0 { it } else { best });
        best.map(|(_, items)| items)
    }

    /// A name: the beginning that the names of the repositories have in common, or what it is about.
    fn name(&self, items: &Items, repositories: &[&str], taken: &BTreeSet<&str>) -> String {
        let has =
            |key: &str| items.iter().any(|it| self.known.get(*it).is_some_and(|it| it.0 == key));
        let first = repositories.first().and_then(|it| it.split_once('/')).map(|(it, _)| it);
        let group = first.filter(|first| {
            repositories.iter().all(|it| it.split_once('/').is_some_and(|(it, _)| it == *first))
                && first.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
        });
        let about = if has("lifecycleRules") && items.len() == 1 {
            "cleanup"
        } else if has("lifecycleRules") {
            "service"
        } else if has("grants") || has("resourcePolicy") {
            "shared"
        } else if has("tags") {
            "tagged"
        } else {
            "settings"
        };
        let word = group.unwrap_or(about);
        let mut name = word.to_owned();
        let mut number = 2;
        while taken.contains(name.as_str()) {
            name = format!("{word}{number}");
            number += 1;
        }
        name
    }
}

/// What a setting is worth: about as many lines as it takes. Rules that are meant to be the same
/// should be written once, even for two repositories.
fn worth(key: &str, value: &Value) -> usize {
    let rules = value.as_array().filter(|_| key == "lifecycleRules");
    rules.map_or_else(|| lines(value), |rules| 1 + 4 * rules.len())
}

/// About how many lines a value takes in YAML.
fn lines(value: &Value) -> usize {
    match value {
        Value::Array(items) if items.iter().any(|it| it.is_object() || it.is_array()) => {
            1 + items.len()
        }
        Value::Object(entries) if entries.values().any(|it| it.is_object() || it.is_array()) => {
            1 + entries.values().map(lines).sum::<usize>()
        }
        Value::Object(_)
        | Value::Array(_)
        | Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_) => 1,
    }
}

/// The repositories that can inherit presets.
fn repositories(config: &Value) -> impl Iterator<Item = &Map<String, Value>> {
    let stacks = config.get("stacks").and_then(Value::as_object).into_iter().flatten();
    let all = stacks.filter_map(|(_, stack)| stack.get("repositories")?.as_object());
    all.flat_map(Map::values).filter_map(Value::as_object).filter(|it| !it.contains_key("import"))
}

fn repositories_mut(config: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    let stacks = config.get_mut("stacks").and_then(Value::as_object_mut).into_iter();
    let all = stacks
        .flat_map(Map::values_mut)
        .filter_map(|stack| stack.get_mut("repositories").and_then(Value::as_object_mut));
    let all = all.flat_map(Map::values_mut).filter_map(Value::as_object_mut);
    all.filter(|it| !it.contains_key("import"))
}

fn name(repository: &Map<String, Value>) -> &str {
    repository.get("repositoryName").and_then(Value::as_str).unwrap_or_default()
}
