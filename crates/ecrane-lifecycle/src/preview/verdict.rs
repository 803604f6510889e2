//! What a lifecycle policy does to an image, and why, as data.

use super::timestamp::Timestamp;
use crate::days::Days;
use crate::vocabulary::LifecycleAction;

/// What a policy does to an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A rule acts on the image.
    Act {
        /// The priority of the rule.
        rule: u32,
        /// What the rule does.
        action: LifecycleAction,
        /// Why.
        because: Mark,
    },
    /// The image stays as it is.
    Keep {
        /// The priority of the rule that selects the image, so that no later rule may act on it.
        claimed_by: Option<u32>,
        /// Why.
        because: Kept,
    },
    /// The image stays by one reading of what AWS documents, or of what the listing lacks, and by
    /// another one the rule acts on it.
    Uncertain {
        /// The priority of the rule that may act on it.
        rule: u32,
        /// What the rule may do.
        action: LifecycleAction,
        /// Which questions decide it.
        doubts: Doubts,
    },
}

/// Why a rule acts on an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Enough newer images are selected by a rule with `imageCountMoreThan`.
    OverCount {
        /// How many of the selected images are newer, at least.
        newer: u32,
        /// How many images the rule keeps.
        keep: u32,
    },
    /// More days than the rule allows have passed.
    Older {
        /// What has passed since.
        clock: Clock,
        /// When that was.
        since: Timestamp,
        /// How many days the rule allows.
        limit: Days,
    },
}

/// Why an image stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// No rule selects it.
    Unselected,
    /// It is attached to another image and goes with that one.
    Referrer,
    /// The rule with `imageCountMoreThan` that selects it keeps so many.
    WithinCount {
        /// How many of the selected images are newer, at most.
        newer: u32,
        /// How many images the rule selects, at most.
        selected: u32,
        /// How many images the rule keeps.
        keep: u32,
    },
    /// No more days have passed than the rule allows.
    NotOldEnough {
        /// What has passed since.
        clock: Clock,
        /// When that was.
        since: Timestamp,
        /// How many days the rule allows.
        limit: Days,
    },
    /// The rule would act on it, but a manifest list references it, and that list is neither
    /// deleted nor archived.
    InList {
        /// The index of such a list in the listing.
        list: u32,
    },
}

/// The event from which a rule counts days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Clock {
    /// The push of the image: `sinceImagePushed`.
    Pushed,
    /// Its restore from the archive, which is like a push: `sinceImagePushed`.
    Restored,
    /// Its last pull: `sinceImagePulled`.
    Pulled,
    /// Its push, where it was never pulled: `sinceImagePulled`.
    PushedNeverPulled,
    /// Its restore from the archive, where it was not pulled since then: `sinceImagePulled`.
    RestoredNotPulled,
    /// Its move to the archive: `sinceImageTransitioned`.
    Archived,
}

/// A question that decides about an image and has no certain answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// The image may be in a manifest list whose body is not known, which would protect it.
    UnknownList,
    /// Images that may be in a manifest list whose body is not known may count.
    UnknownListCount,
    /// AWS does not document whether images in a manifest list count in `imageCountMoreThan`.
    ChildrenCount,
    /// Images at the limit of the rule were pushed at the same instant.
    Tie,
    /// AWS does not document whether rules act on images that are attached to another one.
    Referrer,
    /// AWS does not document whether images that are attached to another one count.
    ReferrersCount,
    /// AWS does not document whether rules act on an image that is being restored.
    Activating,
    /// AWS does not document whether images that are being restored count.
    ActivatingCount,
    /// The listing lacks the time that the rule needs.
    NoTime,
    /// The listing lacks the push time of an image that the rule counts.
    UndatedInCount,
}

impl Doubt {
    const ALL: [Self; 10] = [
        Self::NoTime,
        Self::UnknownList,
        Self::Referrer,
        Self::Activating,
        Self::UndatedInCount,
        Self::Tie,
        Self::ChildrenCount,
        Self::UnknownListCount,
        Self::ReferrersCount,
        Self::ActivatingCount,
    ];
}

/// The questions that decide about an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Doubts(u16);

impl Doubts {
    /// The questions, the nearest to the image first.
    pub fn iter(self) -> impl Iterator<Item = Doubt> {
        Doubt::ALL.into_iter().filter(move |doubt| self.0 & Self::from(*doubt).0 != 0)
    }

    pub(super) fn and(self, other: impl Into<Self>) -> Self {
        Self(self.0 | other.into().0)
    }
}

impl From<Doubt> for Doubts {
    fn from(doubt: Doubt) -> Self {
        Self(1 << doubt as u16)
    }
}
