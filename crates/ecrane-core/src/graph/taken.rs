//! Physical names that AWS takes once.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use ecrane_document::{Explain, KeyMap, Place};
use thiserror::Error;

use super::meeting::{Meeting, meeting};
use crate::bounds::Findings;
use crate::names::{AccountId, Environment, Region};
use crate::resource::{PhysicalName, Reach};
use crate::stack::StackNode;
use crate::targets::Targets;

/// A physical name in the input.
#[derive(Clone)]
struct Name<'g> {
    /// The kind of thing that has it.
    what: &'static str,
    /// The name as AWS compares it.
    key: Cow<'g, str>,
    /// The name as written.
    text: &'g str,
    reach: Reach,
    /// Whether the CDK's default rules (E3019) compare it.
    has_default_rule: bool,
    /// The place of what has the name, and the keys below it.
    at: (&'g Place, &'static [&'static str]),
    env: &'g Environment,
    targets: Option<&'g Targets>,
    stack: usize,
}

impl Name<'_> {
    fn place(&self) -> Place {
        let (place, keys) = self.at;
        keys.iter().fold(place.clone(), |place, key| place.key(key))
    }
}

/// Reports each physical name that a stack, or two stacks of one account and region, have twice.
///
/// Source: the `…AlreadyExistsException`s of the services, and `primaryIdentifier` in the
/// CloudFormation schemas of the types, which the CDK's rule E3019 compares within a stack.
pub(super) fn check(stacks: &[StackNode], findings: &mut Findings) {
    let mut first: KeyMap<(&'static str, Cow<'_, str>), usize> = KeyMap::default();
    // Most names are there once.
    let mut repeated: BTreeMap<usize, Earlier<'_>> = BTreeMap::new();
    let mut pairs = BTreeSet::new();
    let all = stacks.iter().enumerate().flat_map(|(index, stack)| names(index, stack));
    let all: Vec<Name<'_>> = all.collect();
    for (index, name) in all.iter().enumerate() {
        let first = *first.entry((name.what, name.key.clone())).or_insert(index);
        if first == index {
            continue;
        }
        let earlier = repeated.entry(first).or_insert_with(|| {
            let mut earlier = Earlier::default();
            if let Some(first) = all.get(first) {
                earlier.push(first.clone());
            }
            earlier
        });
        match earlier.meets(name) {
            Some((other, Meeting::Sure)) => {
                let error = NameError::Taken {
                    what: name.what,
                    name: name.text.to_owned(),
                    first: other.place(),
                };
                if other.stack == name.stack && name.has_default_rule {
                    findings.refused_by_default_rules(name.place(), error);
                } else {
                    findings.refused_by_aws(name.place(), error);
                }
            }
            // Two stacks without an environment often have all names in common, as those of two
            // stages do: one warning says it.
            Some((other, Meeting::Possible)) => {
                if pairs.insert((other.stack, name.stack)) {
                    let id =
                        |index: usize| stacks.get(index).map_or("", |stack| &stack.id).to_owned();
                    let warning = NameError::MaybeTaken {
                        what: name.what,
                        name: name.text.to_owned(),
                        stacks: (id(other.stack), id(name.stack)),
                        first: other.place(),
                    };
                    findings.warning(name.place(), warning);
                }
                earlier.push(name.clone());
            }
            None => earlier.push(name.clone()),
        }
    }
}

/// Where a name must be unique: its account and region, as far as they are known.
type Scope<'g> = (Option<&'g str>, Option<&'g str>);

/// The names that equal each other, none of which surely meets another one.
///
/// Thousands of stacks can have one name, so the first name of each account and region is looked up.
#[derive(Default)]
struct Earlier<'g> {
    names: Vec<Name<'g>>,
    /// Whether a stack of one of them has targets.
    has_targets: bool,
    by_scope: HashMap<Scope<'g>, usize>,
    by_account: HashMap<Option<&'g str>, usize>,
    by_region: HashMap<Option<&'g str>, usize>,
}

impl<'g> Earlier<'g> {
    fn push(&mut self, name: Name<'g>) {
        let (index, scope) = (self.names.len(), scope(&name));
        self.by_scope.entry(scope).or_insert(index);
        self.by_account.entry(scope.0).or_insert(index);
        self.by_region.entry(scope.1).or_insert(index);
        self.has_targets |= name.targets.is_some();
        self.names.push(name);
    }

    /// As [`meets`](Self::meets), by comparing the name with each: a stack with targets is in many
    /// accounts and regions.
    fn meets_each(&self, name: &Name<'_>) -> Option<(&Name<'g>, Meeting)> {
        let place = |name: &Name<'g>| (name.env, name.targets);
        let meets = |other| meeting(place(other), (name.env, name.targets), name.reach);
        let all = || self.names.iter().filter_map(|other| Some((other, meets(other)?)));
        all().find(|(_, meeting)| *meeting == Meeting::Sure).or_else(|| all().next())
    }

    /// The name that surely meets another one, or else the first that possibly does.
    fn meets(&self, name: &Name<'_>) -> Option<(&Name<'g>, Meeting)> {
        // Stacks come one after the other.
        if let Some(last) = self.names.last().filter(|last| last.stack == name.stack) {
            return Some((last, Meeting::Sure));
        }
        if self.has_targets || name.targets.is_some() {
            return self.meets_each(name);
        }
        let scope = scope(name);
        let (account, region) = scope;
        let first = match scope {
            (Some(_), Some(_)) => {
                if let Some(same) = self.by_scope.get(&scope) {
                    return Some((self.names.get(*same)?, Meeting::Sure));
                }
                [(None, region), (account, None), (None, None)]
                    .iter()
                    .filter_map(|scope| self.by_scope.get(scope))
                    .min()
            }
            (Some(_), None) => {
                [None, account].iter().filter_map(|it| self.by_account.get(it)).min()
            }
            (None, Some(_)) => [None, region].iter().filter_map(|it| self.by_region.get(it)).min(),
            (None, None) => Some(&0),
        };
        Some((self.names.get(*first?)?, Meeting::Possible))
    }
}

