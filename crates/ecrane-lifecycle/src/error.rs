//! What is wrong with lifecycle rules, and what to know of them.

use ecrane_document::{Explain, Place, Problem, Severity};
use thiserror::Error;

use crate::vocabulary::{
    CountType, MAX_RULES, MAX_WILDCARDS, PATTERN_LIST, PREFIX_LIST, StorageClass, TEXT_LENGTHS,
    TagStatus,
};

/// Why a lifecycle rule, or the rules of a policy together, cannot be, or what to know of them.
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
    #[error("lifecycle rule has both `{PREFIX_LIST}` and `{PATTERN_LIST}`")]
    PrefixesAndPatterns,
    /// A prefix or pattern without a character.
    #[error("empty text in `{property}`")]
    EmptyTag {
        /// The list.
        property: &'static str,
    },
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
    #[error("lifecycle rule has both `{one}` and `{other}`")]
    TwoLimits {
        /// One of them.
        one: &'static str,
        /// Another.
        other: &'static str,
    },
    /// Images are deleted by the time of their last pull.
    #[error("lifecycle rule deletes images by the time since their last pull")]
    PulledNeedsTransition,
    /// Archived images are archived.
    #[error("lifecycle rule archives images that are archived already")]
    TransitionedNeedsExpire,
    /// Archived images go too early.
    #[error("lifecycle rule deletes images {days} days after they were archived")]
    TransitionedBelow90 {
        /// The days as given.
        days: u64,
    },
    /// An archive clock outside of the archive.
    #[error("lifecycle rule counts the time in the archive for images of another storage class")]
    TransitionedNeedsArchiveClass,
    /// Another clock in the archive.
    #[error("lifecycle rule for archived images has another count type than `{}`", CountType::SinceImageTransitioned.as_str())]
    ArchiveClassNeedsTransitioned,
    /// Two rules with the same number.
    #[error("second lifecycle rule with priority {priority}")]
    DuplicatePriority {
        /// The number.
        priority: u64,
    },
    /// A second rule for untagged images.
    #[error("second lifecycle rule for untagged images of storage class `{}`", .class.as_str())]
    SecondUntagged {
        /// The storage class.
        class: StorageClass,
    },
    /// A second rule for any image.
    #[error("second lifecycle rule for any image of storage class `{}`", .class.as_str())]
    SecondAny {
        /// The storage class.
        class: StorageClass,
    },
    /// A second rule with the same tags.
    #[error("second lifecycle rule with this `{property}`")]
    DuplicateTagList {
        /// The list.
        property: &'static str,
    },
    /// The rule for any image has a priority, and another rule has none.
    #[error("lifecycle rule for any image has a priority, and another rule has none")]
    PrioritizedAnyWithAutomatic,
    /// The rule for any image is not the last.
    #[error("lifecycle rule for any image has priority {priority}, below {highest}")]
    AnyNotLast {
        /// Its priority.
        priority: u64,
        /// The highest priority of the others.
        highest: u64,
    },
    /// No number is left for a rule without a priority.
    #[error("no priority is left for this lifecycle rule")]
    PriorityOverflow,
    /// More rules than ECR takes.
    #[error("{count} lifecycle rules, where {MAX_RULES} are allowed")]
    TooManyRules {
        /// How many there are.
        count: usize,
    },
    /// A shorter text than ECR takes.
    #[error("lifecycle policy of {length} characters, where {} are needed", TEXT_LENGTHS.start())]
    TextTooShort {
        /// The length in characters.
        length: usize,
    },
    /// A longer text than ECR takes.
    #[error("lifecycle policy of {length} characters, where {} are allowed", TEXT_LENGTHS.end())]
    TextTooLong {
        /// The length in characters.
        length: usize,
    },
    /// A list that is easily taken for alternatives.
    #[error("an image is selected only if it has a tag for each entry of this `{property}`")]
    EveryTagNeeded {
        /// The list.
        property: &'static str,
    },
    /// An entry that no tag can match.
    #[error("`{entry}` in `{property}` matches no tag that there can be")]
    ImpossibleTag {
        /// The list.
        property: &'static str,
        /// The entry.
        entry: String,
    },
    /// Two lists that share an entry.
    #[error("`{entry}` is also in the `{property}` of the lifecycle rule with priority {other}")]
    OverlappingTagLists {
        /// The list.
        property: &'static str,
        /// What they share.
        entry: String,
        /// The other rule's priority.
        other: u64,
    },
    /// A rule whose images are all held by another one.
    #[error(
        "lifecycle rule with priority {priority} never acts: that with priority {by} selects all its images"
    )]
    Unreachable {
        /// Its priority.
        priority: u64,
        /// The priority of the other one.
        by: u64,
    },
}

