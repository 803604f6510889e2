//! The effect of the rules of a policy, in English.

use std::fmt;

use crate::limit::Limit;
use crate::policy::{LifecyclePolicy, PrioritizedRule};
use crate::selection::TagSelection;
use crate::vocabulary::{LifecycleAction, StorageClass, TagStatus};

/// The effect of a rule among the rules of its policy.
///
/// Its `Display` writes sentences, one per line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleMeaning<'p> {
    /// The rule.
    pub rule: &'p PrioritizedRule,
    /// The priorities of the later rules of its storage class that may never act on an image that
    /// this rule selects, even if this rule keeps it.
    pub shields_from: Vec<u32>,
    /// The priorities of the earlier rules of its storage class that may take images from it.
    pub yields_to: Vec<u32>,
    /// The priority of the earlier rule that selects every image that this rule selects, so that
    /// this rule never acts.
    pub unreachable_by: Option<u32>,
    /// Whether a rule of the policy archives images, or selects archived ones.
    pub has_archive: bool,
}

impl LifecyclePolicy {
    /// The effect of each rule, in the order of the priorities.
    ///
    /// ```
    /// use ecrane_lifecycle::LifecyclePolicy;
    ///
    /// let (policy, _) = LifecyclePolicy::parse(r#"{"rules": [
    ///     {
    ///         "rulePriority": 1,
    ///         "selection": {"tagStatus": "tagged", "tagPrefixList": ["prod"], "countType": "imageCountMoreThan", "countNumber": 9999},
    ///         "action": {"type": "expire"}
    ///     },
    ///     {
    ///         "rulePriority": 2,
    ///         "selection": {"tagStatus": "any", "countType": "sinceImagePushed", "countNumber": 30, "countUnit": "days"},
    ///         "action": {"type": "expire"}
    ///     }
    /// ]}"#)?;
    /// let meaning = policy.meaning();
    /// assert_eq!(meaning[0].shields_from, [2]);
    /// assert_eq!(
    ///     meaning[1].to_string().lines().next(),
    ///     Some("Rule 2 expires all images that were pushed more than 30 days ago.")
    /// );
    /// # Ok::<(), ecrane_document::Problems>(())
    /// ```
    pub fn meaning(&self) -> Vec<RuleMeaning<'_>> {
        let mut rules: Vec<_> = self.rules().iter().collect();
        rules.sort_by_key(|rule| rule.priority);
        let has_archive = rules.iter().any(|rule| {
            rule.action == LifecycleAction::Archive
                || rule.limit.storage_class() == StorageClass::Archive
        });
        rules
            .iter()
            .map(|rule| {
                let meets = |other: &&&PrioritizedRule| {
                    other.limit.storage_class() == rule.limit.storage_class()
                        && may_share(&rule.selection, &other.selection)
                };
                let earlier = || rules.iter().filter(|other| other.priority < rule.priority);
                let later = rules.iter().filter(|other| other.priority > rule.priority);
                let covering =
                    earlier().filter(meets).find(|other| covers(&other.selection, &rule.selection));
                RuleMeaning {
                    rule,
                    shields_from: later.filter(meets).map(|other| other.priority).collect(),
                    yields_to: earlier().filter(meets).map(|other| other.priority).collect(),
                    unreachable_by: covering.map(|other| other.priority),
                    has_archive,
                }
            })
            .collect()
    }
}

/// Images that no rule of a policy can select.
///
/// Its `Display` is a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unreached {
    /// Images in standard storage that no rule selects by their tags.
    Unselected,
    /// Archived images, although a rule archives images: they stay in the archive.
    Archived,
}

impl LifecyclePolicy {
    /// The images that no rule can select, and that therefore stay.
    ///
    /// ```
    /// use ecrane_lifecycle::LifecyclePolicy;
    ///
    /// let (policy, _) = LifecyclePolicy::parse(r#"{"rules": [{
    ///     "rulePriority": 1,
    ///     "selection": {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 1},
    ///     "action": {"type": "expire"}
    /// }]}"#)?;
    /// let unreached: Vec<_> = policy.unreached().iter().map(ToString::to_string).collect();
    /// assert_eq!(unreached, ["Images that no rule selects stay."]);
    /// # Ok::<(), ecrane_document::Problems>(())
    /// ```
    pub fn unreached(&self) -> Vec<Unreached> {
        let class = |class| self.rules().iter().filter(move |r| r.limit.storage_class() == class);
        let archives = self.rules().iter().any(|rule| rule.action == LifecycleAction::Archive);
        let mut unreached = Vec::new();
        if !class(StorageClass::Standard).any(|rule| rule.selection == TagSelection::Any) {
            unreached.push(Unreached::Unselected);
        }
        if archives && class(StorageClass::Archive).next().is_none() {
            unreached.push(Unreached::Archived);
        }
        unreached
    }
}

impl fmt::Display for Unreached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unselected => "Images that no rule selects stay.",
            Self::Archived => "Archived images stay in the archive: no rule selects them.",
        })
    }
}

