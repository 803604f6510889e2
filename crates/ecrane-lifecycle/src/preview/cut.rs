//! What the rules that count images act on, while images leave.
//!
//! Of the images that it selects, newest first, a rule that keeps N certainly acts on those that
//! are older than the Nth that certainly counts, and certainly not on those that are newer than
//! number N + 1 of all that may count. Two instants for each rule are therefore enough, and a
//! departure moves them only if the image was not older than both.

use super::count::{Role, each};
use super::evaluate::{Finding, Prepared, RuleSet, governing};
use super::situation::Situation;
use super::timestamp::Timestamp;
use super::verdict::{Doubt, Doubts, Kept, Mark};
use crate::limit::Limit;

/// The instants of a rule.
#[derive(Debug, Clone, Copy, Default)]
struct Cut {
    /// The rule itself.
    rule: RuleSet,
    /// The number of images that it keeps.
    keep: u32,
    /// The number of images that it selects.
    selected: u32,
    /// Those of them without a push clock.
    undated: u32,
    /// The clock of the Nth image that certainly counts.
    sure: Option<Timestamp>,
    /// The clock of image number N + 1 of all that may count.
    all: Option<Timestamp>,
}

impl Cut {
    /// Whether the departure of an image, or the change of its role, can move an instant.
    fn depends_on(&self, clock: Timestamp) -> bool {
        // A rule that selects N images or fewer acts on none, and never again selects more.
        self.all.is_some_and(|all| self.sure.is_none_or(|sure| clock >= sure.min(all)))
    }
}

/// The instants of the rules that count images.
#[derive(Debug)]
pub(super) struct Cuts {
    /// By the position of the rule; unused for one that does not count.
    by_rule: Vec<Cut>,
    counting: RuleSet,
    /// The rules whose instants may have moved.
    stale: RuleSet,
}

impl Cuts {
    pub(super) fn new(prepared: &Prepared<'_>, situation: &Situation<'_>) -> Self {
        let rules = (0u32..).zip(&prepared.rules);
        let cuts = rules.map(|(position, rule)| match rule.limit {
            Limit::ImageCountMoreThan(keep) => {
                Cut { rule: 1u64.checked_shl(position).unwrap_or_default(), keep, ..Cut::default() }
            }
            Limit::SinceImagePushed(_)
            | Limit::SinceImagePulled(_)
            | Limit::SinceImageTransitioned(_) => Cut::default(),
        });
        let mut by_rule: Vec<_> = cuts.collect();
        let counting = by_rule.iter().fold(0, |set, cut| set | cut.rule);
        if counting != 0 {
            for (image, rules) in prepared.images.iter().zip(situation.selected()) {
                let undated = u32::from(image.push_clock().is_none());
                each(rules & counting, &mut by_rule, |cut| {
                    cut.selected += 1;
                    cut.undated += undated;
                });
            }
        }
        let mut cuts = Self { by_rule, counting, stale: counting };
        cuts.find(prepared, situation);
        cuts
    }

    /// Whether a counting rule acts on an image that it governs.
    pub(super) fn finding(&self, position: u32, clock: Option<Timestamp>) -> Finding {
        let Cut { keep, selected, undated, sure, all, rule: _ } =
            self.by_rule.get(position as usize).copied().unwrap_or_default();
        let within =
            Finding::No(Kept::WithinCount { newer: keep.saturating_sub(1), selected, keep });
        match clock {
            _ if selected <= keep => within,
            Some(clock) if undated == 0 => {
                if all.is_none_or(|all| clock > all) {
                    within
                } else if sure.is_some_and(|sure| clock < sure) {
                    Finding::Yes(Mark::OverCount { newer: keep, keep })
                } else {
                    Finding::Maybe(Doubts::default())
                }
            }
            Some(_) | None => Finding::Maybe(Doubt::UndatedInCount.into()),
        }
    }

    /// Notes that rules no longer select an image.
    pub(super) fn remove(&mut self, rules: RuleSet, clock: Option<Timestamp>) {
        let Self { by_rule, counting, stale } = self;
        each(rules & *counting, by_rule, |cut| {
            cut.selected = cut.selected.saturating_sub(1);
            match clock {
                Some(clock) if cut.depends_on(clock) => *stale |= cut.rule,
                Some(_) => {}
                None => {
                    cut.undated = cut.undated.saturating_sub(1);
                    if cut.undated == 0 {
                        // What was uncertain for every image of the rule is so no longer.
                        cut.sure = None;
                        *stale |= cut.rule;
                    }
                }
            }
        });
    }

    /// Notes that the role of an image that rules select has changed.
    pub(super) fn change_role(&mut self, rules: RuleSet, clock: Option<Timestamp>) {
        let Self { by_rule, counting, stale } = self;
        each(rules & *counting, by_rule, |cut| {
            if clock.is_some_and(|clock| cut.depends_on(clock)) {
                *stale |= cut.rule;
            }
        });
    }

    /// Whether [`refresh`](Self::refresh) may find something.
    pub(super) fn is_stale(&self) -> bool {
        self.stale != 0
    }

    /// Finds the instants that may have moved, and returns the images that their rules now act on
    /// and did not before.
    pub(super) fn refresh(
        &mut self,
        prepared: &Prepared<'_>,
        situation: &Situation<'_>,
    ) -> Vec<u32> {
        let before: Vec<_> = self.by_rule.iter().map(|cut| cut.sure).collect();
        self.find(prepared, situation);
        let newest_first = &prepared.newest_first;
        let end_of = |cut| newest_first.partition_point(|(clock, _)| *clock >= cut);
        let mut found = Vec::new();
        for (cut, before) in self.by_rule.iter().zip(before) {
            let Some(sure) = cut.sure else { continue };
            let end = before.map_or(newest_first.len(), end_of);
            // Empty if the instant has moved to the past.
            let between = newest_first.get(end_of(sure)..end).unwrap_or_default();
            found.extend(between.iter().map(|(_, image)| *image).filter(|image| {
                let rules = situation.selected().get(*image as usize).copied().unwrap_or_default();
                governing(rules) == cut.rule
            }));
        }
        found
    }

    /// One pass over the images, newest first, for all stale rules.
    fn find(&mut self, prepared: &Prepared<'_>, situation: &Situation<'_>) {
        struct Pass<'c> {
            cut: &'c mut Cut,
            sure: u32,
            all: u32,
        }
        let mut open = std::mem::take(&mut self.stale);
        each(open, &mut self.by_rule, |cut| (cut.sure, cut.all) = (None, None));
        let mut passes: Vec<_> =
            self.by_rule.iter_mut().map(|cut| Pass { cut, sure: 0, all: 0 }).collect();
        for (clock, image) in &prepared.newest_first {
            if open == 0 {
                break;
            }
            let rules = situation.selected().get(*image as usize).copied().unwrap_or_default();
            let is_sure = situation.roles().get(*image as usize) == Some(&Role::Image);
            each(rules & open, &mut passes, |Pass { cut, sure, all }| {
                *all += 1;
                if *all == cut.keep.saturating_add(1) {
                    cut.all = Some(*clock);
                }
                *sure += u32::from(is_sure);
                if is_sure && *sure == cut.keep {
                    cut.sure = Some(*clock);
                }
                if cut.all.is_some() && cut.sure.is_some() {
                    open &= !cut.rule;
                }
            });
        }
    }
}
