//! The outcome for each image.

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::count::Counts;
use super::digest::Digest;
use super::evaluate::Prepared;
use super::image::{Image, ImageListing};
use super::situation::Situation;
use super::timestamp::Timestamp;
use super::verdict::{Clock, Kept, Mark, Verdict};
use crate::policy::{LifecyclePolicy, PrioritizedRule};
use crate::vocabulary::LifecycleAction;

/// What a lifecycle policy would do to the images of a repository at an instant.
///
/// Serialized, it is `{"images": […]}` with an [`Outcome`] for each image.
#[derive(Debug)]
pub struct Preview<'p> {
    pub(super) listing: &'p ImageListing,
    pub(super) prepared: Prepared<'p>,
    pub(super) now: Timestamp,
    verdicts: Vec<Verdict>,
}

/// Whether an uncertain outcome counts as one in which the image goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strictness {
    /// An image goes if it goes under every interpretation.
    #[default]
    Certain,
    /// An image goes if it may go.
    Possible,
}

impl<'p> Preview<'p> {
    /// Evaluates the policy on the images at an instant.
    ///
    /// There is an example [above](crate::preview).
    pub fn new(policy: &'p LifecyclePolicy, listing: &'p ImageListing, now: Timestamp) -> Self {
        let prepared = Prepared::new(policy, &listing.images);
        let situation = Situation::listed(&prepared);
        let counts = Counts::new(&prepared, &situation);
        let verdict = |(index, image)| {
            let count = |position, keep| counts.finding(index, position, keep);
            situation.verdict(index, image, situation.finding(index, now, count))
        };
        let verdicts = (0u32..).zip(&listing.images).map(verdict).collect();
        Self { listing, prepared, now, verdicts }
    }

    /// The listing that was evaluated.
    pub fn listing(&self) -> &'p ImageListing {
        self.listing
    }

    /// The instant of the evaluation.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The outcome for each image, in the order of the listing.
    pub fn outcomes(&self) -> impl ExactSizeIterator<Item = Outcome<'_>> {
        self.listing
            .images
            .iter()
            .zip(&self.verdicts)
            .enumerate()
            .map(|(index, (image, verdict))| Outcome { preview: self, index, image, verdict })
    }

    /// The outcome for an image, by its index in the listing.
    pub fn outcome(&self, index: usize) -> Option<Outcome<'_>> {
        let image = self.listing.images.get(index)?;
        let verdict = self.verdicts.get(index)?;
        Some(Outcome { preview: self, index, image, verdict })
    }

    pub(super) fn rule(&self, priority: u32) -> Option<&'p PrioritizedRule> {
        self.prepared.rules.iter().copied().find(|rule| rule.priority == priority)
    }
}

/// What a lifecycle policy would do to an image.
///
/// Its `Display` is a sentence that says why. Serialized, it has the members `imageDigest`,
/// `action` (`expire`, `archive`, `keep`), `rulePriority` of the rule that acts, `reason`,
/// `claimedBy`; if it is uncertain, also `uncertain` and `possible`; and `follows` for an image
/// that goes with the one it is attached to.
#[derive(Debug, Clone, Copy)]
pub struct Outcome<'v> {
    pub(super) preview: &'v Preview<'v>,
    index: usize,
    image: &'v Image,
    verdict: &'v Verdict,
}

/// The image that another one is attached to, and what happens to both: within 24 hours, ECR does
/// to the attached image what it did to this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Follows<'v> {
    /// The index of the image in the listing.
    pub index: usize,
    /// The digest of the image.
    pub subject: &'v Digest,
    /// What happens to it.
    pub action: LifecycleAction,
    /// The priority of the rule that acts on it.
    pub rule: u32,
}

