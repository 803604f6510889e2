//! Errors and warnings about lifecycle rules.

use ecrane_document::{Explain, Place, Problem, Severity};
use thiserror::Error;

use crate::vocabulary::{
    CountType, MAX_RULES, MAX_WILDCARDS, PATTERN_LIST, PREFIX_LIST, StorageClass, TEXT_LENGTHS,
    TagStatus,
};

/// An error or warning about one lifecycle rule or about the rules of a policy together.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LifecycleError {
    /// A priority below 1.
    #[error("priority of the lifecycle rule is 0")]
    PriorityZero,
    /// A count below 1.
    #[error("image count of the lifecycle rule is 0")]
    CountZero,
    /// A rule with the tag status `tagged` has no tag list.
    #[error("lifecycle rule for tagged images has no tag list")]
    TaggedWithoutList,
    /// A rule with another tag status than `tagged` has a tag list.
    #[error("lifecycle rule with tag status `{}` has a tag list", .status.as_str())]
    ListWithoutTagged {
        /// The tag status of the rule.
        status: TagStatus,
    },
    /// A rule has both tag lists.
    #[error("lifecycle rule has both `{PREFIX_LIST}` and `{PATTERN_LIST}`")]
    PrefixesAndPatterns,
    /// A tag prefix or pattern is empty.
    #[error("`{property}` contains an empty string")]
    EmptyTag {
        /// The tag list: `tagPrefixList` or `tagPatternList`.
        property: &'static str,
    },
    /// A pattern with too many wildcards.
    #[error("tag pattern `{pattern}` has {count} wildcards, the maximum is {MAX_WILDCARDS}")]
    TooManyWildcards {
        /// The invalid pattern.
        pattern: String,
        /// The actual number.
        count: usize,
    },
    /// The rule has no limit.
    #[error("lifecycle rule has no limit")]
    NoLimit,
    /// The rule has more than one limit.
    #[error("lifecycle rule has both `{one}` and `{other}`")]
    TwoLimits {
        /// The first limit.
        one: &'static str,
        /// The other limit.
        other: &'static str,
    },
    /// `sinceImagePulled` is used with the action `expire`.
    #[error("lifecycle rule with a limit on the time since the last pull expires images")]
    PulledNeedsTransition,
    /// `sinceImageTransitioned` is used with the action `transition`.
    #[error("lifecycle rule archives images that are already archived")]
    TransitionedNeedsExpire,
    /// Archived images expire too early.
    #[error("lifecycle rule expires archived images after {days} days, the minimum is 90")]
    TransitionedBelow90 {
        /// The number of days of the rule.
        days: u64,
    },
    /// `sinceImageTransitioned` is used without the storage class `archive`.
    #[error(
        "lifecycle rule with count type `sinceImageTransitioned` does not select storage class `archive`"
    )]
    TransitionedNeedsArchiveClass,
    /// A rule for archived images uses another count type than `sinceImageTransitioned`.
    #[error("lifecycle rule for storage class `archive` does not use count type `{}`", CountType::SinceImageTransitioned.as_str())]
    ArchiveClassNeedsTransitioned,
    /// Two rules have the same priority.
    #[error("duplicate lifecycle rule priority {priority}")]
    DuplicatePriority {
        /// The priority.
        priority: u64,
    },
    /// A second rule for untagged images.
    #[error("more than one lifecycle rule for untagged images in storage class `{}`", .class.as_str())]
    SecondUntagged {
        /// The storage class.
        class: StorageClass,
    },
    /// A second rule for any image.
    #[error("more than one lifecycle rule with tag status `any` in storage class `{}`", .class.as_str())]
    SecondAny {
        /// The storage class.
        class: StorageClass,
    },
    /// A second rule with the same tags.
    #[error("another lifecycle rule has the same `{property}`")]
    DuplicateTagList {
        /// The tag list: `tagPrefixList` or `tagPatternList`.
        property: &'static str,
    },
    /// The rule with tag status `any` has a priority, but another rule has none.
    #[error("lifecycle rule with tag status `any` has a priority, but another rule has none")]
    PrioritizedAnyWithAutomatic,
    /// The rule with tag status `any` does not have the highest priority number.
    #[error(
        "lifecycle rule with tag status `any` has priority {priority}, but another rule has {highest}"
    )]
    AnyNotLast {
        /// The priority of the rule.
        priority: u64,
        /// The highest priority of the other rules.
        highest: u64,
    },
    /// No priority number remains for a rule without a priority.
    #[error("cannot assign a priority to this lifecycle rule")]
    PriorityOverflow,
    /// The policy has more rules than ECR accepts.
    #[error("lifecycle policy has {count} rules, the maximum is {MAX_RULES}")]
    TooManyRules {
        /// The actual number.
        count: usize,
    },
    /// The policy text is shorter than ECR accepts.
    #[error("lifecycle policy has {length} characters, the minimum is {}", TEXT_LENGTHS.start())]
    TextTooShort {
        /// The length in characters.
        length: usize,
    },
    /// The policy text is longer than ECR accepts.
    #[error("lifecycle policy has {length} characters, the maximum is {}", TEXT_LENGTHS.end())]
    TextTooLong {
        /// The length in characters.
        length: usize,
    },
    /// A tag list with several entries, which an image must match all at once.
    #[error("this `{property}` selects an image only if its tags match every entry")]
    EveryTagNeeded {
        /// The tag list: `tagPrefixList` or `tagPatternList`.
        property: &'static str,
    },
    /// No valid tag matches the entry.
    #[error("`{entry}` in `{property}` does not match any valid tag")]
    ImpossibleTag {
        /// The tag list: `tagPrefixList` or `tagPatternList`.
        property: &'static str,
        /// The tag list entry.
        entry: String,
    },
    /// The tag lists of two rules share an entry.
    #[error("`{entry}` is also in the `{property}` of the lifecycle rule with priority {other}")]
    OverlappingTagLists {
        /// The tag list: `tagPrefixList` or `tagPatternList`.
        property: &'static str,
        /// The shared entry.
        entry: String,
        /// The priority of the other rule.
        other: u64,
    },
    /// Another rule with a lower priority number selects every image of the rule.
    #[error(
        "lifecycle rule with priority {priority} has no effect: the rule with priority {by} selects all its images"
    )]
    Unreachable {
        /// The priority of the rule.
        priority: u64,
        /// The priority of the other rule.
        by: u64,
    },
}

