//! Lifecycle rules: which images go, and when.
//!
//! AWS evaluates all the rules of a policy at once and applies them by priority, lowest number
//! first; an image that a rule selects by its tags is out of reach for every later rule. ECR user
//! guide, "Automate the cleanup of images by using lifecycle policies in Amazon ECR".

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use thiserror::Error;

use crate::diagnostic::Explain;
use crate::names::Days;

/// A rule as it is asked for: CDK's `LifecycleRule`.
///
/// What may stand together is checked when it is added to a repository.
///
/// ```
/// use ecrane_core::LifecycleRule;
///
/// let rule = LifecycleRule { max_image_age: Some("30d".parse()?), ..LifecycleRule::default() };
/// # Ok::<(), ecrane_core::DaysError>(())
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
}

/// Which images a rule selects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TagStatus {
    /// All of them.
    Any,
    /// Those with tags that the rule lists.
    Tagged,
    /// Those without tags.
    Untagged,
}

impl TagStatus {
    /// The policy's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Tagged => "tagged",
            Self::Untagged => "untagged",
        }
    }
}

/// The tags a rule selects images by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TagSelection {
    /// Whatever they are.
    Any,
    /// None at all.
    Untagged,
    /// One for each prefix.
    Prefixes(Vec<String>),
    /// One for each pattern.
    Patterns(Vec<String>),
}

impl TagSelection {
    fn status(&self) -> TagStatus {
        match self {
            Self::Any => TagStatus::Any,
            Self::Untagged => TagStatus::Untagged,
            Self::Prefixes(_) | Self::Patterns(_) => TagStatus::Tagged,
        }
    }
}

/// When a selected image goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    /// When so many younger ones are selected: `imageCountMoreThan`.
    ImageCountMoreThan(u32),
    /// When it was pushed longer ago: `sinceImagePushed`.
    SinceImagePushed(Days),
}

/// A rule that passed every check of a single rule, and may still lack its priority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CheckedRule {
    pub(crate) priority: Option<u32>,
    description: Option<String>,
    selection: TagSelection,
    limit: Limit,
}

/// The most wildcards ECR takes in one tag pattern.
const MAX_WILDCARDS: usize = 4;

