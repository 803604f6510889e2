//! The differences between the addresses of earlier runs and of this run, which become `removed` and
//! `moved` blocks.

use std::collections::{BTreeMap, BTreeSet};

use super::{Address, Entry, StackLedger};

type Entries = BTreeMap<Address, Entry>;

/// How the addresses of a stack differ from those of earlier runs.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Change {
    /// Retained resources that are no longer declared.
    pub(crate) gone: Entries,
    /// Earlier addresses, each with the address that followed it.
    pub(crate) moved: BTreeMap<Address, Address>,
    /// Changes that neither a `removed` nor a `moved` block can express.
    pub(crate) conflicts: Vec<Conflict>,
}

/// An address that identifies a different resource than in an earlier run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Conflict {
    /// The construct that had this address has a different one now.
    TakenOver { address: Address, from: String, to: Address },
    /// A construct moved away from this address in an earlier run, and another construct has it now. A
    /// state to which the earlier run was not applied would confuse the two.
    Reused { address: Address, to: Address },
    /// A retained instance of a resource leaves, and the resource stays without instances.
    InstanceLeft { instance: Address, address: Address },
    /// A retained resource is replaced by a resource with another name.
    Replaced { address: Address, from: String, to: String, retained: bool },
}

impl Conflict {
    /// The address that the conflict is about.
    pub(crate) fn address(&self) -> &Address {
        match self {
            Self::TakenOver { address, .. }
            | Self::InstanceLeft { address, .. }
            | Self::Reused { address, .. }
            | Self::Replaced { address, .. } => address,
        }
    }
}

/// Compares the addresses of earlier runs with those of this run. `identities` tell the resources of
/// this run from others of their types, as those of a state do.
pub(crate) fn compare(
    before: &StackLedger,
    now: &Entries,
    identities: &BTreeMap<Address, String>,
) -> Change {
    if before.addresses == *now && before.gone.is_empty() && before.moved.is_empty() {
        return Change::default();
    }
    let moves = moves(before, now, identities);
    let mut conflicts = conflicts(before, now);
    let (history, reused) = history(before, now, &moves);
    conflicts.extend(reused);
    let is_left = |address: &&Address| !now.contains_key(*address) && !moves.contains_key(*address);
    let known = || before.addresses.iter().chain(&before.gone);
    let mut gone: Entries = known()
        .filter(|(address, entry)| is_left(address) && entry.retained)
        .map(|(address, entry)| (address.clone(), entry.clone()))
        .collect();
    // A resource that is part of another, such as a lifecycle policy, stays if the other stays.
    let stays = |entry: &Entry| entry.of.as_ref().is_some_and(|owner| gone.contains_key(owner));
    let parts: Entries = known()
        .filter(|(address, entry)| is_left(address) && stays(entry))
        .map(|(address, entry)| (address.clone(), entry.clone()))
        .collect();
    gone.extend(parts);
    // A state may still have the resource at one of its earlier addresses.
    for from in before.moved.keys().filter(is_left) {
        if let Some(entry) = gone.get(end(&before.moved, from)).cloned() {
            gone.insert(from.clone(), entry);
        }
    }
    // Terraform's `removed` blocks are for all instances of a resource.
    conflicts.extend(gone.keys().filter_map(|instance| {
        let address = instance.without_keys();
        let is_left = *instance != address && now.contains_key(&address);
        is_left.then(|| Conflict::InstanceLeft { instance: instance.clone(), address })
    }));
    Change { gone, moved: history, conflicts }
}

/// The address at the end of the chain of moves that starts at `from`.
pub(super) fn end<'a>(moves: &'a BTreeMap<Address, Address>, from: &'a Address) -> &'a Address {
    let mut seen = BTreeSet::new();
    let mut at = from;
    while let Some(next) = moves.get(at) {
        if !seen.insert(at) {
            break;
        }
        at = next;
    }
    at
}

