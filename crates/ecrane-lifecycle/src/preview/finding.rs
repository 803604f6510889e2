//! Findings about a preview.

use ecrane_document::{Explain, Severity};
use thiserror::Error;

use super::digest::Digest;
use super::image::ImageStatus;
use super::in_use::User;
use super::outcome::{Outcome, Preview, Strictness};
use super::verdict::Verdict;
use crate::selection::TagSelection;
use crate::vocabulary::{LifecycleAction, StorageClass, TagStatus};

/// A fact about a policy on the images of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Finding {
    /// An image in use would be expired or archived.
    #[error("image `{digest}` is used by {}, and {}{why}", listed(.users), is(*.is_uncertain))]
    InUse {
        /// The digest of the image.
        digest: Digest,
        /// The tags of the image.
        tags: Vec<String>,
        /// What would happen to it.
        action: LifecycleAction,
        /// Whether that is uncertain.
        is_uncertain: bool,
        /// The sentence of its [`Outcome`].
        why: String,
        /// The users of the image.
        users: Vec<User>,
    },
    /// An image in use will be expired or archived on a later day.
    #[error("image `{digest}` is used by {}, and {} {} in {}{}", listed(.users), if *.is_uncertain { "may" } else { "will" }, becomes(*.action), counted(*.day as usize, "day"), by(*.rule))]
    InUseLater {
        /// The digest of the image.
        digest: Digest,
        /// The tags of the image.
        tags: Vec<String>,
        /// What will happen to it.
        action: LifecycleAction,
        /// The priority of the rule; none if it goes with the image that it is attached to.
        rule: Option<u32>,
        /// The number of days until then.
        day: u32,
        /// Whether that is uncertain.
        is_uncertain: bool,
        /// The users of the image.
        users: Vec<User>,
    },
    /// The policy has rules for archived images, but the listing contains none.
    #[error("rule {priority} selects archived images, and the listing has none")]
    NothingArchived {
        /// The priority of the first such rule.
        priority: u32,
    },
    /// Manifest lists whose bodies are unknown.
    #[error("the body of manifest list `{digest}` is not known{}", and_others(*.lists))]
    UnknownListBodies {
        /// The number of lists.
        lists: usize,
        /// The digest of the first list.
        digest: Digest,
    },
    /// A manifest list that goes, whose parts no rule selects.
    #[error("manifest list `{list}` goes, and no rule selects {} of it", counted(*.parts, "part"))]
    StrandedParts {
        /// The digest of the list.
        list: Digest,
        /// The number of parts that no rule selects.
        parts: usize,
    },
    /// A rule for any image that governs the untagged parts of manifest lists.
    #[error("rule {priority} for any image also selects {} of manifest lists", counted(*.parts, "untagged part"))]
    AnySelectsParts {
        /// The priority of the rule.
        priority: u32,
        /// The number of parts.
        parts: usize,
    },
    /// A rule for tagged images that selects none.
    #[error("rule {priority} selects no image of the listing by its tags")]
    SelectsNothing {
        /// The priority of the rule.
        priority: u32,
    },
}

fn is(is_uncertain: bool) -> &'static str {
    if is_uncertain { "is " } else { "" }
}

fn becomes(action: LifecycleAction) -> &'static str {
    match action {
        LifecycleAction::Expire => "expire",
        LifecycleAction::Archive => "be archived",
    }
}

