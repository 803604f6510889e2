//! Which images go on which of the following days.

use super::cut::Cuts;
use super::evaluate::{Finding, Prepared};
use super::image::{Image, ImageListing};
use super::situation::{Situation, State};
use super::timestamp::Timestamp;
use super::verdict::{Kept, Verdict};
use crate::policy::LifecyclePolicy;
use crate::vocabulary::LifecycleAction;

/// The images that go on the following days, if nobody pushes, pulls, deletes, archives or
/// restores an image meanwhile.
///
/// The policy is evaluated every 24 hours, on what the evaluations before have left. What an
/// archive rule archives, a rule for archived images may delete later; the parts of a deleted
/// manifest list may go in the next evaluation. An image whose outcome is uncertain stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The days on which something happens.
    pub days: Vec<Day>,
}

/// A day on which something happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// How many days lie between now and it; 0 is now.
    pub number: u32,
    /// The instant of its evaluation.
    pub at: Timestamp,
    /// The images that go, in the order of the listing.
    pub departures: Vec<Departure>,
}

/// An image that goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Departure {
    /// The index of the image in the listing.
    pub image: usize,
    /// What happens to it.
    pub action: LifecycleAction,
    /// The priority of the rule that acts on it; none if it goes with the image that it is
    /// attached to.
    pub rule: Option<u32>,
    /// Whether it is only uncertain from this day on whether it goes.
    pub is_uncertain: bool,
}

impl Schedule {
    /// The images that go now or on one of the following days.
    ///
    /// ```
    /// use ecrane_lifecycle::LifecyclePolicy;
    /// use ecrane_lifecycle::preview::{ImageListing, Schedule};
    ///
    /// let (policy, _) = LifecyclePolicy::parse(r#"{"rules": [{
    ///     "rulePriority": 1,
    ///     "selection": {"tagStatus": "any", "countType": "sinceImagePushed", "countNumber": 30, "countUnit": "days"},
    ///     "action": {"type": "expire"}
    /// }]}"#)?;
    /// let listing = ImageListing::parse(r#"{"imageDetails": [{
    ///     "imageDigest": "sha256:559aead08264d5795d3909718cdd05abd49572e84fe55590eef31a88a08fdffd",
    ///     "imagePushedAt": "2026-03-01T12:00:00Z"
    /// }]}"#)?;
    /// let schedule = Schedule::new(&policy, &listing, "2026-03-15T00:00:00Z".parse()?, 90);
    /// let days: Vec<_> = schedule.days.iter().map(|day| day.at.to_string()).collect();
    /// assert_eq!(days, ["2026-04-01T00:00:00Z"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(
        policy: &LifecyclePolicy,
        listing: &ImageListing,
        now: Timestamp,
        days: u32,
    ) -> Self {
        Self::of(&Prepared::new(policy, &listing.images), now, days)
    }

    pub(super) fn of(prepared: &Prepared<'_>, now: Timestamp, days: u32) -> Self {
        let mut timeline = Timeline::new(prepared, days);
        let mut schedule = Self { days: Vec::new() };
        for number in 0..=days {
            let at = now.plus_days(number);
            let departures = timeline.departures(number, at);
            timeline.apply(&departures, number, at);
            if !departures.is_empty() {
                schedule.days.push(Day { number, at, departures });
            }
        }
        schedule
    }
}

/// The images from day to day. On each day, only those are looked at whose outcome may be another
/// one than on the day before.
struct Timeline<'p> {
    prepared: &'p Prepared<'p>,
    situation: Situation<'p>,
    cuts: Cuts,
    /// For each day, the images to look at.
    due: Vec<Vec<u32>>,
    /// The images that were noted as uncertain.
    is_noted: Vec<bool>,
}

impl<'p> Timeline<'p> {
    fn new(prepared: &'p Prepared<'p>, days: u32) -> Self {
        let situation = Situation::listed(prepared);
        let cuts = Cuts::new(prepared, &situation);
        let mut due = vec![Vec::new(); days as usize + 1];
        if let Some(today) = due.first_mut() {
            today.extend((0u32..).zip(prepared.images).map(|(index, _)| index));
        }
        let is_noted = vec![false; prepared.images.len()];
        Self { prepared, situation, cuts, due, is_noted }
    }

