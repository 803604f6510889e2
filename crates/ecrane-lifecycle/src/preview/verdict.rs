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
    /// The rule acts on the image or not, depending on how AWS's documentation or the gaps in the
    /// listing are interpreted.
    Uncertain {
        /// The priority of the rule that may act on it.
        rule: u32,
        /// The possible action.
        action: LifecycleAction,
        /// The questions on which it depends.
        doubts: Doubts,
    },
}

/// Why a rule acts on an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Enough newer images are selected by a rule with `imageCountMoreThan`.
    OverCount {
        /// The minimum number of selected images that are newer.
        newer: u32,
        /// The number of images that the rule keeps.
        keep: u32,
    },
    /// More days than the rule allows have passed.
    Older {
        /// The time that has passed.
        clock: Clock,
        /// The time of the event.
        since: Timestamp,
        /// The number of days that the rule allows.
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
    /// It is among the images that a rule with `imageCountMoreThan` keeps.
    WithinCount {
        /// The maximum number of selected images that are newer.
        newer: u32,
        /// The maximum number of images that the rule selects.
        selected: u32,
        /// The number of images that the rule keeps.
        keep: u32,
    },
    /// Not more days have passed than the rule allows.
    NotOldEnough {
        /// The time that has passed.
        clock: Clock,
        /// The time of the event.
        since: Timestamp,
        /// The number of days that the rule allows.
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
    /// Its restore from the archive, which counts as a push: `sinceImagePushed`.
    Restored,
    /// Its last pull: `sinceImagePulled`.
    Pulled,
    /// Its push, if it was never pulled: `sinceImagePulled`.
    PushedNeverPulled,
    /// Its restore from the archive, if it was not pulled since: `sinceImagePulled`.
    RestoredNotPulled,
    /// Its move to the archive: `sinceImageTransitioned`.
    Archived,
}

/// A question without a certain answer on which an outcome depends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// The image may be in a manifest list whose body is unknown, which would protect it.
    UnknownList,
    /// Images that may be in a manifest list whose body is unknown may count.
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

/// The questions on which an outcome depends.
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
