//! Maps in which exactly one of several keys must be set.

use serde::de::Error;

/// Returns the value of the only key that is set.
pub(super) fn exactly_one<T, E: Error, const N: usize>(
    keys: [(&'static str, Option<T>); N],
) -> Result<T, E> {
    let known: Vec<&str> = keys.iter().map(|(key, _)| *key).collect();
    let mut given: Vec<(&str, T)> =
        keys.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
    match (given.pop(), given.is_empty()) {
        (Some((_, value)), true) => Ok(value),
        (None, _) => Err(none_of(&known)),
        (Some((last, _)), false) => {
            let keys: Vec<&str> = given.iter().map(|(key, _)| *key).chain([last]).collect();
            Err(E::custom(format_args!("keys `{}` exclude each other", keys.join("`, `"))))
        }
    }
}

/// The error if none of the keys is set.
pub(super) fn none_of<E: Error>(keys: &[&str]) -> E {
    E::custom(format_args!("one of the keys `{}` is required", keys.join("`, `")))
}
