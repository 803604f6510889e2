//! Why a text is not a lifecycle policy.

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
}

/// A key, and the name that it has in codes where that is another one.
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

    /// How it is written.
    pub fn name(self) -> &'static str {
        self.name
    }
}

/// An object of a lifecycle policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyPart {
    /// The policy.
    Policy,
    /// A rule of it.
    Rule,
    /// The selection of a rule.
    Selection,
    /// The action of a rule.
    Action,
}

impl PolicyPart {
    /// The keys that it takes.
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

/// Why a text is not a lifecycle policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PolicyTextError {
    /// There is nothing but white space.
    #[error("lifecycle policy without a character")]
    Blank,
    /// A byte-order mark, that is no JSON.
    #[error("lifecycle policy begins with a byte-order mark")]
    ByteOrderMark,
    /// It is not JSON.
    #[error("lifecycle policy is not JSON")]
    NotJson(#[source] SyntaxError),
    /// Something else than an object.
    #[error("lifecycle {} is not an object", .part.as_str())]
    NotAnObject {
        /// What should be one.
        part: PolicyPart,
    },
    /// The rules are no array.
    #[error("`rules` is not an array")]
    RulesNotAnArray,
    /// There are no rules.
    #[error("lifecycle policy without rules")]
    NoRules,
    /// A key that is not known there.
    #[error("unknown key `{key}` in a lifecycle {}", .part.as_str())]
    UnknownKey {
        /// Where.
        part: PolicyPart,
        /// The key.
        key: String,
        /// The one that is likely meant.
        suggestion: Option<&'static str>,
    },
    /// A key that has to be there.
    #[error("lifecycle {} without `{}`", .part.as_str(), .key.name)]
    Missing {
        /// Where.
        part: PolicyPart,
        /// The key.
        key: PolicyKey,
    },
    /// A key with nothing.
    #[error("`{}` is null", .key.name)]
    Null {
        /// The key.
        key: PolicyKey,
    },
    /// A value that is none of those that the key takes.
    #[error("`{}` is not {expected}", .key.name)]
    Bad {
        /// The key.
        key: PolicyKey,
        /// What it takes.
        expected: String,
        /// The value that is likely meant.
        suggestion: Option<&'static str>,
    },
    /// A number that is none, or has a fraction.
    #[error("`{}` is not an integer", .key.name)]
    NotInteger {
        /// The key.
        key: PolicyKey,
    },
    /// A number below 1.
    #[error("`{}` is below 1", .key.name)]
    Below1 {
        /// The key.
        key: PolicyKey,
    },
    /// A unit where images are counted.
    #[error("`countUnit` beside `imageCountMoreThan`")]
    CountUnitWithCount,
    /// No unit where days are counted.
    #[error("`{count_type}` without `countUnit`")]
    CountUnitMissing {
        /// The count type.
        count_type: &'static str,
    },
    /// A transition to nowhere.
    #[error("action `transition` without `targetStorageClass`")]
    TransitionNeedsTarget,
    /// A target of a deletion.
    #[error("action `expire` with a `targetStorageClass`")]
    ExpireWithTarget,
}

impl Explain for PolicyTextError {
    fn code(&self) -> &'static str {
        match self {
            Self::Blank | Self::ByteOrderMark | Self::NotJson(_) => "lifecycle::not_json",
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
            Self::CountUnitWithCount => "lifecycle::countUnit_with_count",
            Self::CountUnitMissing { .. } => "lifecycle::countUnit_missing",
            Self::TransitionNeedsTarget => "lifecycle::transition_needs_target",
            Self::ExpireWithTarget => "lifecycle::expire_with_target",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Blank | Self::NotAnObject { part: PolicyPart::Policy } | Self::NoRules => {
                help("a policy is `{\"rules\": […]}`, with 1 to 50 rules", PROPERTIES)
            }
            Self::ByteOrderMark => help("save the text as UTF-8 without it", API),
            Self::NotJson(_) => help("ECR takes strict JSON only", API),
            Self::NotAnObject { .. } => help("write it as `{…}`", PROPERTIES),
            Self::RulesNotAnArray => {
                help("put the rules into `[…]`, even if there is but one", PROPERTIES)
            }
            Self::UnknownKey { part, .. } => {
                let known: Vec<_> =
                    part.keys().iter().map(|key| format!("`{}`", key.name)).collect();
                let step = format!(
                    "ECR takes no other keys in a {} than {}",
                    part.as_str(),
                    known.join(", ")
                );
                help(&step, PROPERTIES)
            }
            Self::Missing { key, .. } => help(&format!("add `{}`", key.name), PROPERTIES),
            Self::Null { key } => help(
                &format!("ECR takes null for no key; leave `{}` out, or give it a value", key.name),
                PROPERTIES,
            ),
            Self::Bad { expected, .. } => help(&format!("use {expected}"), PROPERTIES),
            Self::NotInteger { .. } => {
                help("write a whole number from 1, without quotes and fraction", PROPERTIES)
            }
            Self::Below1 { .. } => help("use a whole number from 1", PROPERTIES),
            Self::CountUnitWithCount => {
                help("drop it: images are counted without a unit", PROPERTIES)
            }
            Self::CountUnitMissing { .. } => help("add `\"countUnit\": \"days\"`", PROPERTIES),
            Self::TransitionNeedsTarget => {
                help("add `\"targetStorageClass\": \"archive\"`", PROPERTIES)
            }
            Self::ExpireWithTarget => {
                help("drop the target, or use the type `transition`", PROPERTIES)
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
