//! The evaluation: which rule governs an image, and whether it acts on it.
//!
//! An image is governed by the rule with the lowest priority that selects it, whatever that rule
//! counts; every other rule merely counts it. The user guide's sentences about rules that are
//! evaluated at once and applied by priority reduce to this.

use super::image::{Image, ImageStatus};
use super::relations::Relations;
use super::timestamp::Timestamp;
use super::verdict::{Clock, Doubt, Doubts, Kept, Mark, Verdict};
use crate::days::Days;
use crate::limit::Limit;
use crate::policy::{LifecyclePolicy, PrioritizedRule};
use crate::vocabulary::{CountType, StorageClass};

/// Rules as bits, in the order of their priorities. A policy has 50 rules at most.
pub(super) type RuleSet = u64;

/// The parts of an evaluation that do not depend on the time.
#[derive(Debug)]
pub(super) struct Prepared<'p> {
    /// By priority.
    pub(super) rules: Vec<&'p PrioritizedRule>,
    pub(super) images: &'p [Image],
    pub(super) relations: Relations,
    /// For each image, the rules whose tag requirement it meets.
    pub(super) by_tags: Vec<RuleSet>,
    /// The images with a push clock, newest first; empty if no rule counts images.
    pub(super) newest_first: Vec<(Timestamp, u32)>,
}

impl<'p> Prepared<'p> {
    pub(super) fn new(policy: &'p LifecyclePolicy, images: &'p [Image]) -> Self {
        let mut rules: Vec<_> = policy.rules().iter().collect();
        rules.sort_by_key(|rule| rule.priority);
        let by_tags =
            images.iter().map(|image| bits(&rules, |rule| rule.selection.selects(&image.tags)));
        let by_tags = by_tags.collect();
        let mut newest_first = Vec::new();
        if rules.iter().any(|rule| rule.limit.count_type() == CountType::ImageCountMoreThan) {
            let clocks = (0u32..).zip(images);
            newest_first = clocks.filter_map(|(i, image)| Some((image.push_clock()?, i))).collect();
            newest_first.sort_unstable_by_key(|(clock, i)| (std::cmp::Reverse(*clock), *i));
        }
        Self { rules, images, relations: Relations::new(images), by_tags, newest_first }
    }

    /// Whether the rule at this position selects an image by its tags and storage class.
    pub(super) fn selects_any_image(&self, position: u32) -> bool {
        let class = self.rules.get(position as usize).map(|rule| rule.limit.storage_class());
        let selects = |by_tags: &RuleSet| by_tags.checked_shr(position).unwrap_or(0) & 1 == 1;
        self.images
            .iter()
            .zip(&self.by_tags)
            .any(|(image, by_tags)| selects(by_tags) && Some(image.status.storage_class()) == class)
    }

    /// The rules for images of a class.
    pub(super) fn rules_for(&self, class: StorageClass) -> RuleSet {
        bits(&self.rules, |rule| rule.limit.storage_class() == class)
    }
}

/// The rule of a set that governs an image which all of them select: the first.
pub(super) fn governing(rules: RuleSet) -> RuleSet {
    rules & rules.wrapping_neg()
}

/// The rules for which a condition holds.
fn bits(rules: &[&PrioritizedRule], holds: impl Fn(&PrioritizedRule) -> bool) -> RuleSet {
    let bit = |(index, rule): (u32, &&PrioritizedRule)| {
        if holds(rule) { 1u64.checked_shl(index).unwrap_or_default() } else { 0 }
    };
    (0u32..).zip(rules).map(bit).fold(0, std::ops::BitOr::bitor)
}

/// Whether a rule acts on an image that it governs, if nothing else stands against it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Finding {
    Yes(Mark),
    No(Kept),
    Maybe(Doubts),
}

/// The value of an image that a rule measures.
pub(super) enum Measure {
    Count(u32),
    Age(Option<(Clock, Timestamp)>, Days),
}

pub(super) fn measure(limit: Limit, image: &Image, archived_at: Option<Timestamp>) -> Measure {
    let restored = image.last_activated_at;
    match limit {
        Limit::ImageCountMoreThan(keep) => Measure::Count(keep),
        Limit::SinceImagePushed(days) => {
            let clock = if restored.is_some() { Clock::Restored } else { Clock::Pushed };
            Measure::Age(image.push_clock().map(|since| (clock, since)), days)
        }
        Limit::SinceImagePulled(days) => {
            let clock = match (image.last_pulled_at, restored) {
                (Some(pull), Some(restored)) if pull < restored => Clock::RestoredNotPulled,
                (Some(_), _) => Clock::Pulled,
                (None, Some(_)) => Clock::RestoredNotPulled,
                (None, None) => Clock::PushedNeverPulled,
            };
            Measure::Age(image.pull_clock().map(|since| (clock, since)), days)
        }
        Limit::SinceImageTransitioned(days) => {
            Measure::Age(archived_at.map(|since| (Clock::Archived, since)), days)
        }
    }
}

/// A day is 24 hours, and an image of exactly so many days stays.
pub(super) fn age(clock: Option<(Clock, Timestamp)>, limit: Days, now: Timestamp) -> Finding {
    match clock {
        None => Finding::Maybe(Doubt::NoTime.into()),
        Some((clock, since)) if since.is_older_than(limit, now) => {
            Finding::Yes(Mark::Older { clock, since, limit })
        }
        Some((clock, since)) => Finding::No(Kept::NotOldEnough { clock, since, limit }),
    }
}

/// What happens to an image that a rule or no rule governs.
pub(super) fn verdict(
    finding: Option<(&PrioritizedRule, Finding)>,
    may_be_in_list: bool,
    image: &Image,
    list: Option<u32>,
) -> Verdict {
    let attached = image.subject.is_some();
    let keep = |claimed_by, because| Verdict::Keep { claimed_by, because };
    let Some((rule, finding)) = finding else {
        return keep(None, if attached { Kept::Referrer } else { Kept::Unselected });
    };
    let (mark, mut doubts) = match finding {
        Finding::No(_) if attached => return keep(None, Kept::Referrer),
        Finding::No(because) => return keep(Some(rule.priority), because),
        Finding::Yes(mark) => (Some(mark), Doubts::default()),
        Finding::Maybe(doubts) => (None, doubts),
    };
    // The list protects the image under every interpretation.
    if let Some(list) = list {
        return if attached {
            keep(None, Kept::Referrer)
        } else {
            keep(Some(rule.priority), Kept::InList { list })
        };
    }
    if attached {
        doubts = doubts.and(Doubt::Referrer);
    }
    if image.status == ImageStatus::Activating {
        doubts = doubts.and(Doubt::Activating);
    }
    if may_be_in_list {
        doubts = doubts.and(Doubt::UnknownList);
    }
    match mark {
        Some(because) if doubts == Doubts::default() => {
            Verdict::Act { rule: rule.priority, action: rule.action, because }
        }
        Some(_) | None => Verdict::Uncertain { rule: rule.priority, action: rule.action, doubts },
    }
}
