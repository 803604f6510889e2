//! Grants of which `minimizePolicies` merged the statements.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::draft::{Dialect, Draft, Overflow};
use crate::overflow::{Part, Place, early};
use crate::policy::Statement;
use crate::stack::Origin;

/// The sequences in which a policy has its repositories. `part` says which of several policies it is.
pub(crate) fn sequences(
    draft: &Draft<'_>,
    stack: usize,
    statements: &[Vec<Place>],
    part: Option<Part>,
) -> Vec<Vec<Place>> {
    // A template has the resources of a statement in the order of their text.
    let is_template = draft.origin(stack) == Origin::CloudFormation;
    let (first, mut found) = if is_template {
        (first_of_each(draft, statements), Vec::new())
    } else {
        let first = statements.iter().filter_map(|it| it.first());
        (first.cloned().collect(), statements.to_vec())
    };
    if part.is_some() {
        let statements = statements.iter();
        found.extend(statements.flat_map(|it| among(draft, it, &first, is_template)));
    }
    if part == Some(Part::Inline) {
        found.extend(early(draft, &first, |_| true));
    }
    found.push(first);
    found
}

/// The sequences that put the existing repositories of a statement, but the first, among the others: what
/// has no place in the statement comes after them.
fn among(
    draft: &Draft<'_>,
    statement: &[Place],
    first: &[Place],
    is_template: bool,
) -> Vec<Vec<Place>> {
    let (imports, mut own): (Vec<&Place>, Vec<&Place>) =
        statement.iter().partition(|it| is_import(draft, it));
    own.sort_by_key(|it| place(draft, it));
    let imports = imports.into_iter().filter(|it| !first.contains(it));
    let imports: Vec<&Place> = imports.collect();
    let before = |(index, import): (usize, &Place)| {
        let at = match draft.way.overflow {
            _ if !is_template => {
                let own = statement.iter().take_while(|it| *it != import);
                own.filter(|it| !is_import(draft, it)).count()
            }
            Overflow::Behind | Overflow::Joined => own.len(),
            Overflow::Between => (index + 1) * own.len() / (imports.len() + 1),
            Overflow::Ahead => 1,
        };
        own.get(at.max(1) - 1).map(|own| vec![(*own).clone(), import.clone()])
    };
    let pairs = imports.iter().copied().enumerate().filter_map(before);
    pairs.flat_map(|pair| early(draft, &pair, |_| true).into_iter().chain([pair])).collect()
}

fn element<'d>(draft: &'d Draft<'_>, of: &Place) -> Option<&'d Map<String, Value>> {
    let repository = draft.out.get(of.0)?.repositories.get(&of.1)?;
    Some(&repository.element)
}

fn is_import(draft: &Draft<'_>, of: &Place) -> bool {
    element(draft, of).is_some_and(|it| it.contains_key("import"))
}

/// The stack, and the place in it.
fn place(draft: &Draft<'_>, of: &Place) -> (usize, Option<usize>) {
    (of.0, draft.out.get(of.0).and_then(|out| out.repositories.get_index_of(&of.1)))
}

/// The first repository of each statement. One whose own repositories come later than those of the next
/// begins with an existing repository, the place of which is unknown. Two that begin with the same one would
/// have been merged.
fn first_of_each(draft: &Draft<'_>, statements: &[Vec<Place>]) -> Vec<Place> {
    let is_import = |it: &&Place| is_import(draft, it);
    let place = |it: &&Place| place(draft, it);
    let own = |statement: &[Place]| {
        statement.iter().filter(|it| !is_import(it)).min_by_key(place).cloned()
    };
    let import = |it: &Place| Some(element(draft, it)?.get("import")?.to_string());
    let all = statements.iter().flatten().filter_map(import);
    let all = all.fold(BTreeMap::new(), |mut all: BTreeMap<String, usize>, it| {
        *all.entry(it).or_default() += 1;
        all
    });
    let count = |it: &Place| import(it).and_then(|it| all.get(&it).copied());
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
        let imports = statement.iter().filter(is_import).filter(|_| is_late);
        let free = imports.filter(|it| import(it).is_some_and(|it| !used.contains(&it)));
        let chosen = free.min_by_key(|it| count(it)).cloned();
        used.extend(chosen.as_ref().and_then(import));
        chosen.or(own_first)
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
