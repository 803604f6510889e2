//! Updates: a config, and a second config with one change.

use serde_json::{Map, Value, json};

use crate::random::Random;
use crate::shrink::{self, at_mut};
use crate::targets::in_one_place;
use crate::{Dialect, config};

/// A config, and the change that leads to the second config, which is deployed over it.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// The first config.
    pub before: Value,
    change: Change,
}

/// The change.
#[derive(Debug, Clone, PartialEq)]
struct Change {
    /// The path of keys to the changed value.
    place: Vec<String>,
    edit: Edit,
}

#[derive(Debug, Clone, PartialEq)]
enum Edit {
    Add(Value),
    Remove,
    Replace(Value),
    /// Renames the element to this id, at the same position.
    Rename(String),
}

/// Keys that an update does not change, nor anything below them: a change would create another
/// stack, require replacing a resource that has a physical name, move the Terraform state, or
/// affect one backend only.
const FIXED: [&str; 24] = [
    "alias",
    "assumedBy",
    "backend",
    "cloudformation",
    "creationTemplates",
    "encryption",
    "encryptionKey",
    "env",
    "exportName",
    "groupName",
    "import",
    "inlinePolicy",
    "lifecycleRegistryId",
    "logicalId",
    "path",
    "pullThroughCacheRules",
    "repositoryName",
    "roleName",
    "ruleName",
    "shards",
    "stackName",
    "terraform",
    "terraformNames",
    "userName",
];

/// Maps of a stack whose keys are construct ids.
const CONSTRUCTS: [&str; 4] = ["repositories", "principals", "keys", "publicRepositories"];

/// Generates the update of a seed.
///
/// The first config is [`config`] of the same seed, in one account and region, possibly without the element that the update
/// adds. A change may leave a reference to a removed element, which ecrane rejects, or may have no
/// effect on the output.
pub fn update(dialect: Dialect, seed: u64) -> Update {
    let mut full = config(dialect, seed);
    in_one_place(&mut full);
    // Independent of the random numbers of the config.
    let mut random = Random::new(!seed);
    let mut all = Vec::new();
    gather(&full, &mut Vec::new(), &mut all);
    let constructs: Vec<_> = all.iter().filter(|place| is_construct(place)).cloned().collect();
    let is_repository = |place: &&Vec<String>| place.iter().any(|key| key == "repositories");
    let repositories: Vec<_> = constructs.iter().filter(is_repository).cloned().collect();
    let any = if random.chance(50) && !constructs.is_empty() { &constructs } else { &all };
    let mut pick = |places: &[Vec<String>]| {
        if places.is_empty() { Vec::new() } else { random.pick(places) }
    };
    let (place, construct, repository) = (pick(any), pick(&constructs), pick(&repositories));
    match random.below(8) {
        0 | 1 => {
            let value = at(&full, &place).cloned().unwrap_or_default();
            let mut before = full;
            shrink::remove(&mut before, &place);
            Update { before, change: Change { place, edit: Edit::Add(value) } }
        }
        2 | 3 => Update { before: full, change: Change { place, edit: Edit::Remove } },
        4 | 5 => {
            let scalars: Vec<_> =
                all.iter().filter(|place| at(&full, place).and_then(other).is_some()).collect();
            let place = scalars.get(random.below(scalars.len()));
            let place = place.map(|place| (*place).clone()).unwrap_or_default();
            let value = at(&full, &place).and_then(other).unwrap_or_default();
            Update { before: full, change: Change { place, edit: Edit::Replace(value) } }
        }
        6 => {
            let mut place = repository;
            place.push("terraformName".into());
            let edit = Edit::Add("another_name".into());
            Update { before: full, change: Change { place, edit } }
        }
        // With the generated name of a repository, its address has to change: see the README.
        _ if at(&full, &construct).is_some_and(|it| it.get("terraformName").is_some()) => {
            Update { before: full, change: Change { place: construct, edit: Edit::Remove } }
        }
        _ => {
            let to = format!("{}Renamed", construct.last().map_or("", String::as_str));
            Update { before: full, change: Change { place: construct, edit: Edit::Rename(to) } }
        }
    }
}

impl Update {
    /// The second config. `None` if the path does not exist in the first config.
    pub fn after(&self) -> Option<Value> {
        let mut after = self.before.clone();
        let Change { place, edit } = &self.change;
        let (last, parents) = place.split_last()?;
        let parent = at_mut(&mut after, parents)?;
        match (parent, edit) {
            (Value::Object(entries), Edit::Add(value)) => {
                entries.insert(last.clone(), value.clone());
            }
            (Value::Array(items), Edit::Add(value)) => {
                let at = last.parse::<usize>().ok()?.min(items.len());
                items.insert(at, value.clone());
            }
            (parent, Edit::Replace(value)) => {
                *at_mut(parent, std::slice::from_ref(last))? = value.clone();
            }
            (_, Edit::Remove) => {
                at(&after, place)?;
                shrink::remove(&mut after, place);
            }
            (Value::Object(entries), Edit::Rename(to)) => {
                entries.get(last)?;
                let renamed = std::mem::take(entries).into_iter();
                *entries = renamed
                    .map(|(id, value)| (if id == *last { to.clone() } else { id }, value))
                    .collect::<Map<_, _>>();
            }
            _ => return None,
        }
        Some(after)
    }

