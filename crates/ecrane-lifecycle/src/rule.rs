//! A lifecycle rule as it is asked for.

use crate::days::Days;
use crate::error::LifecycleError;
use crate::limit::Limit;
use crate::selection::TagSelection;
use crate::vocabulary::{CountType, LifecycleAction, TagStatus};

/// A rule as it is asked for: CDK's `LifecycleRule`.
///
/// What may stand together is checked when it is added to a repository.
///
/// ```
/// use ecrane_lifecycle::LifecycleRule;
///
/// let rule = LifecycleRule { max_image_age: Some("30d".parse()?), ..LifecycleRule::default() };
/// # Ok::<(), ecrane_lifecycle::DaysError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LifecycleRule {
    /// The order in which rules are applied, lowest first. Rules without one come after those
    /// that have one, in the order in which they are added; an `any` rule comes last.
    pub rule_priority: Option<u32>,
    /// What the rule is for.
    pub description: Option<String>,
    /// Which images the rule selects. Tagged ones where it has a list of tags, else any.
    pub tag_status: Option<TagStatus>,
    /// Prefixes of tags. An image needs a tag for *each* of them, not for one of them.
    pub tag_prefix_list: Option<Vec<String>>,
    /// Patterns of tags, in which `*` stands for any run of characters. An image needs a tag for
    /// *each* of them, not for one of them.
    pub tag_pattern_list: Option<Vec<String>>,
    /// How many of the selected images stay, the youngest.
    pub max_image_count: Option<u32>,
    /// How old a selected image may get.
    pub max_image_age: Option<Days>,
    /// How long a selected image may go without being pulled, if [`action`](Self::action) is
    /// [`LifecycleAction::Archive`]. CDK has no word for it.
    pub max_time_since_pull: Option<Days>,
    /// How long a selected image may be archived, 90 days at least. The rule is about archived
    /// images then, that no other one sees. CDK has no word for it.
    pub max_time_since_archive: Option<Days>,
    /// What happens to an image that goes; it is deleted when nothing is said. CDK has no word for
    /// it.
    pub action: Option<LifecycleAction>,
}

/// A rule that passed every check of a single rule, and may still lack its priority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CheckedRule {
    pub(crate) priority: Option<u32>,
    pub(crate) description: Option<String>,
    pub(crate) selection: TagSelection,
    pub(crate) limit: Limit,
    pub(crate) action: LifecycleAction,
}

impl LifecycleRule {
    /// The checks that CDK and ECR make of one rule, all of them.
    pub(crate) fn check(self) -> Result<CheckedRule, Vec<LifecycleError>> {
        let mut errors = Vec::new();
        let has_list = self.tag_prefix_list.is_some() || self.tag_pattern_list.is_some();
        let status =
            self.tag_status.unwrap_or(if has_list { TagStatus::Tagged } else { TagStatus::Any });

        if self.rule_priority == Some(0) {
            errors.push(LifecycleError::PriorityZero);
        }
        if self.max_image_count == Some(0) {
            errors.push(LifecycleError::CountZero);
        }
        let selection =
            TagSelection::new(status, self.tag_prefix_list, self.tag_pattern_list, &mut errors);
        let mut limits = [
            ("maxImageCount", self.max_image_count.map(Limit::ImageCountMoreThan)),
            ("maxImageAge", self.max_image_age.map(Limit::SinceImagePushed)),
            ("maxTimeSincePull", self.max_time_since_pull.map(Limit::SinceImagePulled)),
            ("maxTimeSinceArchive", self.max_time_since_archive.map(Limit::SinceImageTransitioned)),
        ]
        .into_iter()
        .filter_map(|(property, limit)| Some((property, limit?)));
        let limit = match (limits.next(), limits.next()) {
            (Some((_, limit)), None) => Some(limit),
            (None, _) => {
                errors.push(LifecycleError::NoLimit);
                None
            }
            (Some((one, _)), Some((other, _))) => {
                errors.push(LifecycleError::TwoLimits { one, other });
                None
            }
        };
        let action = self.action.unwrap_or_default();
        if let Some(limit) = limit {
            errors.extend(limit.count_type().check_action(action));
        }
        if let Some(days) = self.max_time_since_archive {
            errors.extend(CountType::SinceImageTransitioned.check_number(days.count().into()));
        }
        match (selection, limit) {
            (Some(selection), Some(limit)) if errors.is_empty() => Ok(CheckedRule {
                priority: self.rule_priority,
                description: self.description,
                selection,
                limit,
                action,
            }),
            _ => Err(errors),
        }
    }
}

impl CheckedRule {
    pub(crate) fn selects_any(&self) -> bool {
        self.selection == TagSelection::Any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ecrane_document::Explain;

    fn rule(edit: impl FnOnce(&mut LifecycleRule)) -> LifecycleRule {
        let mut rule = LifecycleRule { max_image_count: Some(1), ..LifecycleRule::default() };
        edit(&mut rule);
        rule
    }

    #[test]
    fn checks_one_rule() {
        let list = || Some(vec!["x".to_owned()]);
        let cases = [
            ("any", rule(|_| {}), vec![]),
            (
                "zero priority",
                rule(|r| r.rule_priority = Some(0)),
                vec!["lifecycle::priority_below_1"],
            ),
            ("zero count", rule(|r| r.max_image_count = Some(0)), vec!["lifecycle::count_zero"]),
            (
                "no list",
                rule(|r| r.tag_status = Some(TagStatus::Tagged)),
                vec!["lifecycle::tagged_needs_list"],
            ),
            (
                "empty list",
                rule(|r| r.tag_prefix_list = Some(vec![])),
                vec!["lifecycle::tagged_needs_list"],
            ),
            (
                "list of untagged",
                rule(|r| {
                    r.tag_status = Some(TagStatus::Untagged);
                    r.tag_prefix_list = list();
                }),
                vec!["lifecycle::list_without_tagged"],
            ),
            (
                "both lists",
                rule(|r| {
                    r.tag_prefix_list = list();
                    r.tag_pattern_list = list();
                }),
                vec!["lifecycle::prefixes_and_patterns"],
            ),
            (
                "five wildcards",
                rule(|r| r.tag_pattern_list = Some(vec!["*****".to_owned()])),
                vec!["lifecycle::too_many_wildcards"],
            ),
            ("no limit", rule(|r| r.max_image_count = None), vec!["lifecycle::no_limit"]),
            (
                "all at once",
                rule(|r| {
                    r.rule_priority = Some(0);
                    r.tag_status = Some(TagStatus::Tagged);
                    r.max_image_age = "1d".parse().ok();
                }),
                vec![
                    "lifecycle::priority_below_1",
                    "lifecycle::tagged_needs_list",
                    "lifecycle::two_limits",
                ],
            ),
        ];
        for (name, rule, codes) in cases {
            let errors = rule.check().err().unwrap_or_default();
            assert_eq!(errors.iter().map(Explain::code).collect::<Vec<_>>(), codes, "{name}");
        }
    }
}
