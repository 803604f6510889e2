//! The condition keys of policies.

use ecrane_document::{Explain, Place, suggest};
use thiserror::Error;

use super::Findings;
use crate::facts::condition_keys::{KNOWN, LISTS, OF_TAGS, PREFIXES};

/// Whether a condition key has a list of values, so that a condition on it needs `ForAnyValue:` or
/// `ForAllValues:`: IAM user guide, "Single-valued vs. multivalued context keys"
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>).
///
/// ```
/// assert!(ecrane_core::is_list_key("AWS:PrincipalOrgPaths"));
/// assert!(!ecrane_core::is_list_key("aws:PrincipalOrgID"));
/// ```
pub fn is_list_key(key: &str) -> bool {
    LISTS.iter().any(|list| list.eq_ignore_ascii_case(key))
}

/// A condition key as AWS's documentation spells it. The case of keys has no meaning; that of a key
/// that is not known, and of the name of a tag, stays.
///
/// ```
/// use ecrane_core::documented_condition_key as documented;
///
/// assert_eq!(documented("aws:principalorgid"), "aws:PrincipalOrgID");
/// assert_eq!(documented("AWS:principaltag/Team"), "aws:PrincipalTag/Team");
/// assert_eq!(documented("Other:Key"), "Other:Key");
/// ```
pub fn documented_condition_key(key: &str) -> String {
    if let Some(known) = KNOWN.into_iter().find(|known| known.eq_ignore_ascii_case(key)) {
        return known.to_owned();
    }
    let of_tag = OF_TAGS.into_iter().find_map(|tags| {
        let (start, name) = key.split_at_checked(tags.len())?;
        start.eq_ignore_ascii_case(tags).then(|| format!("{tags}{name}"))
    });
    of_tag.unwrap_or_else(|| key.to_owned())
}

/// Warns about a condition that does not do what it seems to: it is on a key that no request has, or
/// on a list without a set operator.
pub(crate) fn check(operator: &str, key: &str, place: &Place, findings: &mut Findings) {
    if !is_known(key) {
        let suggestion = suggest(key, KNOWN.into_iter().chain(OF_TAGS));
        let key = key.to_owned();
        let warning = ConditionKeyWarning::Unknown { key, suggestion };
        return findings.warning(place.clone().on_key(), warning);
    }
    let lower = operator.to_ascii_lowercase();
    let takes_one = !lower.starts_with("for") && lower != "null";
    if takes_one && is_list_key(key) {
        let (operator, key) = (operator.to_owned(), key.to_owned());
        let warning = ConditionKeyWarning::SetOperator { operator, key };
        findings.warning(place.clone().on_key(), warning);
    }
}

/// Whether a request can have a key. Of the keys of other services, and of identity providers, this
/// is not known.
fn is_known(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let starts_with = |prefix: &str| key.starts_with(&prefix.to_ascii_lowercase());
    let is_other = !PREFIXES.iter().any(|prefix| key.starts_with(prefix));
    is_other
        || KNOWN.iter().any(|known| known.eq_ignore_ascii_case(&key))
        || OF_TAGS.iter().any(|tags| starts_with(tags) && key.len() > tags.len())
}

/// A warning about the key of a condition.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ConditionKeyWarning {
    /// No request has the key.
    #[error("`{key}` is not a condition key of AWS")]
    Unknown {
        /// The key.
        key: String,
        /// The likely intended key.
        suggestion: Option<&'static str>,
    },
    /// The key has a list of values, and the operator takes one value.
    #[error("`{operator}` takes one value, and `{key}` is a list")]
    SetOperator {
        /// The operator.
        operator: String,
        /// The key.
        key: String,
    },
}

impl Explain for ConditionKeyWarning {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "policy::unknown_condition_key",
            Self::SetOperator { .. } => "policy::set_operator",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Unknown { .. } => "no request has it: the condition never holds, or always, if its operator is negated or ends in `IfExists` (IAM user guide, \"AWS global condition context keys\")".to_owned(),
            Self::SetOperator { operator, .. } => format!(
                "write `ForAnyValue:{operator}` if one value of the list suffices; as it is, the condition does not hold for a request that has the key"
            ),
        })
    }

    fn suggestion(&self) -> Option<&str> {
        match self {
            Self::Unknown { suggestion, .. } => *suggestion,
            Self::SetOperator { .. } => None,
        }
    }
}