fn scope<'g>(name: &Name<'g>) -> Scope<'g> {
    match name.reach {
        // One name in all regions.
        Reach::Account => (account(name.env), Some("")),
        Reach::Region => (account(name.env), region(name.env)),
    }
}

fn account(env: &Environment) -> Option<&str> {
    env.account.as_ref().map(AccountId::as_str)
}

fn region(env: &Environment) -> Option<&str> {
    env.region.as_ref().map(Region::as_str)
}

fn names(index: usize, stack: &StackNode) -> impl Iterator<Item = Name<'_>> {
    let of_resources = stack.resources.iter().filter_map(move |resource| {
        let PhysicalName { what, name, keys, reach, ignores_case, has_default_rule } =
            resource.kind.physical_name()?;
        let key = if ignores_case { name.to_ascii_lowercase().into() } else { name.into() };
        let (text, env, at) = (name, &stack.env, (&resource.place, keys));
        let targets = stack.targets.as_deref();
        Some(Name { what, key, text, reach, has_default_rule, at, env, targets, stack: index })
    });
    let exports = stack.outputs.iter().filter_map(move |output| {
        let text = output.export_name.as_deref()?;
        Some(Name {
            what: "export name",
            key: text.into(),
            text,
            reach: Reach::Region,
            has_default_rule: false,
            at: (&output.place, &["exportName"]),
            env: &stack.env,
            targets: stack.targets.as_deref(),
            stack: index,
        })
    });
    of_resources.chain(exports)
}

/// A physical name that AWS takes once is there twice.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NameError {
    /// In one account and region.
    #[error("duplicate {what} `{name}`")]
    Taken {
        /// The kind of thing that has the name.
        what: &'static str,
        /// The name.
        name: String,
        /// The place of the first one.
        first: Place,
    },
    /// In two stacks that may be in one account and region.
    #[error(
        "stacks `{}` and `{}` have physical names in common, such as {what} `{name}`",
        .stacks.0,
        .stacks.1
    )]
    MaybeTaken {
        /// The kind of thing that has the name.
        what: &'static str,
        /// The name.
        name: String,
        /// The ids of the stacks.
        stacks: (String, String),
        /// The place of the first one.
        first: Place,
    },
}

impl Explain for NameError {
    fn code(&self) -> &'static str {
        match self {
            Self::Taken { .. } => "name::taken",
            Self::MaybeTaken { .. } => "name::maybe_taken",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::Taken { .. } => {
                    "use a different name for one of them: names are unique in an account and region, and those of roles, users, groups and public repositories in an account (CloudFormation resource schemas, primaryIdentifier; IAM user guide, \"IAM and AWS STS quotas\")"
                }
                Self::MaybeTaken { .. } => {
                    "set `env` with a different account or region on each stack, or use different names"
                }
            }
            .to_owned(),
        )
    }

    fn related(&self) -> Option<(&Place, &'static str)> {
        match self {
            Self::Taken { first, .. } | Self::MaybeTaken { first, .. } => {
                Some((first, "first used here"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How two names meet, by comparing them.
    fn compared(one: &Name<'_>, other: &Name<'_>) -> Option<Meeting> {
        if one.stack == other.stack {
            return Some(Meeting::Sure);
        }
        meeting((one.env, one.targets), (other.env, other.targets), one.reach)
    }

    #[test]
    fn finds_the_name_that_a_comparison_with_each_finds() {
        let accounts = [None, Some("111122223333"), Some("444455556666")];
        let regions = [None, Some("eu-west-1"), Some("us-east-1")];
        let envs: Vec<Environment> = accounts
            .iter()
            .flat_map(|account| regions.iter().map(move |region| (account, region)))
            .map(|(account, region)| Environment {
                account: account.map(|it| it.parse().unwrap()),
                region: region.map(|it| it.parse().unwrap()),
            })
            .collect();
        let place = Place::default();
        // The stacks of four names: four stacks, or the last one has the last two.
        for stacks in [[0, 1, 2, 3], [0, 1, 2, 2]] {
            for reach in [Reach::Account, Reach::Region] {
                for number in 0..envs.len().pow(4) {
                    let mut earlier = Earlier::default();
                    let mut kept: Vec<usize> = Vec::new();
                    let name = |index: usize| {
                        // Names of one stack have its environment.
                        let digit = u32::try_from(stacks[index]).unwrap();
                        let env = &envs[number / envs.len().pow(digit) % envs.len()];
                        let (stack, at) = (stacks[index], (&place, [].as_slice()));
                        let (what, key, has_default_rule) = ("role name", "".into(), false);
                        let (text, targets) = ("", None);
                        Name { what, key, text, reach, has_default_rule, at, env, targets, stack }
                    };
                    for index in 0..stacks.len() {
                        let met =
                            |other: &usize| Some((*other, compared(&name(*other), &name(index))?));
                        let all: Vec<_> = kept.iter().filter_map(met).collect();
                        let is_sure = |it: &&(usize, Meeting)| it.1 == Meeting::Sure;
                        let expected = all.iter().find(is_sure).or(all.first());
                        let found =
                            earlier.meets(&name(index)).map(|(it, meeting)| (it.stack, meeting));
                        assert_eq!(found, expected.map(|(it, meeting)| (stacks[*it], *meeting)));
                        if found.is_none_or(|(_, meeting)| meeting == Meeting::Possible) {
                            kept.push(index);
                            earlier.push(name(index));
                        }
                    }
                }
            }
        }
    }
}