fn by(rule: Option<u32>) -> String {
    match rule {
        Some(rule) => format!(", by rule {rule}"),
        None => ", with the image that it is attached to".to_owned(),
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn and_others(lists: usize) -> String {
    match lists {
        0 | 1 => String::new(),
        lists => format!(", nor of {}", counted(lists - 1, "other")),
    }
}

fn listed(users: &[User]) -> String {
    let users: Vec<_> = users.iter().map(ToString::to_string).collect();
    users.join(", ")
}

impl Finding {
    /// An error if an image in use goes, now or later; otherwise a warning.
    pub fn severity(&self, strictness: Strictness) -> Severity {
        match self {
            Self::InUse { is_uncertain, .. } | Self::InUseLater { is_uncertain, .. }
                if !is_uncertain || strictness == Strictness::Possible =>
            {
                Severity::Error
            }
            Self::InUse { .. }
            | Self::InUseLater { .. }
            | Self::NothingArchived { .. }
            | Self::UnknownListBodies { .. }
            | Self::StrandedParts { .. }
            | Self::AnySelectsParts { .. }
            | Self::SelectsNothing { .. } => Severity::Warning,
        }
    }
}

impl Explain for Finding {
    fn code(&self) -> &'static str {
        match self {
            Self::InUse { .. } => "preview::in_use",
            Self::InUseLater { .. } => "preview::in_use_later",
            Self::NothingArchived { .. } => "preview::nothing_archived",
            Self::UnknownListBodies { .. } => "preview::unknown_list_bodies",
            Self::StrandedParts { .. } => "preview::stranded_parts",
            Self::AnySelectsParts { .. } => "preview::any_selects_parts",
            Self::SelectsNothing { .. } => "preview::selects_nothing",
        }
    }

    fn help(&self) -> Option<String> {
        let help = match self {
            Self::InUse { .. } | Self::InUseLater { .. } => {
                "protect its tags with a rule of a lower priority number, such as `imageCountMoreThan` 9999"
            }
            Self::NothingArchived { .. } => {
                "list archived images, too: `aws ecr describe-images --filter imageStatus=ANY`"
            }
            Self::UnknownListBodies { .. } => {
                "give the output of `aws ecr batch-get-image` for the manifest lists; until then, every older image may be protected"
            }
            Self::StrandedParts { .. } => {
                "add a rule for untagged images, which deletes the parts once their list is gone"
            }
            Self::AnySelectsParts { .. } => {
                "add a rule for untagged images before it, so that parts do not take the places of tagged images"
            }
            Self::SelectsNothing { .. } => {
                "check its tags; an image is selected only if it has a tag for each entry of the list"
            }
        };
        Some(help.to_owned())
    }
}

impl Preview<'_> {
    /// Warnings about the outcomes.
    ///
    /// ```
    /// # use ecrane_lifecycle::LifecyclePolicy;
    /// use ecrane_document::Explain;
    /// use ecrane_lifecycle::preview::{ImageListing, Preview};
    ///
    /// let (policy, _) = LifecyclePolicy::parse(r#"{"rules": [{
    ///     "rulePriority": 1,
    ///     "selection": {"tagStatus": "tagged", "tagPrefixList": ["prod"], "countType": "imageCountMoreThan", "countNumber": 9999},
    ///     "action": {"type": "expire"}
    /// }]}"#)?;
    /// let listing = ImageListing::parse(r#"{"imageDetails": []}"#)?;
    /// let preview = Preview::new(&policy, &listing, "2026-03-15T12:00:00Z".parse()?);
    /// let codes: Vec<_> = preview.findings().iter().map(Explain::code).collect();
    /// assert_eq!(codes, ["preview::selects_nothing"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.nothing_archived(&mut findings);
        self.unknown_lists(&mut findings);
        self.parts(&mut findings);
        for (position, rule) in (0u32..).zip(&self.prepared.rules) {
            // Missing archived images are a separate finding.
            let is_checked = rule.selection.status() == TagStatus::Tagged
                && rule.limit.storage_class() == StorageClass::Standard;
            if is_checked && !self.prepared.selects_any_image(position) {
                findings.push(Finding::SelectsNothing { priority: rule.priority });
            }
        }
        findings
    }

    fn nothing_archived(&self, findings: &mut Vec<Finding>) {
        let mut rules = self.prepared.rules.iter();
        let rule = rules.find(|rule| rule.limit.storage_class() == StorageClass::Archive);
        let images = &self.listing.images;
        if let Some(rule) = rule
            && images.iter().all(|image| image.status != ImageStatus::Archived)
        {
            findings.push(Finding::NothingArchived { priority: rule.priority });
        }
    }

    fn unknown_lists(&self, findings: &mut Vec<Finding>) {
        let images = self.listing.images.iter();
        let mut unknown = images.filter(|image| {
            image.is_list && image.list_body.is_none() && image.status != ImageStatus::Archived
        });
        if let Some(first) = unknown.next() {
            let (lists, digest) = (1 + unknown.count(), first.digest.clone());
            findings.push(Finding::UnknownListBodies { lists, digest });
        }
    }

    fn parts(&self, findings: &mut Vec<Finding>) {
        let images = &self.listing.images;
        let mut stranded = vec![0; images.len()];
        let mut by_any: Vec<(u32, usize)> = Vec::new();
        for (index, list) in self.prepared.relations.children() {
            let Some(part) = self.outcome(*index as usize) else { continue };
            match part.claimed_by() {
                None if is_unselected(&part) => {
                    if let Some(count) = stranded.get_mut(*list as usize) {
                        *count += 1;
                    }
                }
                None => {}
                Some(priority) => {
                    let rule = self.rule(priority);
                    let is_any = rule.is_some_and(|rule| rule.selection == TagSelection::Any);
                    if is_any && part.image().tags.is_empty() {
                        match by_any.iter_mut().find(|(any, _)| *any == priority) {
                            Some((_, parts)) => *parts += 1,
                            None => by_any.push((priority, 1)),
                        }
                    }
                }
            }
        }
        for (list, parts) in self.outcomes().zip(stranded) {
            if parts > 0 && list.action().is_some() {
                let list = list.image().digest.clone();
                findings.push(Finding::StrandedParts { list, parts });
            }
        }
        by_any.sort_unstable();
        findings.extend(
            by_any
                .into_iter()
                .map(|(priority, parts)| Finding::AnySelectsParts { priority, parts }),
        );
    }
}

fn is_unselected(outcome: &Outcome<'_>) -> bool {
    use super::verdict::Kept::Unselected;
    matches!(outcome.verdict(), Verdict::Keep { because: Unselected, .. })
}
