//! Grants of which `minimizePolicies` merged the statements.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::draft::{Dialect, Draft};
use crate::overflow::Place;
use crate::policy::Statement;

/// The first repository of each statement. One whose own repositories come later than those of the next
/// begins with an existing repository, the place of which is unknown.
pub(crate) fn first_of_each(draft: &Draft<'_>, statements: &[Vec<Place>]) -> Vec<Place> {
    let is_import = |it: &&Place| {
        let repository = draft.out.get(it.0).and_then(|out| out.repositories.get(&it.1));
        repository.is_some_and(|it| it.element.contains_key("import"))
    };
    let place = |it: &&Place| {
        let out = draft.out.get(it.0);
        (it.0, out.and_then(|out| out.repositories.get_index_of(&it.1)))
    };
    let own = |statement: &[Place]| {
        statement.iter().filter(|it| !is_import(it)).min_by_key(place).cloned()
    };
    let mut used = BTreeSet::new();
    let first = statements.iter().enumerate().filter_map(|(index, statement)| {
        let own_first = own(statement);
        let later = statements.iter().skip(index + 1).filter_map(|it| own(it));
        let next = later.min_by_key(|it| place(&it));
        let is_late = match (&own_first, &next) {
            (Some(own), Some(next)) => place(&own) > place(&next),
            (None, _) => true,
            (Some(_), None) => false,
        };
        let import = statement.iter().filter(is_import).find(|it| is_late && !used.contains(*it));
        used.extend(import.cloned());
        import.cloned().or(own_first)
    });
    first.collect()
}

/// The actions of the grants that were merged into a permission: with `minimizePolicies`, the actions on
/// a repository are one statement of the identity, and one for each permission of the repository.
pub(crate) fn parts_of<'f>(
    actions: &'f [String],
    to: &Value,
    statements: &'f [Statement],
    dialect: Dialect,
) -> Vec<&'f [String]> {
    let whole: BTreeSet<&String> = actions.iter().collect();
    let of_identity = statements.iter().filter(|it| {
        !it.is_deny
            && it.sid.is_none()
            && it.conditions.is_none()
            && it.principals.contains(to)
            && it.actions.iter().all(|it| whole.contains(it))
    });
    let parts: Vec<&[String]> = of_identity.map(|it| it.actions.as_slice()).collect();
    let all: BTreeSet<&String> = parts.iter().copied().flatten().collect();
    if dialect == Dialect::Minimized && all == whole { parts } else { vec![actions] }
}
