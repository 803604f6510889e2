//! The number and size of the images that go.

use serde::Serialize;

use super::outcome::{Outcome, Preview, Strictness};
use crate::vocabulary::LifecycleAction;

/// Some of the images of a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Portion {
    /// The number of images.
    pub images: u64,
    /// The number of their tags.
    pub tags: u64,
    /// The sum of their `imageSizeInBytes`. Layers that images share are counted for each of them,
    /// so the repository shrinks by at most this size.
    pub bytes: u64,
    /// The number of images without `imageSizeInBytes`.
    pub images_without_size: u64,
}

impl Portion {
    fn add(&mut self, outcome: &Outcome<'_>) {
        let image = outcome.image();
        self.images += 1;
        self.tags += image.tags.len() as u64;
        match image.size_in_bytes {
            Some(size) => self.bytes = self.bytes.saturating_add(size),
            None => self.images_without_size += 1,
        }
    }
}

/// The summary of a preview. Each image is in one portion.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// The images that a rule deletes.
    pub expire: Portion,
    /// The images that a rule archives.
    pub archive: Portion,
    /// The images that go with the one they are attached to.
    pub follow: Portion,
    /// The images that a rule may act on, unless they count as acted on.
    pub uncertain: Portion,
    /// The images that stay.
    pub keep: Portion,
    /// The images that each rule acts on, by priority, of every rule.
    pub by_rule: Vec<RulePortion>,
}

/// The images that a rule acts on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RulePortion {
    /// The priority of the rule.
    pub rule_priority: u32,
    /// The images.
    #[serde(flatten)]
    pub portion: Portion,
}

impl Preview<'_> {
    /// Summarizes the preview. With [`Strictness::Possible`], images that a rule may act on are
    /// among those that it acts on.
    ///
    /// ```
    /// # use ecrane_lifecycle::LifecyclePolicy;
    /// use ecrane_lifecycle::preview::{ImageListing, Preview, Strictness};
    ///
    /// # let (policy, _) = LifecyclePolicy::parse(r#"{"rules": [{"rulePriority": 1, "selection": {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 7}, "action": {"type": "expire"}}]}"#)?;
    /// let listing = ImageListing::parse(r#"{"imageDetails": []}"#)?;
    /// let preview = Preview::new(&policy, &listing, "2026-03-15T12:00:00Z".parse()?);
    /// assert_eq!(preview.summary(Strictness::Certain).expire.bytes, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn summary(&self, strictness: Strictness) -> Summary {
        let by_rule = self
            .prepared
            .rules
            .iter()
            .map(|rule| RulePortion { rule_priority: rule.priority, portion: Portion::default() });
        let mut summary = Summary { by_rule: by_rule.collect(), ..Summary::default() };
        for outcome in self.outcomes() {
            let acts = outcome.acts(strictness);
            let portion = match acts {
                Some((LifecycleAction::Expire, _)) => &mut summary.expire,
                Some((LifecycleAction::Archive, _)) => &mut summary.archive,
                None if outcome.follows().is_some() => &mut summary.follow,
                None if outcome.is_uncertain() => &mut summary.uncertain,
                None => &mut summary.keep,
            };
            portion.add(&outcome);
            let rule = acts.map(|(_, rule)| rule);
            if let Some(rule) = summary.by_rule.iter_mut().find(|r| Some(r.rule_priority) == rule) {
                rule.portion.add(&outcome);
            }
        }
        summary
    }

    /// The tags that stay, each with the outcome of its image, in the order of the listing.
    pub fn staying_tags(
        &self,
        strictness: Strictness,
    ) -> impl Iterator<Item = (&str, Outcome<'_>)> {
        let stays = move |outcome: &Outcome<'_>| outcome.goes(strictness).is_none();
        self.outcomes()
            .filter(stays)
            .flat_map(|outcome| outcome.image().tags.iter().map(move |tag| (tag.as_str(), outcome)))
    }
}
