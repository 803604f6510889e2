//! Settings that exist once per registry.

use std::collections::BTreeMap;

use ecrane_document::Explain;
use thiserror::Error;

use crate::bounds::Findings;
use crate::stack::StackNode;

/// Reports each setting that exists once per registry and that two stacks set. Stacks without an
/// environment can deploy to different registries. Stacks with the same environment use the same
/// registry.
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