/// Whether an image can satisfy both requirements. An image with enough tags satisfies any two
/// lists.
fn may_share(one: &TagSelection, other: &TagSelection) -> bool {
    let is_impossible = |selection: &TagSelection| selection.impossible_entry().is_some();
    if is_impossible(one) || is_impossible(other) {
        return false;
    }
    !matches!(
        (one.status(), other.status()),
        (TagStatus::Tagged, TagStatus::Untagged) | (TagStatus::Untagged, TagStatus::Tagged)
    )
}

fn covers(one: &TagSelection, other: &TagSelection) -> bool {
    *one == TagSelection::Any || one == other || one.covers(other)
}

impl fmt::Display for RuleMeaning<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PrioritizedRule { priority, selection, limit, action, description: _ } = self.rule;
        let does = match action {
            LifecycleAction::Expire => "expires",
            LifecycleAction::Archive => "archives",
        };
        let images = Images { selection, class: limit.storage_class() };
        match limit {
            Limit::ImageCountMoreThan(1) => write!(
                f,
                "Rule {priority} keeps the newest of {images}, whatever its age, and {does} the others."
            )?,
            Limit::ImageCountMoreThan(keep) => write!(
                f,
                "Rule {priority} keeps the newest {keep} of {images}, whatever their age, and {does} the others."
            )?,
            Limit::SinceImagePushed(days) => write!(
                f,
                "Rule {priority} {does} {images} that were pushed more than {} ago.",
                Days(days.count())
            )?,
            Limit::SinceImagePulled(days) => write!(
                f,
                "Rule {priority} {does} {images} that were not pulled for more than {}; for one that was never pulled, the push counts.",
                Days(days.count())
            )?,
            Limit::SinceImageTransitioned(days) => write!(
                f,
                "Rule {priority} {does} {images} that were archived more than {} ago.",
                Days(days.count())
            )?,
        }
        if let Some((_, list)) = selection.list()
            && list.len() > 1
        {
            write!(
                f,
                "\nAn image needs a tag for each of the {} entries; one that has a tag for some of them only is not selected.",
                list.len()
            )?;
        }
        if let Some(entry) = selection.impossible_entry() {
            write!(f, "\nIt never acts: no tag can match `{entry}`.")?;
        } else if let Some(by) = self.unreachable_by {
            write!(f, "\nIt never acts: rule {by} selects every image that it selects.")?;
        } else if !self.yields_to.is_empty() {
            let rules = Rules(&self.yields_to, Joint::Or);
            write!(
                f,
                "\nIt never acts on an image that {rules} selects, even if that rule keeps it"
            )?;
            f.write_str(match limit {
                Limit::ImageCountMoreThan(_) => "; such an image is counted all the same.",
                Limit::SinceImagePushed(_)
                | Limit::SinceImagePulled(_)
                | Limit::SinceImageTransitioned(_) => ".",
            })?;
        }
        if !self.shields_from.is_empty() {
            let rules = Rules(&self.shields_from, Joint::And);
            write!(
                f,
                "\nIt shields the images that it selects, even those that it keeps, from {rules}."
            )?;
        }
        match limit.storage_class() {
            StorageClass::Standard if self.has_archive => {
                f.write_str("\nIt does not see archived images.")
            }
            StorageClass::Standard => Ok(()),
            StorageClass::Archive => f.write_str("\nIt sees archived images only."),
        }
    }
}

/// The images that a rule selects.
struct Images<'s> {
    selection: &'s TagSelection,
    class: StorageClass,
}

impl fmt::Display for Images<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let archived = if self.class == StorageClass::Archive { "archived " } else { "" };
        let (verb, list) = match self.selection {
            TagSelection::Any => return write!(f, "all {archived}images"),
            TagSelection::Untagged => return write!(f, "all untagged {archived}images"),
            TagSelection::Prefixes(list) => ("starts with", list),
            TagSelection::Patterns(list) => ("matches", list),
        };
        write!(f, "all {archived}images with ")?;
        for (index, entry) in list.iter().enumerate() {
            let and = if index == 0 { "" } else { " and " };
            write!(f, "{and}a tag that {verb} `{entry}`")?;
        }
        Ok(())
    }
}

struct Days(u32);

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0, if self.0 == 1 { "day" } else { "days" })
    }
}

/// Rules by their priorities: `rule 1`, `rule 1, 2 or 3`, `rules 1, 2 and 3`.
struct Rules<'p>(&'p [u32], Joint);

#[derive(PartialEq)]
enum Joint {
    And,
    Or,
}

impl fmt::Display for Rules<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(priorities, joint) = self;
        let Some((last, others)) = priorities.split_last() else { return Ok(()) };
        let is_plural = *joint == Joint::And && !others.is_empty();
        f.write_str(if is_plural { "rules " } else { "rule " })?;
        for (index, priority) in others.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}{priority}")?;
        }
        if !others.is_empty() {
            f.write_str(if is_plural { " and " } else { " or " })?;
        }
        write!(f, "{last}")
    }
}
