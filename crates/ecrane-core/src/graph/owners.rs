//! Settings that exist once per registry.

use std::collections::BTreeMap;

use ecrane_document::Explain;
use thiserror::Error;

use super::meeting::{Meeting, meeting};
use crate::bounds::Findings;
use crate::resource::{Reach, Resource};
use crate::stack::StackNode;

/// Reports each setting that exists once per registry and that two stacks set. Stacks without an
/// environment can deploy to different registries. Stacks with the same environment use the same
/// registry.
pub(super) fn check(stacks: &[StackNode], findings: &mut Findings) {
    let mut owners = BTreeMap::new();
    let has_targets = stacks.iter().any(|stack| stack.targets.is_some());
    let mut all: BTreeMap<_, Vec<&StackNode>> = BTreeMap::new();
    for stack in stacks {
        for resource in &stack.resources {
            let Some(what) = resource.kind.once() else { continue };
            if has_targets {
                let earlier = all.entry(what).or_default();
                check_targets(what, stack, earlier, resource, findings);
                earlier.push(stack);
                if stack.targets.is_some() {
                    continue;
                }
            }
            let (account, region) = (&stack.env.account, &stack.env.region);
            let first = *owners.entry((what, account, region)).or_insert(&stack.id);
            if *first == stack.id {
                continue;
            }
            let (first, second) = (first.clone(), stack.id.clone());
            let place = resource.place.clone().on_key();
            if account.is_some() && region.is_some() {
                findings.error(place, OwnerError::TwoOwners { what, first, second });
            } else {
                findings.warning(place, OwnerError::MaybeTwoOwners { what, first, second });
            }
        }
    }
}

/// Reports a setting that an earlier stack makes in one of the registries of a stack with targets.
fn check_targets<'g>(
    what: &'static str,
    stack: &'g StackNode,
    earlier: &[&'g StackNode],
    resource: &Resource,
    findings: &mut Findings,
) {
    let meets = |other: &'g StackNode| {
        if other.id == stack.id || stack.targets.is_none() && other.targets.is_none() {
            return None;
        }
        let place = |it: &'g StackNode| (&it.env, it.targets.as_deref());
        meeting(place(stack), place(other), Reach::Region)
    };
    let first = earlier.iter().find_map(|other| Some((other, meets(other)?)));
    if let Some((first, meeting)) = first {
        let (first, second) = (first.id.clone(), stack.id.clone());
        let place = resource.place.clone().on_key();
        match meeting {
            Meeting::Sure => {
                findings.error(place, OwnerError::TwoOwners { what, first, second });
            }
            Meeting::Possible => {
                findings.warning(place, OwnerError::MaybeTwoOwners { what, first, second });
            }
        }
    }
}

/// A setting that exists once per registry is in two stacks.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OwnerError {
    /// Two stacks set it in the same registry.
    #[error("stacks `{first}` and `{second}` both set the {what} of the same registry")]
    TwoOwners {
        /// The setting.
        what: &'static str,
        /// The id of the first stack that sets it.
        first: String,
        /// The id of the other stack.
        second: String,
    },
    /// Two stacks set it, possibly in the same registry.
    #[error("stacks `{first}` and `{second}` both set the {what}, possibly of the same registry")]
    MaybeTwoOwners {
        /// The setting.
        what: &'static str,
        /// The id of the first stack that sets it.
        first: String,
        /// The id of the other stack.
        second: String,
    },
}

impl Explain for OwnerError {
    fn code(&self) -> &'static str {
        match self {
            Self::TwoOwners { .. } => "registry::two_owners",
            Self::MaybeTwoOwners { .. } => "registry::maybe_two_owners",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::TwoOwners { .. } => {
                    "keep the setting in one stack: it exists once per account and region, and the last deployment would overwrite it"
                }
                Self::MaybeTwoOwners { .. } => {
                    "set `env` with the account and region on each stack, or keep the setting in one stack"
                }
            }
            .to_owned(),
        )
    }
}