    fn image(&self, index: u32) -> Option<&'p Image> {
        self.prepared.images.get(index as usize)
    }

    fn look_at(&mut self, day: u32, images: impl IntoIterator<Item = u32>) {
        if let Some(due) = self.due.get_mut(day as usize) {
            due.extend(images);
        }
    }

    /// The images that go on a day.
    fn departures(&mut self, day: u32, at: Timestamp) -> Vec<Departure> {
        let mut due = self.due.get_mut(day as usize).map(std::mem::take).unwrap_or_default();
        if self.cuts.is_stale() {
            due.extend(self.cuts.refresh(self.prepared, &self.situation));
        }
        due.sort_unstable();
        due.dedup();
        let mut departures: Vec<_> =
            due.into_iter().filter_map(|image| self.departure(image, day, at)).collect();
        // What is attached to an image goes on the same day.
        let attached_to = |departure: &Departure| {
            let index = u32::try_from(departure.image).ok();
            index.into_iter().flat_map(|index| self.prepared.relations.attached_to(index))
        };
        let attached: Vec<_> = departures.iter().flat_map(attached_to).collect();
        if !attached.is_empty() {
            departures.extend(attached.into_iter().filter_map(|i| self.departure(i, day, at)));
            departures.sort_unstable_by_key(|departure| departure.image);
            departures.dedup_by_key(|departure| departure.image);
        }
        departures
    }

    /// Whether an image goes on a day.
    fn departure(&mut self, index: u32, day: u32, at: Timestamp) -> Option<Departure> {
        let state = self.situation.state(index);
        if state == State::Gone {
            return None;
        }
        let image = index as usize;
        let (verdict, wait) = self.verdict(index, at)?;
        if let Some(wait) = wait {
            self.look_at(day.saturating_add(wait), [index]);
        }
        let goes = |action, rule| Some(Departure { image, action, rule, is_uncertain: false });
        if let Verdict::Act { rule, action, .. } = verdict {
            return goes(action, Some(rule));
        }
        let subject = self.prepared.relations.subject_of(index);
        let followed = subject.and_then(|subject| {
            let (verdict, _) = self.verdict(subject, at)?;
            let action = went(verdict, self.situation.state(subject))?;
            // What is archived already is not archived again.
            let is_new = action == LifecycleAction::Expire || state == State::Listed;
            is_new.then_some(action)
        });
        if let Some(action) = followed {
            return goes(action, None);
        }
        let Verdict::Uncertain { rule, action, .. } = verdict else { return None };
        let is_first = self.is_noted.get_mut(image).is_some_and(|n| !std::mem::replace(n, true));
        is_first.then_some(Departure { image, action, rule: Some(rule), is_uncertain: true })
    }

    /// What happens to an image at an instant, and after how many days its governing rule acts on
    /// it if that depends on its age alone.
    fn verdict(&self, index: u32, at: Timestamp) -> Option<(Verdict, Option<u32>)> {
        let image = self.image(index)?;
        let count = |position, _| self.cuts.finding(position, image.push_clock());
        let finding = self.situation.finding(index, at, count);
        let wait = match finding {
            Some((_, Finding::No(Kept::NotOldEnough { since, limit, .. }))) => {
                Some(since.days_until_older(limit, at))
            }
            _ => None,
        };
        Some((self.situation.verdict(index, image, finding), wait))
    }

    /// Deletes and archives what goes on a day, and looks on the next at what depends on it.
    fn apply(&mut self, departures: &[Departure], day: u32, at: Timestamp) {
        let relations = &self.prepared.relations;
        let mut next = Vec::new();
        let mut has_unknown = false;
        let certain = departures.iter().filter(|departure| !departure.is_uncertain);
        let gone = certain.filter_map(|d| Some((u32::try_from(d.image).ok()?, d.action)));
        for (index, action) in gone.clone() {
            let Some(image) = self.image(index) else { continue };
            let rules = self.situation.selected().get(index as usize).copied().unwrap_or_default();
            self.cuts.remove(rules, image.push_clock());
            let state = match action {
                LifecycleAction::Expire => State::Gone,
                LifecycleAction::Archive => State::ArchivedAt(at),
            };
            self.situation.leave(index, image, state);
            has_unknown |= image.is_list && image.list_body.is_none();
            next.push(index);
            next.extend(relations.attached_to(index));
        }
        // After the lists of the day have left, as an image may be in several of them.
        let mut parts: Vec<u32> = gone.flat_map(|(index, _)| relations.parts_of(index)).collect();
        if has_unknown && self.situation.update_unknown() {
            parts.extend((0u32..).zip(self.prepared.images).map(|(index, _)| index));
        }
        for index in parts {
            let Some(image) = self.image(index) else { continue };
            if self.situation.update_role(index, image) {
                let rules = self.situation.selected().get(index as usize).copied();
                self.cuts.change_role(rules.unwrap_or_default(), image.push_clock());
                next.push(index);
            }
        }
        self.look_at(day.saturating_add(1), next);
    }
}

/// What happens to an image on this day, or has happened before.
fn went(verdict: Verdict, state: State) -> Option<LifecycleAction> {
    match (verdict, state) {
        (Verdict::Act { action, .. }, _) => Some(action),
        (_, State::Gone) => Some(LifecycleAction::Expire),
        (_, State::ArchivedAt(_)) => Some(LifecycleAction::Archive),
        (_, State::Listed) => None,
    }
}
