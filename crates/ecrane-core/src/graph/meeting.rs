//! Whether stacks are in the same account and region.

use std::collections::BTreeSet;

use crate::names::{AccountId, Environment, Region};
use crate::resource::Reach;
use crate::targets::Targets;

/// Whether two things meet in one account and region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meeting {
    Possible,
    Sure,
}

/// Where a stack is: its environment, and its targets if it has some.
pub(super) type Whereabouts<'g> = (&'g Environment, Option<&'g Targets>);

/// Whether two stacks have an account in common, and a region, if the region matters.
pub(super) fn meeting(
    one: Whereabouts<'_>,
    other: Whereabouts<'_>,
    reach: Reach,
) -> Option<Meeting> {
    let of_account = common(accounts(one), accounts(other))?;
    match reach {
        Reach::Account => Some(of_account),
        Reach::Region => {
            let of_region = common(regions(one), regions(other))?;
            Some(if of_account == Meeting::Sure { of_region } else { of_account })
        }
    }
}

/// The accounts, if known.
fn accounts((env, targets): Whereabouts<'_>) -> Option<&[AccountId]> {
    match targets {
        Some(targets) => targets.known_accounts(),
        None => env.account.as_ref().map(std::slice::from_ref),
    }
}

/// The regions, if known.
fn regions((env, targets): Whereabouts<'_>) -> Option<&[Region]> {
    match targets {
        Some(targets) => Some(&targets.regions),
        None => env.region.as_ref().map(std::slice::from_ref),
    }
}

fn common<T: Ord>(one: Option<&[T]>, other: Option<&[T]>) -> Option<Meeting> {
    let (Some(one), Some(other)) = (one, other) else { return Some(Meeting::Possible) };
    let others: BTreeSet<&T> = other.iter().collect();
    one.iter().any(|it| others.contains(it)).then_some(Meeting::Sure)
}
