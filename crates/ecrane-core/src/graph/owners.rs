//! Settings that a registry has once.

use std::collections::BTreeMap;

use ecrane_document::Explain;
use thiserror::Error;

use crate::bounds::Findings;
use crate::stack::StackNode;

/// Reports each setting that a registry has once and that two stacks set.
///
/// Stacks that do not say where they are deployed may go to different registries; where they say
/// the same, they do not.
pub(super) fn check(stacks: &[StackNode], findings: &mut Findings) {
    let mut owners = BTreeMap::new();
    for stack in stacks {
        for resource in &stack.resources {
            let Some(what) = resource.kind.once() else { continue };
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

/// Why a setting that a registry has once cannot be in two stacks.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OwnerError {
    /// A setting that a registry has once is made twice.
    #[error("stacks `{first}` and `{second}` both set the {what} of one registry")]
    TwoOwners {
        /// The setting.
        what: &'static str,
        /// The stack that sets it first.
        first: String,
        /// The other stack.
        second: String,
    },
    /// A setting that a registry has once may be made twice.
    #[error(
        "stacks `{first}` and `{second}` both set the {what} of a registry, which may be the same"
    )]
    MaybeTwoOwners {
        /// The setting.
        what: &'static str,
        /// The stack that sets it first.
        first: String,
        /// The other stack.
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
                    "keep it in one of them: an account has one in each region, and the last to be deployed would win"
                }
                Self::MaybeTwoOwners { .. } => {
                    "say in `env` which account and region each is deployed to, or keep it in one of them"
                }
            }
            .to_owned(),
        )
    }
}