impl LifecycleRule {
    /// The checks that CDK makes of one rule, all of them.
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
        for pattern in self.tag_pattern_list.iter().flatten() {
            let count = pattern.matches('*').count();
            if count > MAX_WILDCARDS {
                errors.push(LifecycleError::TooManyWildcards { pattern: pattern.clone(), count });
            }
        }
        let selection = match (status, self.tag_prefix_list, self.tag_pattern_list) {
            (TagStatus::Any, None, None) => Some(TagSelection::Any),
            (TagStatus::Untagged, None, None) => Some(TagSelection::Untagged),
            (TagStatus::Any | TagStatus::Untagged, ..) => {
                errors.push(LifecycleError::ListWithoutTagged { status });
                None
            }
            (TagStatus::Tagged, Some(_), Some(_)) => {
                errors.push(LifecycleError::PrefixesAndPatterns);
                None
            }
            (TagStatus::Tagged, Some(prefixes), None) if !prefixes.is_empty() => {
                Some(TagSelection::Prefixes(prefixes))
            }
            (TagStatus::Tagged, None, Some(patterns)) if !patterns.is_empty() => {
                Some(TagSelection::Patterns(patterns))
            }
            (TagStatus::Tagged, ..) => {
                errors.push(LifecycleError::TaggedWithoutList);
                None
            }
        };
        let limit = match (self.max_image_count, self.max_image_age) {
            (Some(count), None) => Some(Limit::ImageCountMoreThan(count)),
            (None, Some(age)) => Some(Limit::SinceImagePushed(age)),
            (None, None) => {
                errors.push(LifecycleError::NoLimit);
                None
            }
            (Some(_), Some(_)) => {
                errors.push(LifecycleError::TwoLimits);
                None
            }
        };
        match (selection, limit) {
            (Some(selection), Some(limit)) if errors.is_empty() => Ok(CheckedRule {
                priority: self.rule_priority,
                description: self.description,
                selection,
                limit,
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

/// A lifecycle policy: its rules, with priorities, in the order in which they are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LifecyclePolicy {
    rules: Vec<PrioritizedRule>,
}

/// A rule of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrioritizedRule {
    /// The order in which it is applied, lowest first.
    pub priority: u32,
    /// What it is for.
    pub description: Option<String>,
    /// The images it selects.
    pub selection: TagSelection,
    /// When they go.
    pub limit: Limit,
}

impl LifecyclePolicy {
    /// The rules.
    pub fn rules(&self) -> &[PrioritizedRule] {
        &self.rules
    }

    /// The policy as the ECR API takes it: JSON without white space.
    pub fn text(&self) -> String {
        // Maps with string keys, numbers and strings always serialize.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Orders rules as CDK does: those with a priority as they were added, then those without,
    /// numbered on from the highest priority, then the one for any image.
    ///
    /// Each error comes with the position of the rule it is about.
    pub(crate) fn order(rules: &[CheckedRule]) -> Result<Self, (usize, LifecycleError)> {
        let numbered = || rules.iter().enumerate();
        let any = numbered().find(|(_, rule)| rule.selects_any());
        let prioritized =
            numbered().filter(|(_, rule)| !rule.selects_any() && rule.priority.is_some());
        let automatic =
            numbered().filter(|(_, rule)| !rule.selects_any() && rule.priority.is_none());

        if let Some((index, CheckedRule { priority: Some(_), .. })) = any
            && automatic.clone().next().is_some()
        {
            return Err((index, LifecycleError::PrioritizedAnyWithAutomatic));
        }
        let highest = prioritized.clone().filter_map(|(_, rule)| rule.priority).max().unwrap_or(0);
        let mut next = highest;
        let mut ordered = Vec::with_capacity(rules.len());
        for (index, rule) in prioritized.chain(automatic).chain(any) {
            let priority = match rule.priority {
                Some(priority) => priority,
                None => {
                    next = next.checked_add(1).ok_or((index, LifecycleError::PriorityOverflow))?;
                    next
                }
            };
            ordered.push(PrioritizedRule {
                priority,
                description: rule.description.clone(),
                selection: rule.selection.clone(),
                limit: rule.limit,
            });
        }
        if let Some((index, CheckedRule { priority: Some(priority), .. })) = any
            && *priority < highest
        {
            return Err((index, LifecycleError::AnyNotLast { priority: *priority, highest }));
        }
        Ok(Self { rules: ordered })
    }
}

/// The JSON of the ECR API; its keys stand in the order in which CDK writes them.
impl Serialize for PrioritizedRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("rulePriority", &self.priority)?;
        if let Some(description) = &self.description {
            map.serialize_entry("description", description)?;
        }
        map.serialize_entry("selection", &Selection(self))?;
        map.serialize_entry("action", &Action { r#type: "expire" })?;
        map.end()
    }
}

struct Selection<'a>(&'a PrioritizedRule);

impl Serialize for Selection<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("tagStatus", self.0.selection.status().as_str())?;
        match &self.0.selection {
            TagSelection::Any | TagSelection::Untagged => {}
            TagSelection::Prefixes(list) => map.serialize_entry("tagPrefixList", list)?,
            TagSelection::Patterns(list) => map.serialize_entry("tagPatternList", list)?,
        }
        match self.0.limit {
            Limit::ImageCountMoreThan(count) => {
                map.serialize_entry("countType", "imageCountMoreThan")?;
                map.serialize_entry("countNumber", &count)?;
            }
            Limit::SinceImagePushed(age) => {
                map.serialize_entry("countType", "sinceImagePushed")?;
                map.serialize_entry("countNumber", &age.count())?;
                map.serialize_entry("countUnit", "days")?;
            }
        }
        map.end()
    }
}

#[derive(Serialize)]
struct Action {
    r#type: &'static str,
}

