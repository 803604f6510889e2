//! Who can do what.

use std::collections::{BTreeMap, BTreeSet};

use ecrane_access::{Access as Allowed, Capability, Matrix, NOT_SEEN, RepositoryNames, Row};
use ecrane_core::visible;
use indexmap::IndexMap;
use serde::Serialize;

use crate::picture::{Repository, count, short_name};
use crate::rows::ranges;

/// Pulls need this action of a push, too, and alone it has no effect.
const CHECK_LAYERS: &str = "ecr:BatchCheckLayerAvailability";
/// The number of principals that a row of the table of repositories names.
const NAMED: usize = 4;

#[derive(Serialize)]
pub(super) struct Access {
    capabilities: Vec<&'static str>,
    pub(super) principals: Vec<Principal>,
    /// The principals of repositories that have too many for a row.
    crowds: Vec<Crowd>,
    not_evaluated: Vec<String>,
    not_seen: &'static str,
}

#[derive(Serialize)]
pub(super) struct Principal {
    index: usize,
    /// A short name that no other principal has.
    pub(super) short: String,
    /// The ARN, if it is not the short name.
    arn: Option<String>,
    construct: Option<String>,
    log_in: Vec<String>,
    /// In the order of the capabilities.
    cells: Vec<Vec<Entry>>,
    /// Labels and texts.
    notes: Vec<(&'static str, String)>,
    /// The repositories that it has any access to.
    pub(super) rows: String,
}

/// Some repositories with the same access.
#[derive(Serialize)]
struct Entry {
    text: String,
    rows: String,
    conditions: Vec<String>,
    /// The actions, if they do not suffice.
    insufficient: Option<String>,
}

/// Principals that may do the same with repositories.
#[derive(Serialize)]
struct Crowd {
    number: usize,
    count: String,
    names: Vec<Named>,
}

#[derive(Debug, Clone, Serialize)]
struct Named {
    index: usize,
    short: String,
    is_conditional: bool,
}

/// Who may do something with a repository.
#[derive(Debug, Default, Serialize)]
pub(super) struct Who {
    count: usize,
    names: Vec<Named>,
    more: usize,
    crowd: Option<usize>,
}

/// Who may pull from and push to a repository.
#[derive(Debug, Default)]
pub(super) struct PullPush {
    pub(super) pull: Who,
    pub(super) push: Who,
}

/// The matrix, and who may pull from and push to each repository.
pub(super) fn of(matrix: &Matrix, listed: &[Repository]) -> (Access, Vec<PullPush>) {
    let mut rows_of = BTreeMap::<&str, Vec<usize>>::new();
    for repository in listed {
        if let Some(arn) = &repository.arn {
            rows_of.entry(arn).or_default().push(repository.row);
        }
    }
    let names = RepositoryNames::new(matrix);
    let view = View { names: &names, rows_of: &rows_of };
    let shorts = shorts(matrix);
    let numbered = || matrix.rows.iter().zip(&shorts).enumerate();
    let principals = numbered()
        .map(|(index, ((name, row), short))| view.principal(index, name, short.clone(), row));
    let mut who = vec![[Vec::new(), Vec::new()]; listed.len()];
    for (index, ((_, row), _)) in numbered() {
        for (arn, cell) in &row.cells {
            for (side, capability) in [Capability::Pull, Capability::Push].into_iter().enumerate() {
                let access = cell.get(capability);
                if !access.is_possible() {
                    continue;
                }
                for row in rows_of.get(arn.as_str()).into_iter().flatten() {
                    let list = who.get_mut(*row).and_then(|sides| sides.get_mut(side));
                    if let Some(list) = list {
                        list.push((index, *access != Allowed::Yes));
                    }
                }
            }
        }
    }
    let mut crowds = Crowds { shorts: &shorts, found: IndexMap::new() };
    let who = who
        .into_iter()
        .map(|[pull, push]| PullPush { pull: crowds.who(pull), push: crowds.who(push) });
    let who = who.collect();
    let access = Access {
        capabilities: Capability::ALL.map(Capability::as_str).to_vec(),
        principals: principals.collect(),
        crowds: crowds.into_list(),
        not_evaluated: matrix.not_evaluated.iter().map(|it| visible(it)).collect(),
        not_seen: NOT_SEEN,
    };
    (access, who)
}

/// The short names of the principals, or their whole names where they would be the same.
fn shorts(matrix: &Matrix) -> Vec<String> {
    let (mut seen, mut twice) = (BTreeSet::new(), BTreeSet::new());
    for name in matrix.rows.keys() {
        let (short, _) = short_name(name);
        if !seen.insert(short) {
            twice.insert(short);
        }
    }
    let short = |name: &String| {
        let (short, _) = short_name(name);
        visible(if twice.contains(short) { name } else { short })
    };
    matrix.rows.keys().map(short).collect()
}

struct View<'v> {
    names: &'v RepositoryNames<'v>,
    rows_of: &'v BTreeMap<&'v str, Vec<usize>>,
}

