//! The images that a lifecycle rule selects.

use std::collections::BTreeSet;

use crate::error::LifecycleError;
use crate::vocabulary::{MAX_WILDCARDS, PATTERN_LIST, PREFIX_LIST, TagStatus};

/// Which images a rule selects, by their tags.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TagSelection {
    /// All images.
    Any,
    /// Images without tags.
    Untagged,
    /// Images whose tags match every prefix.
    Prefixes(Vec<String>),
    /// Images whose tags match every pattern.
    Patterns(Vec<String>),
}

/// The maximum length of a tag, in characters.
const MAX_TAG: usize = 128;

impl TagSelection {
    /// Returns the selection of a rule with these lists, and adds errors about the lists.
    pub(crate) fn new(
        status: TagStatus,
        prefixes: Option<Vec<String>>,
        patterns: Option<Vec<String>>,
        errors: &mut Vec<LifecycleError>,
    ) -> Option<Self> {
        for pattern in patterns.iter().flatten() {
            let count = pattern.matches('*').count();
            if count > MAX_WILDCARDS {
                errors.push(LifecycleError::TooManyWildcards { pattern: pattern.clone(), count });
            }
        }
        for (list, property) in [(&prefixes, PREFIX_LIST), (&patterns, PATTERN_LIST)] {
            if list.iter().flatten().any(String::is_empty) {
                errors.push(LifecycleError::EmptyTag { property });
            }
        }
        let error = match (status, prefixes, patterns) {
            (TagStatus::Any, None, None) => return Some(Self::Any),
            (TagStatus::Untagged, None, None) => return Some(Self::Untagged),
            (TagStatus::Any | TagStatus::Untagged, ..) => {
                LifecycleError::ListWithoutTagged { status }
            }
            (TagStatus::Tagged, Some(_), Some(_)) => LifecycleError::PrefixesAndPatterns,
            (TagStatus::Tagged, Some(prefixes), None) if !prefixes.is_empty() => {
                return Some(Self::Prefixes(prefixes));
            }
            (TagStatus::Tagged, None, Some(patterns)) if !patterns.is_empty() => {
                return Some(Self::Patterns(patterns));
            }
            (TagStatus::Tagged, ..) => LifecycleError::TaggedWithoutList,
        };
        errors.push(error);
        None
    }

    /// The tag status of the selection.
    pub fn status(&self) -> TagStatus {
        match self {
            Self::Any => TagStatus::Any,
            Self::Untagged => TagStatus::Untagged,
            Self::Prefixes(_) | Self::Patterns(_) => TagStatus::Tagged,
        }
    }

    /// The key and the entries of the tag list, regardless of order and repetition.
    pub(crate) fn list(&self) -> Option<(&'static str, BTreeSet<&str>)> {
        let (key, list) = match self {
            Self::Any | Self::Untagged => return None,
            Self::Prefixes(list) => (PREFIX_LIST, list),
            Self::Patterns(list) => (PATTERN_LIST, list),
        };
        Some((key, list.iter().map(String::as_str).collect()))
    }

    /// Returns an entry of the list that no tag can match. A tag has up to 128 letters, digits,
    /// `_`, `.` and `-`, and does not start with `.` or `-`.
    pub(crate) fn impossible_entry(&self) -> Option<&str> {
        let (list, is_pattern) = match self {
            Self::Any | Self::Untagged => return None,
            Self::Prefixes(list) => (list, false),
            Self::Patterns(list) => (list, true),
        };
        let is_possible = |entry: &str| {
            let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
            let literal = entry.chars().filter(|c| !(is_pattern && *c == '*'));
            !entry.starts_with(['.', '-'])
                && literal.clone().all(known)
                && literal.count() <= MAX_TAG
        };
        list.iter().map(String::as_str).find(|entry| !is_possible(entry))
    }

    /// Whether an image with these tags is selected.
    pub(crate) fn selects(&self, tags: &[String]) -> bool {
        match self {
            Self::Any => true,
            Self::Untagged => tags.is_empty(),
            Self::Prefixes(list) => {
                list.iter().all(|prefix| tags.iter().any(|tag| tag.starts_with(prefix.as_str())))
            }
            Self::Patterns(list) => {
                list.iter().all(|pattern| tags.iter().any(|tag| matches(pattern, tag)))
            }
        }
    }

