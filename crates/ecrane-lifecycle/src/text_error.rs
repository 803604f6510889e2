//! Structural errors in a lifecycle policy text.

use ecrane_document::{Explain, SyntaxError};
use thiserror::Error;

use crate::error::{API, PROPERTIES, help};

/// A key of a lifecycle policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PolicyKey {
    name: &'static str,
    missing: &'static str,
    null: &'static str,
    bad: &'static str,
    not_integer: &'static str,
    below_1: &'static str,
    above_maximum: &'static str,
}

/// Declares a key, with a second name if its codes use a different one.
macro_rules! key {
    ($name:literal) => {
        key!($name, $name)
    };
    ($name:literal, $short:literal) => {
        PolicyKey {
            name: $name,
            missing: concat!("lifecycle::missing_", $name),
            null: concat!("lifecycle::null_", $name),
            bad: concat!("lifecycle::bad_", $short),
            not_integer: concat!("lifecycle::", $short, "_not_integer"),
            below_1: concat!("lifecycle::", $short, "_below_1"),
            above_maximum: concat!("lifecycle::", $short, "_above_maximum"),
        }
    };
}

impl PolicyKey {
    pub(crate) const RULES: Self = key!("rules");
    pub(crate) const RULE_PRIORITY: Self = key!("rulePriority", "priority");
    pub(crate) const DESCRIPTION: Self = key!("description");
    pub(crate) const SELECTION: Self = key!("selection");
    pub(crate) const ACTION: Self = key!("action");
    pub(crate) const TAG_STATUS: Self = key!("tagStatus");
    pub(crate) const TAG_PREFIX_LIST: Self = key!("tagPrefixList");
    pub(crate) const TAG_PATTERN_LIST: Self = key!("tagPatternList");
    pub(crate) const STORAGE_CLASS: Self = key!("storageClass");
    pub(crate) const COUNT_TYPE: Self = key!("countType");
    pub(crate) const COUNT_UNIT: Self = key!("countUnit");
    pub(crate) const COUNT_NUMBER: Self = key!("countNumber");
    pub(crate) const TYPE: Self = key!("type", "action_type");
    pub(crate) const TARGET_STORAGE_CLASS: Self = key!("targetStorageClass", "target");

    /// The key in the policy text.
    pub fn name(self) -> &'static str {
        self.name
    }
}

/// An object in a lifecycle policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyPart {
    /// The policy.
    Policy,
    /// A rule.
    Rule,
    /// The selection of a rule.
    Selection,
    /// The action of a rule.
    Action,
}

impl PolicyPart {
    /// The allowed keys of the object.
    pub(crate) fn keys(self) -> &'static [PolicyKey] {
        match self {
            Self::Policy => const { &[PolicyKey::RULES] },
            Self::Rule => {
                const {
                    &[
                        PolicyKey::RULE_PRIORITY,
                        PolicyKey::DESCRIPTION,
                        PolicyKey::SELECTION,
                        PolicyKey::ACTION,
                    ]
                }
            }
            Self::Selection => {
                const {
                    &[
                        PolicyKey::TAG_STATUS,
                        PolicyKey::TAG_PREFIX_LIST,
                        PolicyKey::TAG_PATTERN_LIST,
                        PolicyKey::STORAGE_CLASS,
                        PolicyKey::COUNT_TYPE,
                        PolicyKey::COUNT_UNIT,
                        PolicyKey::COUNT_NUMBER,
                    ]
                }
            }
            Self::Action => const { &[PolicyKey::TYPE, PolicyKey::TARGET_STORAGE_CLASS] },
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Rule => "rule",
            Self::Selection => "selection",
            Self::Action => "action",
        }
    }
}

/// A structural error in a lifecycle policy text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PolicyTextError {
    /// The text is empty or only white space.
    #[error("lifecycle policy is empty")]
    Blank,
    /// The text starts with a byte-order mark, which is not JSON.
    #[error("lifecycle policy starts with a byte-order mark")]
    ByteOrderMark,
    /// The text is not JSON.
    #[error("lifecycle policy is not JSON")]
    NotJson(#[source] SyntaxError),
    /// An object contains a key twice.
    #[error("the key `{key}` occurs twice in an object of the lifecycle policy")]
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// The value is not an object.
    #[error("lifecycle {} is not an object", .part.as_str())]
    NotAnObject {
        /// The part of the policy that must be an object.
        part: PolicyPart,
    },
    /// `rules` is not an array.
    #[error("`rules` is not an array")]
    RulesNotAnArray,
    /// `rules` is empty.
    #[error("lifecycle policy has no rules")]
    NoRules,
    /// The object has an unknown key.
    #[error("unknown key `{key}` in a lifecycle {}", .part.as_str())]
    UnknownKey {
        /// The object.
        part: PolicyPart,
        /// The key.
        key: String,
        /// The likely intended key.
        suggestion: Option<&'static str>,
    },
    /// A required key is missing.
    #[error("lifecycle {} is missing `{}`", .part.as_str(), .key.name)]
    Missing {
        /// The object.
        part: PolicyPart,
        /// The key.
        key: PolicyKey,
    },
    /// The value of a key is null.
    #[error("`{}` is null", .key.name)]
    Null {
        /// The key.
        key: PolicyKey,
    },
    /// The value of a key is not allowed.
    #[error("`{}` is not {expected}", .key.name)]
    Bad {
        /// The key.
        key: PolicyKey,
        /// The allowed values.
        expected: String,
        /// The likely intended value.
        suggestion: Option<&'static str>,
    },
    /// The value is not an integer.
    #[error("`{}` is not an integer", .key.name)]
    NotInteger {
        /// The key.
        key: PolicyKey,
    },
    /// The value is below 1.
    #[error("`{}` is below 1", .key.name)]
    Below1 {
        /// The key.
        key: PolicyKey,
    },
    /// A number beyond 32 bits. AWS documents no maximum; the number is one of its `Integer`s.
    #[error("`{}` is above {}", .key.name, u32::MAX)]
    AboveMaximum {
        /// The key.
        key: PolicyKey,
    },
    /// `countUnit` is set for a number of images.
    #[error("`countUnit` is not allowed with count type `imageCountMoreThan`")]
    CountUnitWithCount,
    /// `countUnit` is missing for a number of days.
    #[error("count type `{count_type}` requires `countUnit`")]
    CountUnitMissing {
        /// The count type.
        count_type: &'static str,
    },
    /// `transition` is missing `targetStorageClass`.
    #[error("action `transition` requires `targetStorageClass`")]
    TransitionNeedsTarget,
    /// `expire` has a `targetStorageClass`.
    #[error("`targetStorageClass` is not allowed with action `expire`")]
    ExpireWithTarget,
}

