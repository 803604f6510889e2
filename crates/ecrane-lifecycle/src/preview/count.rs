//! The rank of images under the rules that count them.
//!
//! A rule with `imageCountMoreThan` orders all images that it selects, also those that another
//! rule governs or deletes, newest first. Whether some of them count is not documented, and the
//! order of images with the same time is unknown; so a rank has a lower and an upper bound.

use super::evaluate::{Finding, Prepared, RuleSet, governing};
use super::situation::Situation;
use super::verdict::{Doubt, Doubts, Kept, Mark};
use crate::policy::PrioritizedRule;
use crate::vocabulary::CountType;

/// The role of an image in a count. Images of every role but the first may not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Role {
    #[default]
    Image,
    /// In a manifest list.
    Child,
    /// In a manifest list whose body is not known, perhaps.
    MaybeChild,
    /// Attached to another image.
    Referrer,
    /// On its way back from the archive.
    Activating,
}

/// The number of images of each role.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    image: u32,
    child: u32,
    maybe_child: u32,
    referrer: u32,
    activating: u32,
}

impl Tally {
    fn add(&mut self, role: Role) {
        *match role {
            Role::Image => &mut self.image,
            Role::Child => &mut self.child,
            Role::MaybeChild => &mut self.maybe_child,
            Role::Referrer => &mut self.referrer,
            Role::Activating => &mut self.activating,
        } += 1;
    }

    fn total(self) -> u32 {
        self.image + self.child + self.maybe_child + self.referrer + self.activating
    }

    fn doubts(self) -> Doubts {
        [
            (self.child, Doubt::ChildrenCount),
            (self.maybe_child, Doubt::UnknownListCount),
            (self.referrer, Doubt::ReferrersCount),
            (self.activating, Doubt::ActivatingCount),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .fold(Doubts::default(), |doubts, (_, doubt)| doubts.and(doubt))
    }
}

/// How many images of a rule are newer than an image, or equally new.
#[derive(Debug, Clone, Copy, Default)]
struct Rank {
    /// Images that are strictly newer and certainly count.
    surely: u32,
    /// Images that are newer or equally new and may count, without the image itself.
    at_most: u32,
    /// Why the two numbers differ.
    doubts: Doubts,
}

/// All images of the rule.
#[derive(Debug, Clone, Copy, Default)]
struct Totals {
    dated: Tally,
    undated: u32,
    /// The state of the sweep: the images newer than the current group, and those in it.
    newer: Tally,
    group: Tally,
}

/// The ranks of the images that a counting rule governs.
#[derive(Debug)]
pub(super) struct Counts {
    /// By the position of the rule; empty for one that does not count.
    totals: Vec<Totals>,
    /// By image, empty if no rule counts.
    ranks: Vec<Rank>,
}

impl Counts {
    pub(super) fn new(prepared: &Prepared<'_>, situation: &Situation<'_>) -> Self {
        let Prepared { rules: policy, newest_first, .. } = prepared;
        let (selected, roles) = (situation.selected(), situation.roles());
        let mut totals = vec![Totals::default(); policy.len()];
        let is_counting =
            |rule: &&PrioritizedRule| rule.limit.count_type() == CountType::ImageCountMoreThan;
        let counting = (0u32..)
            .zip(policy)
            .filter(|(_, rule)| is_counting(rule))
            .fold(0, |set: RuleSet, (bit, _)| set | 1u64.checked_shl(bit).unwrap_or_default());
        if counting == 0 {
            return Self { totals, ranks: Vec::new() };
        }
        let of = |image: u32| {
            let set = selected.get(image as usize).copied().unwrap_or_default();
            (set, roles.get(image as usize).copied().unwrap_or_default())
        };
        let mut ranks = vec![Rank::default(); selected.len()];
        for group in newest_first.chunk_by(|(one, _), (other, _)| one == other) {
            for (_, image) in group {
                let (set, role) = of(*image);
                each(set & counting, &mut totals, |totals| totals.group.add(role));
            }
            for (_, image) in group {
                let (set, role) = of(*image);
                // The rank under the governing rule is the only one that matters.
                each(governing(set) & counting, &mut totals, |totals| {
                    if let Some(rank) = ranks.get_mut(*image as usize) {
                        *rank = totals.rank(role);
                    }
                });
            }
            for (_, image) in group {
                let (set, role) = of(*image);
                each(set & counting, &mut totals, |totals| {
                    totals.newer.add(role);
                    totals.dated.add(role);
                    totals.group = Tally::default();
                });
            }
        }
        let mut is_dated = vec![false; selected.len()];
        for (_, image) in newest_first {
            if let Some(is_dated) = is_dated.get_mut(*image as usize) {
                *is_dated = true;
            }
        }
        for (set, _) in selected.iter().zip(&is_dated).filter(|(_, is_dated)| !**is_dated) {
            each(set & counting, &mut totals, |totals| totals.undated += 1);
        }
        Self { totals, ranks }
    }

    /// Whether the counting rule at a position acts on an image that it governs.
    pub(super) fn finding(&self, image: u32, position: u32, keep: u32) -> Finding {
        let totals = self.totals.get(position as usize).copied().unwrap_or_default();
        let rank = self.ranks.get(image as usize).copied().unwrap_or_default();
        let selected = totals.dated.total() + totals.undated;
        let within = |newer| Finding::No(Kept::WithinCount { newer, selected, keep });
        if totals.undated > 0 {
            return if selected > keep {
                Finding::Maybe(Doubt::UndatedInCount.into())
            } else {
                within(selected.saturating_sub(1))
            };
        }
        if rank.at_most < keep {
            return within(rank.at_most);
        }
        if rank.surely >= keep {
            return Finding::Yes(Mark::OverCount { newer: rank.surely, keep });
        }
        Finding::Maybe(rank.doubts)
    }
}

impl Totals {
    /// The rank of an image of the current group.
    fn rank(&self, role: Role) -> Rank {
        let tied = self.group.total().saturating_sub(1);
        let mut all = self.newer;
        all.child += self.group.child;
        all.maybe_child += self.group.maybe_child;
        all.referrer += self.group.referrer;
        all.activating += self.group.activating;
        // An image does not count against itself.
        match role {
            Role::Image => {}
            Role::Child => all.child = all.child.saturating_sub(1),
            Role::MaybeChild => all.maybe_child = all.maybe_child.saturating_sub(1),
            Role::Referrer => all.referrer = all.referrer.saturating_sub(1),
            Role::Activating => all.activating = all.activating.saturating_sub(1),
        }
        let mut doubts = all.doubts();
        if tied > 0 {
            doubts = doubts.and(Doubt::Tie);
        }
        Rank { surely: self.newer.image, at_most: self.newer.total() + tied, doubts }
    }
}

/// Calls a function on what belongs to each rule of a set.
pub(super) fn each<T>(mut set: RuleSet, by_rule: &mut [T], mut act: impl FnMut(&mut T)) {
    while set != 0 {
        if let Some(item) = by_rule.get_mut(set.trailing_zeros() as usize) {
            act(item);
        }
        set &= set - 1;
    }
}