/// Why a lifecycle rule, or the rules of a repository together, cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LifecycleError {
    /// A priority below 1.
    #[error("lifecycle rule has priority 0")]
    PriorityZero,
    /// A count below 1.
    #[error("lifecycle rule keeps 0 images")]
    CountZero,
    /// A tagged rule that lists no tags.
    #[error("lifecycle rule for tagged images lists no tags")]
    TaggedWithoutList,
    /// A list of tags where no tags are looked at.
    #[error("lifecycle rule for `{}` images lists tags", .status.as_str())]
    ListWithoutTagged {
        /// The status as given.
        status: TagStatus,
    },
    /// Both lists in one rule.
    #[error("lifecycle rule has both `tagPrefixList` and `tagPatternList`")]
    PrefixesAndPatterns,
    /// A pattern with too many wildcards.
    #[error("tag pattern `{pattern}` has {count} wildcards, where {MAX_WILDCARDS} are allowed")]
    TooManyWildcards {
        /// The pattern as given.
        pattern: String,
        /// How many there are.
        count: usize,
    },
    /// No limit at all.
    #[error("lifecycle rule has no limit")]
    NoLimit,
    /// More than one limit.
    #[error("lifecycle rule has both `maxImageCount` and `maxImageAge`")]
    TwoLimits,
    /// A second rule for any image.
    #[error("second lifecycle rule for any image")]
    SecondAny,
    /// The rule for any image has a priority, and another rule has none.
    #[error("lifecycle rule for any image has a priority, and another rule has none")]
    PrioritizedAnyWithAutomatic,
    /// The rule for any image is not the last.
    #[error("lifecycle rule for any image has priority {priority}, below {highest}")]
    AnyNotLast {
        /// Its priority.
        priority: u32,
        /// The highest priority of the others.
        highest: u32,
    },
    /// No number is left for a rule without a priority.
    #[error("no priority is left for this lifecycle rule")]
    PriorityOverflow,
}

impl LifecycleError {
    /// The property of the rule that it is about, by its name in the config.
    pub(crate) fn property(&self) -> Option<&'static str> {
        match self {
            Self::PriorityZero | Self::PriorityOverflow => Some("rulePriority"),
            Self::CountZero => Some("maxImageCount"),
            Self::TooManyWildcards { .. } => Some("tagPatternList"),
            Self::TaggedWithoutList
            | Self::ListWithoutTagged { .. }
            | Self::PrefixesAndPatterns
            | Self::NoLimit
            | Self::TwoLimits
            | Self::SecondAny
            | Self::PrioritizedAnyWithAutomatic
            | Self::AnyNotLast { .. } => None,
        }
    }
}

