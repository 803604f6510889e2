//! Compares two policies on the same images.

use std::fmt;

use super::image::ImageListing;
use super::outcome::{Outcome, Preview, Strictness};
use super::timestamp::Timestamp;
use super::verdict::Verdict;
use crate::policy::LifecyclePolicy;

/// The previews of two policies on the same images at the same instant.
#[derive(Debug)]
pub struct Comparison<'p> {
    /// The preview of the first policy.
    pub before: Preview<'p>,
    /// The preview of the second policy.
    pub after: Preview<'p>,
}

/// An image on which two policies differ.
#[derive(Debug, Clone, Copy)]
pub struct Change<'v> {
    /// The kind of difference.
    pub kind: ChangeKind,
    /// The outcome under the first policy.
    pub before: Outcome<'v>,
    /// The outcome under the second policy.
    pub after: Outcome<'v>,
}

/// How two policies differ on an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// The second policy expires or archives it, the first one does not.
    Goes,
    /// It may go under the second policy only, or goes under the first one.
    MayGo,
    /// It stays under the second policy only.
    Stays,
    /// One policy deletes it, and the other one archives it.
    OtherAction,
    /// Another rule acts on it, or may.
    OtherRule,
}

impl ChangeKind {
    /// The name in tables and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Goes => "goes",
            Self::MayGo => "mayGo",
            Self::Stays => "stays",
            Self::OtherAction => "otherAction",
            Self::OtherRule => "otherRule",
        }
    }
}

impl<'p> Comparison<'p> {
    /// Evaluates both policies on the images.
    ///
    /// ```
    /// use ecrane_lifecycle::LifecyclePolicy;
    /// use ecrane_lifecycle::preview::{ChangeKind, Comparison, ImageListing};
    ///
    /// let policy = |days: u32| LifecyclePolicy::parse(&format!(r#"{{"rules": [{{
    ///     "rulePriority": 1,
    ///     "selection": {{"tagStatus": "any", "countType": "sinceImagePushed", "countNumber": {days}, "countUnit": "days"}},
    ///     "action": {{"type": "expire"}}
    /// }}]}}"#));
    /// let listing = ImageListing::parse(r#"{"imageDetails": [{
    ///     "imageDigest": "sha256:559aead08264d5795d3909718cdd05abd49572e84fe55590eef31a88a08fdffd",
    ///     "imagePushedAt": "2026-03-01T12:00:00Z"
    /// }]}"#)?;
    /// let (month, week) = (policy(30)?.0, policy(7)?.0);
    /// let comparison = Comparison::new(&month, &week, &listing, "2026-03-15T12:00:00Z".parse()?);
    /// let kinds: Vec<_> = comparison.changes().map(|change| change.kind).collect();
    /// assert_eq!(kinds, [ChangeKind::Goes]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(
        before: &'p LifecyclePolicy,
        after: &'p LifecyclePolicy,
        listing: &'p ImageListing,
        now: Timestamp,
    ) -> Self {
        let [before, after] = [before, after].map(|policy| Preview::new(policy, listing, now));
        Self { before, after }
    }

    /// The images on which the policies differ, in the order of the listing.
    pub fn changes(&self) -> impl Iterator<Item = Change<'_>> {
        self.before.outcomes().zip(self.after.outcomes()).filter_map(|(before, after)| {
            Some(Change { kind: kind(&before, &after)?, before, after })
        })
    }
}

fn kind(before: &Outcome<'_>, after: &Outcome<'_>) -> Option<ChangeKind> {
    let goes = |outcome: &Outcome<'_>| outcome.goes(Strictness::Certain);
    let may = |outcome: &Outcome<'_>| outcome.goes(Strictness::Possible);
    match (goes(before), goes(after)) {
        (None, Some(_)) => Some(ChangeKind::Goes),
        (Some(one), Some(other)) if one != other => Some(ChangeKind::OtherAction),
        (Some(_), Some(_)) => other_rule(before, after),
        (one, None) => match (may(before), may(after)) {
            (_, Some(_)) if one.is_some() => Some(ChangeKind::MayGo),
            (None, Some(_)) => Some(ChangeKind::MayGo),
            (Some(_), None) => Some(ChangeKind::Stays),
            (None, None) => None,
            (Some(one), Some(other)) if one != other => Some(ChangeKind::OtherAction),
            (Some(_), Some(_)) => other_rule(before, after),
        },
    }
}

fn other_rule(before: &Outcome<'_>, after: &Outcome<'_>) -> Option<ChangeKind> {
    let rule = |outcome: &Outcome<'_>| match outcome.verdict() {
        Verdict::Act { rule, .. } | Verdict::Uncertain { rule, .. } => Some(rule),
        Verdict::Keep { .. } => None,
    };
    (rule(before) != rule(after)).then_some(ChangeKind::OtherRule)
}

impl fmt::Display for Change<'_> {
    /// Both sentences.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, and before: {}", self.after, self.before)
    }
}