impl Explain for PolicyTextError {
    fn code(&self) -> &'static str {
        match self {
            Self::Blank | Self::ByteOrderMark | Self::NotJson(_) => "lifecycle::not_json",
            Self::DuplicateKey { .. } => "lifecycle::duplicate_key",
            Self::NotAnObject { part: PolicyPart::Policy } => "lifecycle::not_an_object",
            Self::NotAnObject { part: PolicyPart::Rule } => "lifecycle::bad_rule",
            Self::NotAnObject { part: PolicyPart::Selection } => "lifecycle::bad_selection",
            Self::NotAnObject { part: PolicyPart::Action } => "lifecycle::bad_action",
            Self::RulesNotAnArray => "lifecycle::rules_not_an_array",
            Self::NoRules => "lifecycle::no_rules",
            Self::UnknownKey { part: PolicyPart::Policy, .. } => "lifecycle::unknown_key_in_policy",
            Self::UnknownKey { part: PolicyPart::Rule, .. } => "lifecycle::unknown_key_in_rule",
            Self::UnknownKey { part: PolicyPart::Selection, .. } => {
                "lifecycle::unknown_key_in_selection"
            }
            Self::UnknownKey { part: PolicyPart::Action, .. } => "lifecycle::unknown_key_in_action",
            Self::Missing { key, .. } => key.missing,
            Self::Null { key } => key.null,
            Self::Bad { key, .. } => key.bad,
            Self::NotInteger { key } => key.not_integer,
            Self::Below1 { key } => key.below_1,
            Self::AboveMaximum { key } => key.above_maximum,
            Self::CountUnitWithCount => "lifecycle::countUnit_with_count",
            Self::CountUnitMissing { .. } => "lifecycle::countUnit_missing",
            Self::TransitionNeedsTarget => "lifecycle::transition_needs_target",
            Self::ExpireWithTarget => "lifecycle::expire_with_target",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Blank | Self::NotAnObject { part: PolicyPart::Policy } | Self::NoRules => {
                help("write `{\"rules\": […]}` with 1 to 50 rules", PROPERTIES)
            }
            Self::ByteOrderMark => help("save the text as UTF-8 without a byte-order mark", API),
            Self::NotJson(_) => help("write strict JSON", API),
            Self::DuplicateKey { .. } => {
                help("remove one of them: ECR does not document which one it takes", API)
            }
            Self::NotAnObject { .. } => help("write it as `{…}`", PROPERTIES),
            Self::RulesNotAnArray => {
                help("write the rules as an array `[…]`, even a single one", PROPERTIES)
            }
            Self::UnknownKey { part, .. } => {
                let known: Vec<_> =
                    part.keys().iter().map(|key| format!("`{}`", key.name)).collect();
                let step =
                    format!("the allowed keys of a {} are {}", part.as_str(), known.join(", "));
                help(&step, PROPERTIES)
            }
            Self::Missing { key, .. } => help(&format!("add `{}`", key.name), PROPERTIES),
            Self::Null { key } => help(
                &format!("omit `{}` or set a value: ECR does not accept null", key.name),
                PROPERTIES,
            ),
            Self::Bad { expected, .. } => help(&format!("use {expected}"), PROPERTIES),
            Self::NotInteger { .. } => {
                help("use an integer of at least 1, without quotes", PROPERTIES)
            }
            Self::Below1 { .. } => help("use an integer of at least 1", PROPERTIES),
            Self::AboveMaximum { .. } => {
                help(&format!("use an integer of at most {}", u32::MAX), PROPERTIES)
            }
            Self::CountUnitWithCount => {
                help("remove `countUnit`: it applies to count types in days", PROPERTIES)
            }
            Self::CountUnitMissing { .. } => help("add `\"countUnit\": \"days\"`", PROPERTIES),
            Self::TransitionNeedsTarget => {
                help("add `\"targetStorageClass\": \"archive\"`", PROPERTIES)
            }
            Self::ExpireWithTarget => {
                help("remove `targetStorageClass`, or use the type `transition`", PROPERTIES)
            }
        })
    }

    fn suggestion(&self) -> Option<&str> {
        let (Self::UnknownKey { suggestion, .. } | Self::Bad { suggestion, .. }) = self else {
            return None;
        };
        *suggestion
    }
}
