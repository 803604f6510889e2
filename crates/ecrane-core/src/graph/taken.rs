//! Physical names that AWS takes once.

use std::collections::{BTreeMap, BTreeSet};

use ecrane_document::{Explain, Place};
use thiserror::Error;

use crate::bounds::Findings;
use crate::names::{AccountId, Environment, Region};
use crate::resource::{PhysicalName, Reach};
use crate::stack::StackNode;

/// A physical name in the input.
struct Name<'g> {
    /// The kind of thing that has it.
    what: &'static str,
    /// The name as AWS compares it.
    key: String,
    /// The name as written.
    text: &'g str,
    reach: Reach,
    /// Whether the CDK's default rules (E3019) compare it.
    has_default_rule: bool,
    place: Place,
    env: &'g Environment,
    stack: usize,
}

/// Reports each physical name that a stack, or two stacks of one account and region, have twice.
///
/// Source: the `…AlreadyExistsException`s of the services, and `primaryIdentifier` in the
/// CloudFormation schemas of the types, which the CDK's rule E3019 compares within a stack.
pub(super) fn check(stacks: &[StackNode], findings: &mut Findings) {
    let mut first: BTreeMap<(&'static str, String), Vec<Name<'_>>> = BTreeMap::new();
    let mut pairs = BTreeSet::new();
    for name in stacks.iter().enumerate().flat_map(|(index, stack)| names(index, stack)) {
        let earlier = first.entry((name.what, name.key.clone())).or_default();
        // Of several earlier names, the first one that surely meets this one.
        let closest = earlier
            .iter()
            .map(|other| (other, meeting(other, &name)))
            .reduce(|best, next| if next.1 > best.1 { next } else { best });
        match closest {
            Some((other, Meeting::Sure)) => {
                let error = NameError::Taken {
                    what: name.what,
                    name: name.text.to_owned(),
                    first: other.place.clone(),
                };
                if other.stack == name.stack && name.has_default_rule {
                    findings.refused_by_default_rules(name.place, error);
                } else {
                    findings.refused_by_aws(name.place, error);
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
                        first: other.place.clone(),
                    };
                    findings.warning(name.place.clone(), warning);
                }
                earlier.push(name);
            }
            Some((_, Meeting::Never)) | None => earlier.push(name),
        }
    }
}

/// Whether two names meet in one account and region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Meeting {
    Never,
    Possible,
    Sure,
}

fn meeting(one: &Name<'_>, other: &Name<'_>) -> Meeting {
    if one.stack == other.stack {
        return Meeting::Sure;
    }
    let of = |one: Option<&str>, other: Option<&str>| match (one, other) {
        (Some(one), Some(other)) if one == other => Meeting::Sure,
        (Some(_), Some(_)) => Meeting::Never,
        _ => Meeting::Possible,
    };
    let accounts = of(account(one.env), account(other.env));
    match one.reach {
        Reach::Account => accounts,
        Reach::Region => accounts.min(of(region(one.env), region(other.env))),
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
        let key = if ignores_case { name.to_ascii_lowercase() } else { name.to_owned() };
        let place = keys.iter().fold(resource.place.clone(), |place, key| place.key(key));
        let (text, env) = (name, &stack.env);
        Some(Name { what, key, text, reach, has_default_rule, place, env, stack: index })
    });
    let exports = stack.outputs.iter().filter_map(move |output| {
        let text = output.export_name.as_deref()?;
        Some(Name {
            what: "export name",
            key: text.to_owned(),
            text,
            reach: Reach::Region,
            has_default_rule: false,
            place: output.place.key("exportName"),
            env: &stack.env,
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
    #[error("{what} `{name}` is used twice, AWS takes it once")]
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
                    "use a different name for one of them: it must be unique in the account and region, and that of a role, user, group or public repository in the account (CloudFormation resource schemas, primaryIdentifier; IAM user guide, \"IAM and AWS STS quotas\")"
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