/// The resources whose addresses changed: the old address, and the new one.
fn moves(
    before: &StackLedger,
    now: &Entries,
    identities: &BTreeMap<Address, String>,
) -> BTreeMap<Address, Address> {
    let came = now.iter().filter(|(address, _)| !before.addresses.contains_key(*address));
    let mut search =
        Search { came: came.collect(), moves: BTreeMap::new(), state: &before.state, identities };
    search.all(&before.addresses, now);
    // Resources that were removed in an earlier run and return at another address.
    search.all(&before.gone, now);
    search.moves
}

struct Search<'a> {
    /// Addresses that earlier runs did not declare.
    came: BTreeMap<&'a Address, &'a Entry>,
    moves: BTreeMap<Address, Address>,
    /// What tells the resources of a state from others of their types.
    state: &'a BTreeMap<Address, Option<String>>,
    /// The same for the resources of this run.
    identities: &'a BTreeMap<Address, String>,
}

impl<'a> Search<'a> {
    fn all(&mut self, left: &'a Entries, now: &Entries) {
        let mut left: BTreeMap<_, _> = left.iter().filter(|(a, _)| !now.contains_key(*a)).collect();
        // A part follows the resource that it belongs to, so those resources are first.
        let path = |whole: &Entry| whole.path.clone().filter(|_| whole.of.is_none());
        let name = |whole: &Entry| whole.name.clone().filter(|_| whole.of.is_none());
        // Same construct path: only the `terraformName` changed.
        self.pair(&mut left, path, path);
        // The same resource, by a state. Its address there can be any.
        let (state, identities) = (self.state, self.identities);
        self.pair_addresses(
            &mut left,
            |address, _| state.get(address)?.clone(),
            |address, _| identities.get(address).cloned(),
        );
        // Same physical name: only the construct id changed.
        let pairs = self.pair(&mut left, name, name);
        // The other resources of a renamed construct.
        let renamed: BTreeMap<&str, &str> = pairs
            .iter()
            .filter_map(|(old, new)| Some(constructs(old.path.as_deref()?, new.path.as_deref()?)))
            .collect();
        let path_now = |path: &str| after_renaming(path, &renamed);
        self.pair(&mut left, |old| path_now(&path(old)?), path);

        let wholes = self.moves.clone();
        let whole_now = |old: &Entry| {
            let whole = old.of.as_ref()?;
            Some(wholes.get(whole).unwrap_or(whole).clone())
        };
        let old = |old: &Entry| {
            let path = old.path.as_ref()?;
            Some((whole_now(old)?, path_now(path).unwrap_or_else(|| path.clone())))
        };
        self.pair(&mut left, old, |new| Some((new.of.clone()?, new.path.clone()?)));
        // A ledger that was made from a state or a module has no paths.
        let old = |old: &Entry| whole_now(old).filter(|_| old.path.is_none());
        self.pair(&mut left, old, |new| new.of.clone());
    }

    /// Pairs the addresses that have the same resource type and the same key.
    fn pair<K: Ord>(
        &mut self,
        left: &mut BTreeMap<&'a Address, &'a Entry>,
        old_key: impl Fn(&Entry) -> Option<K>,
        new_key: impl Fn(&Entry) -> Option<K>,
    ) -> Vec<(&'a Entry, &'a Entry)> {
        self.pair_addresses(left, |_, old| old_key(old), |_, new| new_key(new))
    }

    fn pair_addresses<K: Ord>(
        &mut self,
        left: &mut BTreeMap<&'a Address, &'a Entry>,
        old_key: impl Fn(&Address, &Entry) -> Option<K>,
        new_key: impl Fn(&Address, &Entry) -> Option<K>,
    ) -> Vec<(&'a Entry, &'a Entry)> {
        let mut by_key: BTreeMap<(&str, K), (&Address, &Entry)> = BTreeMap::new();
        for (address, new) in &self.came {
            if let Some(key) = new_key(address, new) {
                by_key.entry((address.kind(), key)).or_insert((*address, *new));
            }
        }
        let mut pairs = Vec::new();
        left.retain(|from, old| {
            let Some(key) = old_key(from, old) else { return true };
            let key = (from.kind(), key);
            if by_key.get(&key).is_none_or(|(_, new)| differ(old, new)) {
                return true;
            }
            if let Some((to, new)) = by_key.remove(&key) {
                self.came.remove(to);
                self.moves.insert((*from).clone(), to.clone());
                pairs.push((*old, new));
            }
            false
        });
        pairs
    }
}