impl<'v> Outcome<'v> {
    /// The index of the image in the listing.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The image.
    pub fn image(&self) -> &'v Image {
        self.image
    }

    /// What happens to it, with all details.
    pub fn verdict(&self) -> Verdict {
        *self.verdict
    }

    /// What a rule certainly does to it.
    pub fn action(&self) -> Option<LifecycleAction> {
        match self.verdict {
            Verdict::Act { action, .. } => Some(*action),
            Verdict::Keep { .. } | Verdict::Uncertain { .. } => None,
        }
    }

    /// Whether the readings of what AWS documents differ.
    pub fn is_uncertain(&self) -> bool {
        matches!(self.verdict, Verdict::Uncertain { .. })
    }

    /// What happens to the image, by a rule or as it follows another one, if anything does.
    pub fn goes(&self, strictness: Strictness) -> Option<LifecycleAction> {
        let follows = || self.follows().map(|follows| follows.action);
        match (self.verdict, strictness) {
            (Verdict::Act { action, .. }, _) => Some(*action),
            (Verdict::Uncertain { action, .. }, Strictness::Possible) => {
                follows().or(Some(*action))
            }
            (Verdict::Uncertain { .. } | Verdict::Keep { .. }, _) => follows(),
        }
    }

    /// What a rule does to it, and the priority of the rule; with [`Strictness::Possible`], also
    /// what a rule may do.
    pub fn acts(&self, strictness: Strictness) -> Option<(LifecycleAction, u32)> {
        match (self.verdict, strictness) {
            (Verdict::Act { action, rule, .. }, _)
            | (Verdict::Uncertain { action, rule, .. }, Strictness::Possible) => {
                Some((*action, *rule))
            }
            (Verdict::Uncertain { .. }, Strictness::Certain) | (Verdict::Keep { .. }, _) => None,
        }
    }

    /// The outcome as it is serialized, but with [`Strictness::Possible`], `action` and
    /// `rulePriority` of an uncertain one are those of the rule that may act.
    pub fn entry(&self, strictness: Strictness) -> impl Serialize + use<'v> {
        Entry { outcome: *self, strictness }
    }

    /// The priority of the rule that acts on it.
    pub fn rule_priority(&self) -> Option<u32> {
        match self.verdict {
            Verdict::Act { rule, .. } => Some(*rule),
            Verdict::Keep { .. } | Verdict::Uncertain { .. } => None,
        }
    }

    /// The priority of the rule that may act on it and takes it from every later rule, unless that
    /// is uncertain.
    pub fn claimed_by(&self) -> Option<u32> {
        match self.verdict {
            Verdict::Act { rule, .. } => Some(*rule),
            Verdict::Keep { claimed_by, .. } => *claimed_by,
            Verdict::Uncertain { .. } => None,
        }
    }

    /// The reason in a word: `over-count`, a count type, `within-count`, `not-old-enough`,
    /// `pulled-recently`, `archived-recently`, `manifest-list-child`, `referrer`, `unselected`,
    /// `uncertain`.
    pub fn reason(&self) -> &'static str {
        match self.verdict {
            Verdict::Uncertain { .. } => "uncertain",
            Verdict::Act { because, .. } => match because {
                Mark::OverCount { .. } => "over-count",
                Mark::Older { clock, .. } => match clock {
                    Clock::Pushed | Clock::Restored => "sinceImagePushed",
                    Clock::Pulled | Clock::PushedNeverPulled | Clock::RestoredNotPulled => {
                        "sinceImagePulled"
                    }
                    Clock::Archived => "sinceImageTransitioned",
                },
            },
            Verdict::Keep { because, .. } => match because {
                Kept::Unselected => "unselected",
                Kept::Referrer => "referrer",
                Kept::WithinCount { .. } => "within-count",
                Kept::InList { .. } => "manifest-list-child",
                Kept::NotOldEnough { clock, .. } => match clock {
                    Clock::Pushed | Clock::Restored => "not-old-enough",
                    Clock::Pulled | Clock::PushedNeverPulled | Clock::RestoredNotPulled => {
                        "pulled-recently"
                    }
                    Clock::Archived => "archived-recently",
                },
            },
        }
    }

    /// The image that this one is attached to, if a rule acts on that one.
    pub fn follows(&self) -> Option<Follows<'v>> {
        let index = self.preview.prepared.relations.subject_of(self.index.try_into().ok()?)?;
        let subject = self.preview.outcome(index as usize)?;
        let Verdict::Act { rule, action, .. } = *subject.verdict else { return None };
        Some(Follows { index: subject.index, subject: &subject.image.digest, action, rule })
    }
}

impl Preview<'_> {
    /// The [entry](Outcome::entry) of each image, in the order of the listing.
    ///
    /// ```
    /// use ecrane_lifecycle::LifecyclePolicy;
    /// use ecrane_lifecycle::preview::{ImageListing, Preview, Strictness};
    ///
    /// let (policy, _) = LifecyclePolicy::parse(r#"{"rules": [{
    ///     "rulePriority": 1,
    ///     "selection": {"tagStatus": "untagged", "countType": "sinceImagePushed", "countNumber": 7, "countUnit": "days"},
    ///     "action": {"type": "expire"}
    /// }]}"#)?;
    /// // Without `imagePushedAt`, nobody can tell whether the image is too old.
    /// let digest = "sha256:559aead08264d5795d3909718cdd05abd49572e84fe55590eef31a88a08fdffd";
    /// let listing = format!(r#"{{"imageDetails": [{{"imageDigest": "{digest}"}}]}}"#);
    /// let listing = ImageListing::parse(&listing)?;
    /// let preview = Preview::new(&policy, &listing, "2026-03-15T12:00:00Z".parse()?);
    /// let strict = serde_json::to_value(preview.entries(Strictness::Possible))?;
    /// assert_eq!((&strict[0]["action"], &strict[0]["uncertain"]), (&"expire".into(), &true.into()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn entries(&self, strictness: Strictness) -> impl Serialize {
        Entries { preview: self, strictness }
    }
}

struct Entries<'v> {
    preview: &'v Preview<'v>,
    strictness: Strictness,
}

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut images = serializer.serialize_seq(Some(self.preview.verdicts.len()))?;
        for outcome in self.preview.outcomes() {
            images.serialize_element(&Entry { outcome, strictness: self.strictness })?;
        }
        images.end()
    }
}

impl Serialize for Preview<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("images", &self.entries(Strictness::Certain))?;
        map.end()
    }
}

impl Serialize for Outcome<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.entry(Strictness::Certain).serialize(serializer)
    }
}

struct Entry<'v> {
    outcome: Outcome<'v>,
    strictness: Strictness,
}

impl Serialize for Entry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Possible {
            action: &'static str,
            rule_priority: u32,
        }
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Following<'v> {
            image_digest: &'v Digest,
            action: &'static str,
        }
        let Self { outcome, strictness } = self;
        let acts = outcome.acts(*strictness);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("imageDigest", &outcome.image.digest)?;
        map.serialize_entry("action", acts.map_or("keep", |(action, _)| action.as_str()))?;
        map.serialize_entry("rulePriority", &acts.map(|(_, rule)| rule))?;
        if outcome.is_uncertain() {
            map.serialize_entry("uncertain", &true)?;
        }
        map.serialize_entry("reason", outcome.reason())?;
        map.serialize_entry("claimedBy", &outcome.claimed_by())?;
        if let Verdict::Uncertain { rule, action, .. } = outcome.verdict {
            let possible = Possible { action: action.as_str(), rule_priority: *rule };
            map.serialize_entry("possible", &[possible])?;
        }
        if let Some(Follows { subject, action, .. }) = outcome.follows() {
            let following = Following { image_digest: subject, action: action.as_str() };
            map.serialize_entry("follows", &following)?;
        }
        map.end()
    }
}
