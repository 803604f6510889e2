//! `removed` and `moved` blocks, and the Terraform versions that they need.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use ecrane_core::{Place, Problem};
use serde::Serialize;

use crate::import::IdKind;
use crate::ledger::{Address, Change, Conflict, Entry};
use crate::problem::{TerraformError, TerraformWarning};
use crate::version::{Version, VersionConstraint};

/// The first version of Terraform with `removed` blocks. OpenTofu supports their `lifecycle` since
/// 1.10 (pull request 2628), and rejects the module before that.
const REMOVED: Version = Version::new(1, 7, 0);
/// The first version of Terraform with `import` blocks, whose IDs are literal.
const IMPORT: Version = Version::new(1, 5, 0);
/// The first version of Terraform whose `import` blocks have expressions as IDs.
const IMPORT_BY_EXPRESSION: Version = Version::new(1, 6, 0);
/// The first version of Terraform with `moved` blocks.
const MOVED: Version = Version::new(1, 1, 0);

/// A `removed` block: Terraform removes the resource from the state and does not destroy it.
#[derive(Debug, Serialize)]
pub(crate) struct RemovedBlock {
    from: Address,
    lifecycle: [RemovedLifecycle; 1],
}

#[derive(Debug, Serialize)]
struct RemovedLifecycle {
    destroy: bool,
}

/// A `moved` block: the resource has a new address.
#[derive(Debug, Serialize)]
pub(crate) struct MovedBlock {
    from: Address,
    to: Address,
}

/// The `removed` blocks of resources that are no longer declared.
pub(crate) fn removed(gone: &BTreeMap<Address, Entry>) -> Vec<RemovedBlock> {
    let lifecycle = || [RemovedLifecycle { destroy: false }];
    // A block is for all instances of a resource.
    let from: BTreeSet<Address> = gone.keys().map(Address::without_keys).collect();
    from.into_iter().map(|from| RemovedBlock { from, lifecycle: lifecycle() }).collect()
}

/// The `moved` blocks for former addresses.
pub(crate) fn moved(moved: &BTreeMap<Address, Address>) -> Vec<MovedBlock> {
    moved.iter().map(|(from, to)| MovedBlock { from: from.clone(), to: to.clone() }).collect()
}

/// The Terraform version constraint of a module with these blocks.
pub(crate) fn required_version<'g>(
    change: &Change,
    imported: Option<IdKind>,
    pin: Option<&'g VersionConstraint>,
    place: &Place,
    problems: &mut Vec<Problem>,
) -> Option<Cow<'g, str>> {
    let needs = [
        (!change.gone.is_empty()).then_some(("removed", REMOVED)),
        (imported == Some(IdKind::Expression)).then_some(("import", IMPORT_BY_EXPRESSION)),
        imported.is_some().then_some(("import", IMPORT)),
        (!change.moved.is_empty()).then_some(("moved", MOVED)),
    ];
    // The newest is first.
    let Some((block, needed)) = needs.into_iter().flatten().next() else {
        return pin.map(|pin| pin.as_str().into());
    };
    let Some(pin) = pin else { return Some(format!(">= {needed}").into()) };
    if !pin.reaches(needed) {
        let pin = pin.as_str().to_owned();
        let fact = TerraformError::BlockAbovePin { block, needed, pin };
        problems.push(Problem::error(place.clone(), fact));
        return None;
    }
    if pin.starts_at(needed) {
        return Some(pin.as_str().into());
    }
    Some(format!("{}, >= {needed}", pin.as_str()).into())
}

/// Reports an address that belongs to another resource than before.
pub(crate) fn conflict(conflict: Conflict, place: Place) -> Problem {
    match conflict {
        Conflict::TakenOver { address, from, to } => {
            Problem::error(place, TerraformError::AddressTakenOver { address, from, to })
        }
        Conflict::Replaced { address, from, to, retained: false } => {
            Problem::error(place, TerraformError::RetainedReplaced { address, from, to })
        }
        Conflict::Replaced { address, from, to, retained: true } => {
            Problem::warning(place, TerraformWarning::RetainedReplaced { address, from, to })
        }
        Conflict::InstanceLeft { instance, address } => {
            Problem::error(place, TerraformError::InstanceLeft { instance, address })
        }
        Conflict::Reused { address, to } => {
            Problem::warning(place, TerraformWarning::AddressReused { address, to })
        }
    }
}
