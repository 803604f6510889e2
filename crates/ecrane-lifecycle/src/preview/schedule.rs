//! Which images go on which of the following days.

use super::evaluate::{Prepared, State};
use super::image::ImageListing;
use super::timestamp::Timestamp;
use super::verdict::Verdict;
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
        let prepared = Prepared::new(policy, &listing.images);
        let mut states = prepared.listed();
        let mut is_noted = vec![false; states.len()];
        let mut schedule = Self { days: Vec::new() };
        for number in 0..=days {
            let departures = departures(&prepared, now, number, &states, &mut is_noted);
            for departure in departures.iter().filter(|departure| !departure.is_uncertain) {
                if let Some(state) = states.get_mut(departure.image) {
                    *state = match departure.action {
                        LifecycleAction::Expire => State::Gone,
                        LifecycleAction::Archive => State::ArchivedOn(number),
                    };
                }
            }
            if !departures.is_empty() {
                schedule.days.push(Day { number, at: now.plus_days(number), departures });
            }
        }
        schedule
    }
}

/// The images that go on a day.
fn departures(
    prepared: &Prepared<'_>,
    now: Timestamp,
    day: u32,
    states: &[State],
    is_noted: &mut [bool],
) -> Vec<Departure> {
    let verdicts = prepared.evaluate(now, day, states);
    let mut departures = Vec::new();
    for (image, verdict) in verdicts.iter().enumerate() {
        let state = states.get(image).copied().unwrap_or(State::Gone);
        if state == State::Gone {
            continue;
        }
        let subject = u32::try_from(image).ok().and_then(|i| prepared.relations.subject_of(i));
        let follows = subject.and_then(|subject| {
            let subject = subject as usize;
            let action = went(*verdicts.get(subject)?, *states.get(subject)?)?;
            // What is archived already is not archived again.
            let is_new = action == LifecycleAction::Expire || state == State::Listed;
            is_new.then_some(action)
        });
        let departure = match (*verdict, follows) {
            (Verdict::Act { rule, action, .. }, _) => {
                Departure { image, action, rule: Some(rule), is_uncertain: false }
            }
            (_, Some(action)) => Departure { image, action, rule: None, is_uncertain: false },
            (Verdict::Uncertain { rule, action, .. }, None) => {
                let is_first = is_noted.get_mut(image).is_some_and(|n| !std::mem::replace(n, true));
                if !is_first {
                    continue;
                }
                Departure { image, action, rule: Some(rule), is_uncertain: true }
            }
            (Verdict::Keep { .. }, None) => continue,
        };
        departures.push(departure);
    }
    departures
}

/// What happens to an image on this day, or has happened before.
fn went(verdict: Verdict, state: State) -> Option<LifecycleAction> {
    match (verdict, state) {
        (Verdict::Act { action, .. }, _) => Some(action),
        (_, State::Gone) => Some(LifecycleAction::Expire),
        (_, State::ArchivedOn(_)) => Some(LifecycleAction::Archive),
        (_, State::Listed) => None,
    }
}