    /// For each entry of the list, the first of these tags that meets it.
    pub(crate) fn met_by<'t>(&self, tags: &'t [String]) -> Vec<(&str, &'t str)> {
        let (list, meets): (_, fn(&str, &str) -> bool) = match self {
            Self::Any | Self::Untagged => return Vec::new(),
            Self::Prefixes(list) => (list, |prefix, tag| tag.starts_with(prefix)),
            Self::Patterns(list) => (list, matches),
        };
        list.iter()
            .filter_map(|entry| {
                let tag = tags.iter().find(|tag| meets(entry, tag))?;
                Some((entry.as_str(), tag.as_str()))
            })
            .collect()
    }

    /// Whether this selection includes every image that the other selects by tags.
    ///
    /// An image needs a matching tag for each entry, and the tags can differ. This selection covers
    /// the other if, for each of its entries, the other list has an entry whose matches all match
    /// it.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        let (Some(own), Some(others)) = (self.patterns(), other.patterns()) else { return false };
        own.iter().all(|own| others.iter().any(|other| matches(own, other)))
    }

    /// The tag list as patterns.
    fn patterns(&self) -> Option<Vec<String>> {
        match self {
            Self::Any | Self::Untagged => None,
            Self::Prefixes(list) => Some(list.iter().map(|prefix| format!("{prefix}*")).collect()),
            Self::Patterns(list) => Some(list.clone()),
        }
    }
}

/// Whether a pattern matches an entire text.
///
/// The text can be a pattern. Its `*` is then treated as a literal character that only a `*` of the
/// pattern matches, so the pattern matches every expansion of the text.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    let Some(mut rest) = rest.strip_suffix(last) else { return false };
    parts.all(|part| match rest.split_once(part) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefixes(list: &[&str]) -> TagSelection {
        TagSelection::Prefixes(list.iter().map(|entry| (*entry).to_owned()).collect())
    }

    fn patterns(list: &[&str]) -> TagSelection {
        TagSelection::Patterns(list.iter().map(|entry| (*entry).to_owned()).collect())
    }

    #[test]
    fn covers() {
        let cases = [
            (prefixes(&["prod"]), patterns(&["prod*"]), true),
            (patterns(&["prod*"]), prefixes(&["prod"]), true),
            (prefixes(&["a"]), prefixes(&["a", "b"]), true),
            (prefixes(&["a", "b"]), prefixes(&["a"]), false),
            (prefixes(&["prod"]), prefixes(&["prod-eu"]), true),
            (prefixes(&["prod-eu"]), prefixes(&["prod"]), false),
            // One tag can match several entries.
            (prefixes(&["a", "ab"]), patterns(&["abc"]), true),
            (patterns(&["*"]), prefixes(&["x"]), true),
            (patterns(&["*-sha-*"]), patterns(&["main-sha-*"]), true),
            (patterns(&["*-sha-*"]), patterns(&["main-sha*"]), false),
            (patterns(&["a*b"]), patterns(&["a*b*b"]), true),
            (patterns(&["a*b*b"]), patterns(&["a*b"]), false),
            (patterns(&["ab*ba"]), patterns(&["aba"]), false),
            (patterns(&["v1"]), patterns(&["v1"]), true),
            (patterns(&["v?"]), patterns(&["v1"]), false),
            (TagSelection::Untagged, prefixes(&["a"]), false),
            (prefixes(&["a"]), TagSelection::Any, false),
        ];
        for (one, other, expected) in cases {
            assert_eq!(one.covers(&other), expected, "{one:?} {other:?}");
        }
    }

    #[test]
    fn finds_impossible_entries() {
        assert_eq!(prefixes(&["v", "a*"]).impossible_entry(), Some("a*"));
        assert_eq!(patterns(&["a*", "x/y"]).impossible_entry(), Some("x/y"));
        assert_eq!(patterns(&["-x"]).impossible_entry(), Some("-x"));
        assert_eq!(patterns(&["*-x", "_v1.2"]).impossible_entry(), None);
        assert_eq!(patterns(&[&"x".repeat(129)]).impossible_entry().map(str::len), Some(129));
    }
}
