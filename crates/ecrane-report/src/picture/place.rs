//! The accounts and Regions of a stack, in words.

use ecrane_core::{StackNode, TargetAccounts};

use super::count;

/// The number of accounts, units or Regions of targets that a text names.
const NAMES: usize = 4;

/// The account and the Region of a stack, or those of its targets.
pub(crate) fn places(stack: &StackNode) -> Vec<String> {
    let Some(targets) = &stack.targets else {
        let account = stack.env.account.iter().map(ToString::to_string);
        return account.chain(stack.env.region.iter().map(ToString::to_string)).collect();
    };
    let names = |names: Vec<String>, one: &str, many: &str| {
        let all = names.len();
        let first = names.into_iter().take(NAMES).collect::<Vec<_>>().join(", ");
        let more = if all > NAMES { format!(" and {} more", all - NAMES) } else { String::new() };
        format!("{}: {first}{more}", count(all, one, many))
    };
    let accounts = match &targets.accounts {
        TargetAccounts::SelfManaged { accounts, .. } => {
            names(accounts.iter().map(ToString::to_string).collect(), "account", "accounts")
        }
        TargetAccounts::ServiceManaged { organizational_units: units, .. } => names(
            units.iter().map(ToString::to_string).collect(),
            "organizational unit",
            "organizational units",
        ),
    };
    let regions = targets.regions.iter().map(ToString::to_string).collect();
    vec![accounts, names(regions, "Region", "Regions")]
}

/// The same in a few words, for a frame.
pub(super) fn short(stack: &StackNode) -> String {
    let Some(targets) = &stack.targets else { return places(stack).join(", ") };
    let accounts = match &targets.accounts {
        TargetAccounts::SelfManaged { accounts, .. } => {
            count(accounts.len(), "account", "accounts")
        }
        TargetAccounts::ServiceManaged { organizational_units: units, .. } => {
            count(units.len(), "organizational unit", "organizational units")
        }
    };
    format!("{accounts} × {}", count(targets.regions.len(), "Region", "Regions"))
}
