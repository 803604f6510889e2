//! Compares the access of two configs: who gains or loses what.

use std::collections::BTreeSet;

use ecrane_access::{Access, Capability, Matrix};
use ecrane_core::Graph;
use serde::Serialize;

/// A principal that gains or loses access.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccessChange {
    pub(crate) principal: String,
    /// The ARN of the repository; none for logging in.
    pub(crate) repository: Option<String>,
    /// `pull`, `push`, `read`, `administer` or `logIn`.
    pub(crate) capability: &'static str,
    pub(crate) before: &'static str,
    pub(crate) after: &'static str,
    /// Whether it may do more than before, or this cannot be ruled out.
    pub(crate) wider: bool,
    /// The change in a sentence.
    pub(crate) sentence: String,
}

/// The differences in access between two graphs, wider access first.
pub(crate) fn changes(before: &Graph, after: &Graph) -> Vec<AccessChange> {
    let (before, after) = (Matrix::new(before), Matrix::new(after));
    let principals: BTreeSet<&String> = before.rows.keys().chain(after.rows.keys()).collect();
    let mut found = Vec::new();
    for principal in principals {
        let rows = [before.rows.get(principal), after.rows.get(principal)];
        let log_in = rows.map(|row| row.and_then(|row| row.log_in.as_ref()).unwrap_or(&Access::No));
        found.extend(change(principal, None, "logIn", "log in", log_in));
        // Most principals have access to few of the repositories.
        let arns: BTreeSet<&String> =
            rows.into_iter().flatten().flat_map(|row| row.cells.keys()).collect();
        for arn in arns {
            let column = after.repositories.get(arn).or(before.repositories.get(arn));
            let name = column.map_or(arn.as_str(), |column| &column.name);
            for capability in Capability::ALL {
                let phrase = match capability {
                    Capability::Pull => format!("pull from `{name}`"),
                    Capability::Push => format!("push to `{name}`"),
                    Capability::Read => format!("read `{name}`"),
                    Capability::Administer => format!("administer `{name}`"),
                };
                let access = [&before, &after].map(|it| it.access(principal, arn, capability));
                found.extend(change(principal, Some(arn), capability.as_str(), &phrase, access));
            }
        }
    }
    // The sort is stable.
    found.sort_by_key(|it| !it.wider);
    found
}

fn change(
    principal: &str,
    repository: Option<&str>,
    capability: &'static str,
    phrase: &str,
    [before, after]: [&Access; 2],
) -> Option<AccessChange> {
    if before == after {
        return None;
    }
    let conditions: Vec<&str> = after.conditions().collect();
    let conditions = conditions.join(" and ");
    let sentence = match (before, after) {
        (_, Access::No) => format!("{principal} may no longer {phrase}"),
        (Access::No, Access::Yes) => format!("{principal} may now {phrase}"),
        (Access::No, Access::If(_)) => format!("{principal} may now {phrase}, if {conditions}"),
        (_, Access::Yes) => format!("{principal} may now {phrase} without conditions"),
        (_, Access::If(_)) => format!("{principal} may {phrase} only if {conditions}"),
    };
    Some(AccessChange {
        principal: principal.to_owned(),
        repository: repository.map(str::to_owned),
        capability,
        before: before.as_str(),
        after: after.as_str(),
        wider: is_wider(before, after),
        sentence,
    })
}

/// Whether more is allowed than before. Conditions that are not the same ones and more may be met
/// by somebody else.
fn is_wider(before: &Access, after: &Access) -> bool {
    match (before, after) {
        (_, Access::No) | (Access::Yes, _) => false,
        (Access::No, _) | (_, Access::Yes) => true,
        (Access::If(before), Access::If(after)) => !after.is_superset(before),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_conditions_are_narrower() {
        let only = |these: &[&str]| Access::If(these.iter().map(|it| (*it).to_owned()).collect());
        for (before, after, wider) in [
            (Access::No, Access::Yes, true),
            (Access::No, only(&["a"]), true),
            (only(&["a"]), Access::Yes, true),
            (only(&["a", "b"]), only(&["a"]), true),
            (only(&["a"]), only(&["b"]), true),
            (only(&["a"]), only(&["a", "b"]), false),
            (Access::Yes, only(&["a"]), false),
            (only(&["a"]), Access::No, false),
        ] {
            assert_eq!(is_wider(&before, &after), wider, "{before:?} {after:?}");
        }
    }
}