/// Whether two entries are known to have different physical names.
fn differ(old: &Entry, new: &Entry) -> bool {
    matches!((&old.name, &new.name), (Some(old), Some(new)) if old != new)
}

/// The renamed construct that explains the difference between two paths: both paths without their
/// common end.
fn constructs<'p>(old: &'p str, new: &'p str) -> (&'p str, &'p str) {
    let (mut old, mut new) = (old, new);
    while let (Some((old_around, old_last)), Some((new_around, new_last))) =
        (old.rsplit_once('/'), new.rsplit_once('/'))
        && old_last == new_last
    {
        (old, new) = (old_around, new_around);
    }
    (old, new)
}

/// The path after the renaming of its nearest renamed ancestor.
fn after_renaming(path: &str, renamed: &BTreeMap<&str, &str>) -> Option<String> {
    let mut around = path;
    loop {
        if let Some(new) = renamed.get(around) {
            return Some(format!("{new}{}", path.strip_prefix(around)?));
        }
        (around, _) = around.rsplit_once('/')?;
    }
}

/// The earlier addresses of the resources that are declared now, and the addresses that identify a
/// different resource by now.
///
/// Terraform follows chains of `moved` blocks, and accepts only one block for each target address.
fn history(
    before: &StackLedger,
    now: &Entries,
    moves: &BTreeMap<Address, Address>,
) -> (BTreeMap<Address, Address>, Vec<Conflict>) {
    let mut all = before.moved.clone();
    all.extend(moves.iter().map(|(from, to)| (from.clone(), to.clone())));
    let mut conflicts = Vec::new();
    for address in now.keys() {
        let Some(next) = all.remove(address) else { continue };
        let last = end(&all, &next);
        // A resource that is back at its former address is still the same resource.
        if last == address || !now.contains_key(last) {
            continue;
        }
        if let Some((_, to)) = all.iter_mut().find(|(_, to)| *to == address) {
            *to = next.clone();
        }
        conflicts.push(Conflict::Reused { address: address.clone(), to: next });
    }
    let live: BTreeSet<Address> =
        all.keys().filter(|a| now.contains_key(end(&all, a))).cloned().collect();
    all.retain(|from, _| live.contains(from));
    (all, conflicts)
}

/// Addresses that are still declared, but for a different resource.
fn conflicts(before: &StackLedger, now: &Entries) -> Vec<Conflict> {
    let places: BTreeMap<(&str, &str), &Address> = now
        .iter()
        .filter_map(|(address, entry)| Some(((address.kind(), entry.path.as_deref()?), address)))
        .collect();
    let both = before.addresses.iter().filter_map(|(a, old)| Some((a, old, now.get(a)?)));
    both.filter_map(|(address, old, new)| {
        let path = old.path.as_ref().filter(|path| Some(*path) != new.path.as_ref());
        let path = path.filter(|_| old.of.is_none());
        if let Some(path) = path
            && let Some(to) = places.get(&(address.kind(), path.as_str()))
        {
            let (address, to) = (address.clone(), (*to).clone());
            return Some(Conflict::TakenOver { address, from: path.clone(), to });
        }
        match (&old.name, &new.name) {
            (Some(from), Some(to)) if from != to && old.retained => Some(Conflict::Replaced {
                address: address.clone(),
                from: from.clone(),
                to: to.clone(),
                retained: new.retained,
            }),
            _ => None,
        }
    })
    .collect()
}