impl LifecycleError {
    /// The property of the rule that caused the error, by its config name. The tag lists and the
    /// priority have the same name in a policy.
    pub(crate) fn property(&self) -> Option<&'static str> {
        match self {
            Self::PriorityZero | Self::PriorityOverflow | Self::DuplicatePriority { .. } => {
                Some("rulePriority")
            }
            Self::CountZero => Some("maxImageCount"),
            Self::TooManyWildcards { .. } => Some(PATTERN_LIST),
            Self::EmptyTag { property }
            | Self::DuplicateTagList { property }
            | Self::EveryTagNeeded { property }
            | Self::ImpossibleTag { property, .. }
            | Self::OverlappingTagLists { property, .. } => Some(property),
            Self::TransitionedNeedsExpire => Some("action"),
            Self::TransitionedBelow90 { .. } => Some("maxTimeSinceArchive"),
            Self::TaggedWithoutList
            | Self::ListWithoutTagged { .. }
            | Self::PrefixesAndPatterns
            | Self::NoLimit
            | Self::TwoLimits { .. }
            | Self::PulledNeedsTransition
            | Self::TransitionedNeedsArchiveClass
            | Self::ArchiveClassNeedsTransitioned
            | Self::SecondUntagged { .. }
            | Self::SecondAny { .. }
            | Self::PrioritizedAnyWithAutomatic
            | Self::AnyNotLast { .. }
            | Self::TooManyRules { .. }
            | Self::TextTooShort { .. }
            | Self::TextTooLong { .. }
            | Self::Unreachable { .. } => None,
        }
    }

    /// Whether ECR rejects the policy because of it.
    pub(crate) fn severity(&self) -> Severity {
        let is_warning = matches!(
            self,
            Self::EveryTagNeeded { .. }
                | Self::ImpossibleTag { .. }
                | Self::OverlappingTagLists { .. }
                | Self::Unreachable { .. }
        );
        if is_warning { Severity::Warning } else { Severity::Error }
    }

    /// Creates a problem for a rule in a config.
    pub(crate) fn at(self, rule: &Place) -> Problem {
        let place = self.property().map_or_else(|| rule.clone(), |property| rule.key(property));
        Problem { place, severity: self.severity(), fact: std::sync::Arc::new(self) }
    }
}

