//! The condition keys of a request.

use std::collections::BTreeMap;

/// The condition keys of a request: `aws:SourceIp`, `aws:PrincipalOrgID` and so on.
///
/// Names of keys are compared without regard to case (IAM user guide, "Condition keys").
///
/// ```
/// use ecrane_access::Context;
///
/// let mut context = Context::default();
/// context.add("aws:SourceIp", "203.0.113.9");
/// assert_eq!(context.get("AWS:sourceip"), Some(["203.0.113.9".to_owned()].as_slice()));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    keys: BTreeMap<String, Vec<String>>,
}

impl Context {
    /// Adds a value to those of a key.
    pub fn add(&mut self, key: &str, value: impl Into<String>) {
        self.keys.entry(key.to_ascii_lowercase()).or_default().push(value.into());
    }

    /// Replaces the values of a key.
    pub fn set(&mut self, key: &str, values: impl IntoIterator<Item = String>) {
        self.keys.insert(key.to_ascii_lowercase(), values.into_iter().collect());
    }

    /// The values of a key, or `None` if the request does not have it.
    pub fn get(&self, key: &str) -> Option<&[String]> {
        self.keys.get(&key.to_ascii_lowercase()).map(Vec::as_slice)
    }

    /// Removes the keys that begin with a text in lower case.
    pub(crate) fn remove_all(&mut self, start: &str) {
        self.keys.retain(|key, _| !key.starts_with(start));
    }

    /// Adds the keys of another context; its values take precedence.
    pub(crate) fn extend(&mut self, other: &Self) {
        for (key, values) in &other.keys {
            self.keys.insert(key.clone(), values.clone());
        }
    }
}

/// What is known about a request when a condition is evaluated.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) keys: Context,
    /// Whether the request has no other keys. Otherwise, another key may have any value, but for
    /// those that are absent.
    pub(crate) is_whole: bool,
    /// Prefixes, in lower case, of keys that are absent unless `keys` has them.
    pub(crate) absent: Vec<&'static str>,
}

/// A key of a request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lookup<'c> {
    Values(&'c [String]),
    Absent,
    Unknown,
}

impl Known {
    pub(crate) fn lookup(&self, key: &str) -> Lookup<'_> {
        match self.keys.get(key) {
            Some([]) => Lookup::Absent,
            Some(values) => Lookup::Values(values),
            None if self.is_whole => Lookup::Absent,
            None => {
                let key = key.to_ascii_lowercase();
                let is_absent = self.absent.iter().any(|prefix| key.starts_with(prefix));
                if is_absent { Lookup::Absent } else { Lookup::Unknown }
            }
        }
    }
}