impl View<'_> {
    fn principal(&self, index: usize, name: &str, short: String, row: &Row) -> Principal {
        let mut notes: Vec<_> =
            row.assumed_by.iter().map(|who| ("assumed by", visible(who))).collect();
        if row.needs_other_account {
            let text = "its own account, which is not in this config, must allow the same";
            notes.push(("needs", text.to_owned()));
        }
        if !row.registry.is_empty() {
            let actions: Vec<_> = row.registry.keys().copied().collect();
            notes.push(("on the registry", actions.join(", ")));
        }
        notes.extend(row.unknown.iter().map(|text| ("not known", visible(text))));
        let possible = row.cells.iter().filter(|(_, cell)| {
            Capability::ALL.into_iter().any(|capability| cell.get(capability).is_possible())
        });
        Principal {
            index,
            arn: Some(visible(name)).filter(|name| *name != short),
            short,
            construct: row.construct.as_deref().map(visible),
            log_in: match &row.log_in {
                None => vec!["does not log in".to_owned()],
                Some(access) => said(access),
            },
            cells: Capability::ALL.map(|capability| self.entries(row, capability)).into(),
            notes,
            rows: self.rows(possible.map(|(arn, _)| arn.as_str())),
        }
    }

    fn entries(&self, row: &Row, capability: Capability) -> Vec<Entry> {
        let mut possible = BTreeMap::<_, Vec<&str>>::new();
        let mut partial = BTreeMap::<_, Vec<&str>>::new();
        for (arn, cell) in &row.cells {
            let (access, actions) = (cell.get(capability), cell.partial(capability));
            if access.is_possible() {
                possible.entry(access).or_default().push(arn);
            } else if !actions.is_empty() && actions != [CHECK_LAYERS] {
                partial.entry(actions).or_default().push(arn);
            }
        }
        let entry = |arns: &[&str], conditions, insufficient| Entry {
            text: visible(&self.names.told(arns)),
            rows: self.rows(arns.iter().copied()),
            conditions,
            insufficient,
        };
        // What is allowed without conditions comes first.
        let possible = possible.into_iter().rev();
        let possible = possible
            .map(|(access, arns)| entry(&arns, access.conditions().map(visible).collect(), None));
        let partial = partial
            .into_iter()
            .map(|(actions, arns)| entry(&arns, Vec::new(), Some(actions.join(", "))));
        possible.chain(partial).collect()
    }

    fn rows<'a>(&self, arns: impl Iterator<Item = &'a str>) -> String {
        ranges(arns.filter_map(|arn| self.rows_of.get(arn)).flatten().copied())
    }
}

/// An answer, and its conditions.
fn said(access: &Allowed) -> Vec<String> {
    let conditions = access.conditions().map(|condition| format!("if {}", visible(condition)));
    match access {
        Allowed::If(_) => conditions.collect(),
        Allowed::Yes | Allowed::No => vec![access.as_str().to_owned()],
    }
}

/// Principals by their positions, and whether conditions apply.
type Several = Vec<(usize, bool)>;

/// Principals of repositories that have too many for a row, each set of them once.
struct Crowds<'s> {
    shorts: &'s [String],
    found: IndexMap<Several, ()>,
}

impl Crowds<'_> {
    fn names(&self, some: &[(usize, bool)]) -> Vec<Named> {
        let named = |(index, is_conditional): &(usize, bool)| Named {
            index: *index,
            short: self.shorts.get(*index).cloned().unwrap_or_default(),
            is_conditional: *is_conditional,
        };
        some.iter().map(named).collect()
    }

    fn who(&mut self, all: Several) -> Who {
        let count = all.len();
        let names = self.names(all.get(..NAMED).unwrap_or(&all));
        let is_crowd = count > NAMED;
        let crowd = is_crowd.then(|| self.found.insert_full(all, ()).0 + 1);
        Who { count, more: count - names.len(), names, crowd }
    }

    fn into_list(self) -> Vec<Crowd> {
        let crowds = (1..).zip(self.found.keys());
        crowds
            .map(|(number, all)| Crowd {
                number,
                count: count(all.len(), "principal", "principals"),
                names: self.names(all),
            })
            .collect()
    }
}