impl LifecycleError {
    /// The property of the rule that it is about, by its name in the config. The tag lists and the
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

    /// Whether ECR refuses it.
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

    /// The problem of a rule of the config.
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
            Self::PriorityZero => help("priorities are integers from 1", PROPERTIES),
            Self::CountZero => help("`maxImageCount` is what stays: an integer from 1", PROPERTIES),
            Self::TaggedWithoutList => help("give `tagPrefixList` or `tagPatternList`", PROPERTIES),
            Self::ListWithoutTagged { .. } => {
                help("drop the list, even an empty one, or use the tag status `tagged`", PROPERTIES)
            }
            Self::PrefixesAndPatterns => {
                help("ECR takes one of the two in a rule; use two rules", PROPERTIES)
            }
            Self::EmptyTag { .. } => help(
                "give at least one character; for whatever tags there are, use the tag status `any` or the pattern `*`",
                PROPERTIES,
            ),
            Self::TooManyWildcards { .. } => {
                help("ECR takes 4 `*` in a pattern; use a shorter one, or several rules", PROPERTIES)
            }
            Self::NoLimit | Self::TwoLimits { .. } => {
                "give exactly one of `maxImageCount`, `maxImageAge`, `maxTimeSincePull` and `maxTimeSinceArchive`"
                    .to_owned()
            }
            Self::PulledNeedsTransition => help(
                "ECR takes `sinceImagePulled` with the action `transition` only, which is `action: archive` in a config",
                PROPERTIES,
            ),
            Self::TransitionedNeedsExpire => help(
                "ECR takes `sinceImageTransitioned` with the action `expire` only; drop the other one",
                PROPERTIES,
            ),
            Self::TransitionedBelow90 { .. } => {
                help("archived images are kept for 90 days at least", PROPERTIES)
            }
            Self::TransitionedNeedsArchiveClass => {
                help("add `\"storageClass\": \"archive\"` to the selection", PROPERTIES)
            }
            Self::ArchiveClassNeedsTransitioned => help(
                "ECR counts images, and days since a push or pull, in the storage class `standard` only",
                PROPERTIES,
            ),
            Self::DuplicatePriority { .. } => {
                help("give every rule of the policy a number of its own, whatever its storage class", PROPERTIES)
            }
            Self::SecondUntagged { .. } => {
                help("ECR takes one rule for untagged images in each storage class; merge the two", EVALUATION)
            }
            Self::SecondAny { .. } => {
                help("ECR takes one rule for any image in each storage class; merge the two", EVALUATION)
            }
            Self::DuplicateTagList { property: PREFIX_LIST } => help(
                "ECR wants another set of prefixes in every rule of a storage class; merge the two rules",
                EVALUATION,
            ),
            Self::DuplicateTagList { .. } => help(
                "ECR wants another set of prefixes in every rule of a storage class, and patterns are taken to be no different; merge the two rules",
                EVALUATION,
            ),
            Self::PrioritizedAnyWithAutomatic => {
                "drop its `rulePriority` (it comes last by itself), or give every rule one".to_owned()
            }
            Self::AnyNotLast { .. } => help(
                "a rule for any image has to have the highest number of its storage class; in a config, drop its `rulePriority`",
                EVALUATION,
            ),
            Self::PriorityOverflow => "use lower priorities".to_owned(),
            Self::TooManyRules { .. } => {
                help("ECR takes 50 rules in a policy; merge some", QUOTAS)
            }
            Self::TextTooShort { .. } | Self::TextTooLong { .. } => {
                help("ECR takes texts of 100 to 30720 characters, white space included", API)
            }
            Self::EveryTagNeeded { .. } => help(
                "for images that have one of these tags, use a rule for each",
                EVALUATION,
            ),
            Self::ImpossibleTag { .. } => {
                "a tag is at most 128 letters, digits, `_`, `.` and `-`, and does not begin with `.` or `-`; only `*` in a pattern is special"
                    .to_owned()
            }
            Self::OverlappingTagLists { .. } => help(
                "AWS documents that the prefixes of every rule are unique, and not whether a single one may be shared; an image that both rules select is the matter of the first one",
                EVALUATION,
            ),
            Self::Unreachable { .. } => help(
                "an image is the matter of the first rule that selects it, even of one that keeps it; put the narrower rule first, or drop it",
                EVALUATION,
            ),
        })
    }
}

pub(crate) const PROPERTIES: &str =
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html";
const EVALUATION: &str =
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html";
const QUOTAS: &str = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html";
pub(crate) const API: &str =
    "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutLifecyclePolicy.html";

/// The next step, and where AWS says why.
pub(crate) fn help(step: &str, source: &str) -> String {
    format!("{step}; see {source}")
}

/// Whether ECR takes a text of this length.
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