impl Explain for LifecycleError {
    fn code(&self) -> &'static str {
        match self {
            Self::PriorityZero => "lifecycle::priority_zero",
            Self::CountZero => "lifecycle::count_zero",
            Self::TaggedWithoutList => "lifecycle::tagged_without_list",
            Self::ListWithoutTagged { .. } => "lifecycle::list_without_tagged",
            Self::PrefixesAndPatterns => "lifecycle::prefixes_and_patterns",
            Self::TooManyWildcards { .. } => "lifecycle::too_many_wildcards",
            Self::NoLimit => "lifecycle::no_limit",
            Self::TwoLimits => "lifecycle::two_limits",
            Self::SecondAny => "lifecycle::second_any",
            Self::PrioritizedAnyWithAutomatic => "lifecycle::prioritized_any_with_automatic",
            Self::AnyNotLast { .. } => "lifecycle::any_not_last",
            Self::PriorityOverflow => "lifecycle::priority_overflow",
        }
    }

    fn help(&self) -> Option<String> {
        let text = match self {
            Self::PriorityZero => "priorities are integers from 1",
            Self::CountZero => "`maxImageCount` is what stays: an integer from 1",
            Self::TaggedWithoutList => "give `tagPrefixList` or `tagPatternList`",
            Self::ListWithoutTagged { .. } => "drop the list, or use `tagStatus: tagged`",
            Self::PrefixesAndPatterns => "ECR takes one of the two in a rule; use two rules",
            Self::TooManyWildcards { .. } => "use a shorter pattern, or several rules",
            Self::NoLimit | Self::TwoLimits => {
                "give exactly one of `maxImageCount` and `maxImageAge`"
            }
            Self::SecondAny => "ECR takes one rule for any image; merge the two",
            Self::PrioritizedAnyWithAutomatic => {
                "drop its `rulePriority` (it comes last by itself), or give every rule one"
            }
            Self::AnyNotLast { .. } => {
                "a rule for any image has to have the highest number; drop its `rulePriority`"
            }
            Self::PriorityOverflow => "use lower priorities",
        };
        Some(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(edit: impl FnOnce(&mut LifecycleRule)) -> LifecycleRule {
        let mut rule = LifecycleRule { max_image_count: Some(1), ..LifecycleRule::default() };
        edit(&mut rule);
        rule
    }

    fn tagged(priority: Option<u32>, prefix: &str) -> LifecycleRule {
        rule(|r| {
            r.rule_priority = priority;
            r.tag_prefix_list = Some(vec![prefix.to_owned()]);
        })
    }

    #[test]
    fn checks_one_rule() {
        let list = || Some(vec!["x".to_owned()]);
        let cases = [
            ("any", rule(|_| {}), vec![]),
            (
                "zero priority",
                rule(|r| r.rule_priority = Some(0)),
                vec!["lifecycle::priority_zero"],
            ),
            ("zero count", rule(|r| r.max_image_count = Some(0)), vec!["lifecycle::count_zero"]),
            (
                "no list",
                rule(|r| r.tag_status = Some(TagStatus::Tagged)),
                vec!["lifecycle::tagged_without_list"],
            ),
            (
                "empty list",
                rule(|r| r.tag_prefix_list = Some(vec![])),
                vec!["lifecycle::tagged_without_list"],
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
                    "lifecycle::priority_zero",
                    "lifecycle::tagged_without_list",
                    "lifecycle::two_limits",
                ],
            ),
        ];
        for (name, rule, codes) in cases {
            let errors = rule.check().err().unwrap_or_default();
            assert_eq!(errors.iter().map(Explain::code).collect::<Vec<_>>(), codes, "{name}");
        }
    }

    fn order(rules: Vec<LifecycleRule>) -> Result<Vec<u32>, &'static str> {
        let checked: Vec<_> = rules.into_iter().map(|r| r.check().unwrap()).collect();
        LifecyclePolicy::order(&checked)
            .map(|policy| policy.rules().iter().map(|rule| rule.priority).collect())
            .map_err(|(_, error)| error.code())
    }

    #[test]
    fn orders_rules() {
        let any = |priority| rule(|r| r.rule_priority = priority);
        let cases = [
            ("automatic", vec![tagged(None, "a"), tagged(None, "b")], Ok(vec![1, 2])),
            (
                "any last",
                vec![any(None), tagged(None, "a"), tagged(Some(7), "b")],
                Ok(vec![7, 8, 9]),
            ),
            (
                "any with a priority",
                vec![any(Some(3)), tagged(None, "a")],
                Err("lifecycle::prioritized_any_with_automatic"),
            ),
            (
                "any too low",
                vec![any(Some(3)), tagged(Some(4), "a")],
                Err("lifecycle::any_not_last"),
            ),
            (
                "no number left",
                vec![tagged(Some(u32::MAX), "a"), any(None)],
                Err("lifecycle::priority_overflow"),
            ),
        ];
        for (name, rules, expected) in cases {
            assert_eq!(order(rules), expected, "{name}");
        }
    }

    #[test]
    fn writes_what_the_api_takes() {
        let checked = [tagged(None, "prod").check().unwrap()];
        assert_eq!(
            LifecyclePolicy::order(&checked).unwrap().text(),
            r#"{"rules":[{"rulePriority":1,"selection":{"tagStatus":"tagged","tagPrefixList":["prod"],"countType":"imageCountMoreThan","countNumber":1},"action":{"type":"expire"}}]}"#
        );
    }
}
