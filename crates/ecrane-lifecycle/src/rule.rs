//! Lifecycle rules as specified in a config or through the API.

use crate::days::Days;
use crate::error::LifecycleError;
use crate::limit::Limit;
use crate::selection::TagSelection;
use crate::vocabulary::{CountType, LifecycleAction, TagStatus};

/// A lifecycle rule: CDK's `LifecycleRule`.
///
/// Combinations of properties are checked when the rule is added to a repository.
///
/// ```
/// use ecrane_lifecycle::LifecycleRule;
///
/// let rule = LifecycleRule { max_image_age: Some("30d".parse()?), ..LifecycleRule::default() };
/// # Ok::<(), ecrane_lifecycle::DaysError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct LifecycleRule {
    /// The priority. Rules are applied in ascending order. Rules without a priority follow the
    /// others in the order in which they are added, and an `any` rule is applied last.
    pub rule_priority: Option<u32>,
    /// The description of the rule.
    pub description: Option<String>,
    /// Which images the rule selects. Default: tagged images if a tag list is set, otherwise any.
    pub tag_status: Option<TagStatus>,
    /// Tag prefixes. The tags of an image must match *every* prefix, not only one.
    pub tag_prefix_list: Option<Vec<String>>,
    /// Tag patterns, in which `*` matches zero or more characters. The tags of an image must match
    /// *every* pattern, not only one.
    pub tag_pattern_list: Option<Vec<String>>,
    /// The number of selected images to keep. The newest images are kept.
    pub max_image_count: Option<u32>,
    /// The maximum age of a selected image.
    pub max_image_age: Option<Days>,
    /// The maximum time since a selected image was last pulled. Requires the
    /// [`action`](Self::action) [`LifecycleAction::Archive`]. Not available in the CDK.
    pub max_time_since_pull: Option<Days>,
    /// The maximum time since a selected image was archived, at least 90 days. The rule then
    /// applies to archived images only, which no other rule selects. Not available in the CDK.
    pub max_time_since_archive: Option<Days>,
    /// The action on images over the limit. Default: [`LifecycleAction::Expire`]. Not available in
    /// the CDK.
    pub action: Option<LifecycleAction>,
}

/// A rule that passed all checks of a single rule. Its priority may not be assigned yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CheckedRule {
    pub(crate) priority: Option<u32>,
    pub(crate) description: Option<String>,
    pub(crate) selection: TagSelection,
    pub(crate) limit: Limit,
    pub(crate) action: LifecycleAction,
}

impl LifecycleRule {
    /// Runs all checks of the CDK and ECR on a single rule.
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
