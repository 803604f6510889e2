//! Maps of which exactly one of some keys is given.

use std::fmt;

use serde::de::{Error, Expected};

/// The value of the one key that is given.
///
/// The error is a wrong *length* in the words of `serde`, with the keys in backticks: those that
/// there are if none is given, else those that are given.
pub(super) fn exactly_one<T, E: Error, const N: usize>(
    keys: [(&'static str, Option<T>); N],
) -> Result<T, E> {
    let known: Vec<&str> = keys.iter().map(|(key, _)| *key).collect();
    let mut given: Vec<(&str, T)> =
        keys.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
    match (given.pop(), given.is_empty()) {
        (Some((_, value)), true) => Ok(value),
        (None, _) => Err(none_of(known)),
        (Some((last, _)), false) => {
            let keys: Vec<&str> = given.iter().map(|(key, _)| *key).chain([last]).collect();
            Err(E::invalid_length(keys.len(), &Keys(keys)))
        }
    }
}

/// The error that none of the keys is given.
pub(super) fn none_of<E: Error>(keys: impl Into<Vec<&'static str>>) -> E {
    E::invalid_length(0, &Keys(keys.into()))
}

struct Keys(Vec<&'static str>);

impl Expected for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "one of `{}`", self.0.join("`, `"))
    }
}

/// The keys that such an error names.
pub(super) fn keys_of(expected: &dyn Expected) -> Vec<String> {
    expected.to_string().split('`').skip(1).step_by(2).map(str::to_owned).collect()
}