    /// Returns the smallest first config for which the same change `still_fails`, as
    /// [`shrink::smallest`] does.
    ///
    /// # Errors
    ///
    /// The error of `still_fails`.
    pub fn smallest<E>(
        &self,
        mut still_fails: impl FnMut(&Self) -> Result<bool, E>,
    ) -> Result<Self, E> {
        let with = |before: &Value| Self { before: before.clone(), change: self.change.clone() };
        let before = shrink::smallest(&self.before, |smaller| {
            let smaller = with(smaller);
            if smaller.after().is_none() { Ok(false) } else { still_fails(&smaller) }
        })?;
        Ok(with(&before))
    }
}

/// Describes the change.
impl std::fmt::Display for Update {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let place = self.change.place.join("/");
        match &self.change.edit {
            Edit::Add(_) => write!(f, "{place} is added"),
            Edit::Remove => write!(f, "{place} is removed"),
            Edit::Replace(value) => write!(f, "{place} becomes {value}"),
            Edit::Rename(to) => write!(f, "{place} is renamed to {to}"),
        }
    }
}

/// Collects all places in the stacks that can change.
fn gather(value: &Value, place: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(entries) => entries.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (key, child) in children {
        let is_in_stacks = place.first().map_or(key == "stacks", |first| first == "stacks");
        let is_fixed = place.len() > 1 && FIXED.contains(&key.as_str());
        // The targets of a stack, unlike those of an event.
        if !is_in_stacks || is_fixed || (place.len() == 2 && key == "targets") {
            continue;
        }
        place.push(key);
        if place.len() > 1 {
            found.push(place.clone());
        }
        gather(child, place, found);
        place.pop();
    }
}

fn is_construct(place: &[String]) -> bool {
    matches!(place, [_, _, kind, _] if CONSTRUCTS.contains(&kind.as_str()))
}

/// Another valid value for this place.
fn other(value: &Value) -> Option<Value> {
    match value {
        Value::Bool(value) => Some(json!(!value)),
        Value::Number(number) => Some(json!(number.as_u64()?.checked_add(1)?)),
        Value::String(text) => Some(match text.as_str() {
            "MUTABLE" => json!("IMMUTABLE"),
            "IMMUTABLE" => json!("MUTABLE"),
            "retain" => json!("destroy"),
            "destroy" => json!("retain"),
            "pull" => json!("pullPush"),
            "pullPush" => json!("pull"),
            text => json!(format!("{text}x")),
        }),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn at<'v>(value: &'v Value, place: &[String]) -> Option<&'v Value> {
    place.iter().try_fold(value, |value, key| match value {
        Value::Object(entries) => entries.get(key),
        Value::Array(items) => items.get(key.parse::<usize>().ok()?),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    #[test]
    fn a_seed_gives_the_same_update_each_time() {
        for seed in 0..50 {
            assert_eq!(update(Dialect::Ecrane, seed), update(Dialect::Ecrane, seed));
        }
    }

    #[test]
    fn things_are_added_removed_changed_and_renamed() {
        let updates: Vec<_> = (0..2000).map(|seed| update(Dialect::Ecrane, seed)).collect();
        let differ =
            updates.iter().filter(|update| update.after().as_ref() != Some(&update.before));
        assert!(differ.count() > 900);
        let said: Vec<_> = updates.iter().map(ToString::to_string).collect();
        for what in [" is added", " is removed", " becomes ", " is renamed to ", "/terraformName"] {
            assert!(said.iter().filter(|said| said.contains(what)).count() > 10, "{what}");
        }
        for kind in CONSTRUCTS {
            let removed = |said: &&String| {
                said.split('/').nth(2) == Some(kind) && said.ends_with(" is removed")
            };
            assert!(said.iter().any(|said| removed(&said)), "{kind}");
        }
        let is_stack =
            |said: &&String| said.split('/').count() == 2 && said.ends_with(" is removed");
        assert!(said.iter().any(|said| is_stack(&said)));
    }

    #[test]
    fn the_first_config_gets_smaller_and_the_change_stays() {
        let before = json!({ "stacks": { "S": { "repositories": { "A": { "tags": { "x": "y" } }, "B": {} } } } });
        let place = ["stacks", "S", "repositories", "A"].map(String::from).to_vec();
        let update = Update { before, change: Change { place, edit: Edit::Remove } };
        let smallest = update.smallest(|_| Ok::<_, Infallible>(true)).unwrap();
        assert_eq!(smallest.before, json!({ "stacks": { "S": { "repositories": { "A": {} } } } }));
        assert_eq!(smallest.after(), Some(json!({ "stacks": { "S": { "repositories": {} } } })));
    }

    #[test]
    fn a_renamed_element_keeps_its_position() {
        let before = json!({ "stacks": { "S": { "repositories": { "A": {}, "B": {} } } } });
        let place = ["stacks", "S", "repositories", "A"].map(String::from).to_vec();
        let update = Update { before, change: Change { place, edit: Edit::Rename("C".into()) } };
        let after = update.after().unwrap().to_string();
        assert_eq!(after, r#"{"stacks":{"S":{"repositories":{"C":{},"B":{}}}}}"#);
    }
}