impl Explain for LifecycleError {
    fn code(&self) -> &'static str {
        match self {
            Self::PriorityZero => "lifecycle::priority_below_1",
            Self::CountZero => "lifecycle::count_zero",
            Self::TaggedWithoutList => "lifecycle::tagged_needs_list",
            Self::ListWithoutTagged { .. } => "lifecycle::list_without_tagged",
            Self::PrefixesAndPatterns => "lifecycle::prefixes_and_patterns",
            Self::EmptyTag { property: PREFIX_LIST } => "lifecycle::bad_tagPrefixList",
            Self::EmptyTag { .. } => "lifecycle::bad_tagPatternList",
            Self::TooManyWildcards { .. } => "lifecycle::too_many_wildcards",
            Self::NoLimit => "lifecycle::no_limit",
            Self::TwoLimits { .. } => "lifecycle::two_limits",
            Self::PulledNeedsTransition => "lifecycle::pulled_needs_transition",
            Self::TransitionedNeedsExpire => "lifecycle::transitioned_needs_expire",
            Self::TransitionedBelow90 { .. } => "lifecycle::transitioned_below_90",
            Self::TransitionedNeedsArchiveClass => "lifecycle::transitioned_needs_archive_class",
            Self::ArchiveClassNeedsTransitioned => "lifecycle::archive_class_needs_transitioned",
            Self::DuplicatePriority { .. } => "lifecycle::duplicate_priority",
            Self::SecondUntagged { .. } => "lifecycle::two_untagged",
            Self::SecondAny { .. } => "lifecycle::two_any",
            Self::DuplicateTagList { .. } => "lifecycle::duplicate_tag_list",
            Self::PrioritizedAnyWithAutomatic => "lifecycle::prioritized_any_with_automatic",
            Self::AnyNotLast { .. } => "lifecycle::any_not_last",
            Self::PriorityOverflow => "lifecycle::priority_overflow",
            Self::TooManyRules { .. } => "lifecycle::too_many_rules",
            Self::TextTooShort { .. } => "lifecycle::text_too_short",
            Self::TextTooLong { .. } => "lifecycle::text_too_long",
            Self::EveryTagNeeded { .. } => "lifecycle::every_tag_needed",
            Self::ImpossibleTag { .. } => "lifecycle::impossible_tag",
            Self::OverlappingTagLists { .. } => "lifecycle::overlapping_tag_lists",
            Self::Unreachable { .. } => "lifecycle::unreachable_rule",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::PriorityZero => help("use an integer of at least 1", PROPERTIES),
            Self::CountZero => help("set `maxImageCount`, the number of images to keep, to an integer of at least 1", PROPERTIES),
            Self::TaggedWithoutList => help("add `tagPrefixList` or `tagPatternList`", PROPERTIES),
            Self::ListWithoutTagged { .. } => {
                help("remove the list, even if empty, or use tag status `tagged`", PROPERTIES)
            }
            Self::PrefixesAndPatterns => {
                help("use a separate rule for each list", PROPERTIES)
            }
            Self::EmptyTag { .. } => help(
                "use at least one character; to select all images, use tag status `any`, and to select all tagged images, the pattern `*`",
                PROPERTIES,
            ),
            Self::TooManyWildcards { .. } => {
                help("use at most 4 `*` in a pattern, or several rules", PROPERTIES)
            }
            Self::NoLimit | Self::TwoLimits { .. } => {
                "specify exactly one of `maxImageCount`, `maxImageAge`, `maxTimeSincePull` and `maxTimeSinceArchive`"
                    .to_owned()
            }
            Self::PulledNeedsTransition => help(
                "add `action: archive` to the config, or use `transition` in a policy: `sinceImagePulled` requires it",
                PROPERTIES,
            ),
            Self::TransitionedNeedsExpire => help(
                "remove the action `transition`: `sinceImageTransitioned` requires `expire`",
                PROPERTIES,
            ),
            Self::TransitionedBelow90 { .. } => {
                help("use at least 90 days", PROPERTIES)
            }
            Self::TransitionedNeedsArchiveClass => {
                help("add `\"storageClass\": \"archive\"` to the selection", PROPERTIES)
            }
            Self::ArchiveClassNeedsTransitioned => help(
                "use `sinceImageTransitioned`, or remove the storage class: the other count types apply to storage class `standard` only",
                PROPERTIES,
            ),
            Self::DuplicatePriority { .. } => {
                help("use a unique priority for every rule of the policy, across storage classes", PROPERTIES)
            }
            Self::SecondUntagged { .. } => {
                help("merge the rules: ECR accepts one rule for untagged images per storage class", EVALUATION)
            }
            Self::SecondAny { .. } => {
                help("merge the rules: ECR accepts one rule with tag status `any` per storage class", EVALUATION)
            }
            Self::DuplicateTagList { property: PREFIX_LIST } => help(
                "merge the rules: ECR requires a different set of prefixes in every rule of a storage class",
                EVALUATION,
            ),
            Self::DuplicateTagList { .. } => help(
                "merge the rules: ECR requires a different set of prefixes in every rule of a storage class, and ecrane assumes the same for patterns",
                EVALUATION,
            ),
            Self::PrioritizedAnyWithAutomatic => {
                "remove its `rulePriority` (the rule is then applied last), or set `rulePriority` on every rule".to_owned()
            }
            Self::AnyNotLast { .. } => help(
                "use the highest priority number in the storage class, or omit `rulePriority` in a config",
                EVALUATION,
            ),
            Self::PriorityOverflow => "use lower `rulePriority` values in the other rules".to_owned(),
            Self::TooManyRules { .. } => {
                help("merge rules: ECR accepts up to 50 per policy", QUOTAS)
            }
            Self::TextTooShort { .. } | Self::TextTooLong { .. } => {
                help("use 100 to 30720 characters, including white space", API)
            }
            Self::EveryTagNeeded { .. } => help(
                "to select images that match any one entry, use a rule for each entry",
                EVALUATION,
            ),
            Self::ImpossibleTag { .. } => {
                "use up to 128 letters, digits, `_`, `.` and `-`, not starting with `.` or `-`; `*` is a wildcard in patterns only"
                    .to_owned()
            }
            Self::OverlappingTagLists { .. } => help(
                "AWS documents that prefixes are unique across rules, but not whether two lists can share an entry; if both rules match an image, the rule with the lower priority number applies",
                EVALUATION,
            ),
            Self::Unreachable { .. } => help(
                "give the narrower rule the lower priority number, or remove it: the first rule that matches an image applies, even if it keeps the image",
                EVALUATION,
            ),
        })
    }

    fn depends_on_defaults(&self) -> bool {
        matches!(
            self,
            Self::TaggedWithoutList
                | Self::ListWithoutTagged { .. }
                | Self::NoLimit
                | Self::PulledNeedsTransition
                | Self::TransitionedNeedsArchiveClass
                | Self::SecondUntagged { .. }
                | Self::SecondAny { .. }
                | Self::AnyNotLast { .. }
                | Self::PrioritizedAnyWithAutomatic
        )
    }
}

pub(crate) const PROPERTIES: &str =
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html";
const EVALUATION: &str =
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html";
const QUOTAS: &str = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html";
pub(crate) const API: &str =
    "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutLifecyclePolicy.html";

/// Formats the help: what to write, then the AWS source in parentheses.
pub(crate) fn help(step: &str, source: &str) -> String {
    format!("{step} ({source})")
}

/// Whether ECR accepts a policy text of this length.
pub(crate) fn check_length(text: &str) -> Option<LifecycleError> {
    let length = text.chars().count();
    if length < *TEXT_LENGTHS.start() {
        Some(LifecycleError::TextTooShort { length })
    } else if length > *TEXT_LENGTHS.end() {
        Some(LifecycleError::TextTooLong { length })
    } else {
        None
    }
}
