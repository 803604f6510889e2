//! ECR's requirements on the rules of a policy together.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::LifecycleError;
use crate::selection::TagSelection;
use crate::vocabulary::{MAX_RULES, StorageClass, TagStatus};

/// A rule of a policy, with the properties that could be parsed.
#[derive(Debug, Default)]
pub(crate) struct RuleInSet<'r> {
    pub(crate) priority: Option<u64>,
    pub(crate) class: Option<StorageClass>,
    pub(crate) selection: Option<&'r TagSelection>,
}

/// Errors and warnings, each with the position of the rule.
pub(crate) type Found = Vec<(usize, LifecycleError)>;

/// Returns errors and warnings about the rules together.
pub(crate) fn check(rules: &[RuleInSet<'_>]) -> Found {
    let mut found = Found::new();
    if rules.len() > MAX_RULES {
        found.push((MAX_RULES, LifecycleError::TooManyRules { count: rules.len() }));
    }
    let mut priorities = BTreeSet::new();
    for (index, rule) in rules.iter().enumerate() {
        if let Some(priority) = rule.priority
            && !priorities.insert(priority)
        {
            found.push((index, LifecycleError::DuplicatePriority { priority }));
        }
    }
    for class in StorageClass::ALL {
        let members: Vec<_> = rules
            .iter()
            .enumerate()
            .filter(|(_, rule)| rule.class == Some(class))
            .filter_map(|(index, rule)| {
                Some(Member { index, priority: rule.priority, selection: rule.selection? })
            })
            .collect();
        uniqueness(class, &members, &mut found);
        any_is_last(&members, &mut found);
        // The comparison is quadratic, and a policy with this many rules is an error already.
        if rules.len() <= MAX_RULES {
            overlaps(&members, &mut found);
        }
    }
    for (index, rule) in rules.iter().enumerate() {
        let Some((property, list)) = rule.selection.and_then(TagSelection::list) else { continue };
        if list.len() > 1 {
            found.push((index, LifecycleError::EveryTagNeeded { property }));
        }
        if let Some(entry) = rule.selection.and_then(TagSelection::impossible_entry) {
            let entry = entry.to_owned();
            found.push((index, LifecycleError::ImpossibleTag { property, entry }));
        }
    }
    found
}

/// A rule of one storage class.
struct Member<'r> {
    index: usize,
    priority: Option<u64>,
    selection: &'r TagSelection,
}

fn uniqueness(class: StorageClass, members: &[Member<'_>], found: &mut Found) {
    let (mut untagged, mut any) = (false, false);
    let mut lists = BTreeSet::new();
    for member in members {
        let error = match member.selection.status() {
            TagStatus::Untagged => std::mem::replace(&mut untagged, true)
                .then_some(LifecycleError::SecondUntagged { class }),
            TagStatus::Any => {
                std::mem::replace(&mut any, true).then_some(LifecycleError::SecondAny { class })
            }
            TagStatus::Tagged => member.selection.list().and_then(|(property, list)| {
                (!lists.insert((property, list)))
                    .then_some(LifecycleError::DuplicateTagList { property })
            }),
        };
        found.extend(error.map(|error| (member.index, error)));
    }
}

fn any_is_last(members: &[Member<'_>], found: &mut Found) {
    let is_any = |member: &&Member<'_>| *member.selection == TagSelection::Any;
    let others = members.iter().filter(|member| !is_any(member));
    let Some(highest) = others.filter_map(|member| member.priority).max() else { return };
    for any in members.iter().filter(is_any) {
        if let Some(priority) = any.priority
            && priority < highest
        {
            found.push((any.index, LifecycleError::AnyNotLast { priority, highest }));
        }
    }
}

fn overlaps(members: &[Member<'_>], found: &mut Found) {
    let by_priority: BTreeMap<_, _> =
        members.iter().filter_map(|member| Some((member.priority?, member))).collect();
    for (&priority, member) in &by_priority {
        let Some((property, list)) = member.selection.list() else { continue };
        // Equal lists are an error already.
        let earlier = || {
            by_priority
                .range(..priority)
                .map(|(&priority, &earlier)| (priority, earlier))
                .filter(|(_, earlier)| earlier.selection.list() != Some((property, list.clone())))
        };
        let covering = earlier().find(|(_, earlier)| {
            earlier.selection.impossible_entry().is_none()
                && earlier.selection.covers(member.selection)
        });
        if let Some((by, _)) = covering {
            found.push((member.index, LifecycleError::Unreachable { priority, by }));
        }
        let shared = earlier().find_map(|(other, earlier)| {
            let (_, others) = earlier.selection.list().filter(|(key, _)| *key == property)?;
            let entry = (*list.intersection(&others).next()?).to_owned();
            Some(LifecycleError::OverlappingTagLists { property, entry, other })
        });
        found.extend(shared.map(|warning| (member.index, warning)));
    }
}
