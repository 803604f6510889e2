//! The place of existing repositories among the grants of a role, whose inline policy has no place for all
//! of them: it decides which statements are in which policy.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::draft::Draft;

/// A repository: its stack and ID.
pub(crate) type Place = (usize, String);

/// One of the policies of a role for which the inline policy has no place for all grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Inline,
    Overflow,
}

/// The way through the statements of one of the policies. Grants are in the order of the stacks and of their
/// repositories.
pub(crate) struct Walk<'w> {
    /// The stack of the last repository.
    home: usize,
    last: Option<(Value, Place)>,
    /// The existing repositories of all policies of the role.
    seen: &'w mut BTreeSet<String>,
}

impl<'w> Walk<'w> {
    pub(crate) fn new(home: usize, seen: &'w mut BTreeSet<String>) -> Self {
        Self { home, last: None, seen }
    }

    /// The repository of a statement. An existing one comes after the last one; at another place, it is
    /// another construct with the same name.
    pub(crate) fn place(
        &mut self,
        draft: &mut Draft<'_>,
        stack: usize,
        id: &str,
        resource: &Value,
    ) -> Option<Place> {
        if let Some(place) = draft.declared(stack, resource) {
            if draft.env(place.0) == draft.env(stack) {
                self.home = self.home.max(place.0);
            }
            self.last = None;
            return Some(place);
        }
        if let Some((value, place)) = &self.last
            && value == resource
        {
            return Some(place.clone());
        }
        let is_other = !self.seen.insert(resource.to_string());
        let place = draft.existing(stack, resource, Some(id), (self.home, is_other))?;
        self.last = Some((resource.clone(), place.clone()));
        Some(place)
    }
}

/// The sequences that put the existing repositories of a policy before the next one of their stack that has
/// no place in it.
pub(crate) fn early(
    draft: &Draft<'_>,
    sequence: &[Place],
    has_no_place: impl Fn(&Place) -> bool,
) -> Vec<Vec<Place>> {
    let mut last: Option<&Place> = None;
    let mut found = Vec::new();
    for place in sequence {
        let Some(out) = draft.out.get(place.0) else { continue };
        let is_import =
            |id: &str| out.repositories.get(id).is_some_and(|it| it.element.contains_key("import"));
        if !is_import(&place.1) {
            last = Some(place);
            continue;
        }
        let at = last.filter(|it| it.0 == place.0);
        let at = at.and_then(|it| out.repositories.get_index_of(&it.1));
        let mut next = out.repositories.keys().skip(at.map_or(0, |it| it + 1));
        let next = next.find(|it| !is_import(it) && has_no_place(&(place.0, (*it).clone())));
        if let Some(next) = next {
            found.push(vec![place.clone(), (place.0, next.clone())]);
        }
    }
    found
}
