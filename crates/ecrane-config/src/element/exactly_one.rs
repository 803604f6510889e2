//! Maps of which exactly one of some keys is given.

use serde::de::Error;

/// The value of the one key that is given.
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

/// The error that none of the keys is given.
pub(super) fn none_of<E: Error>(keys: &[&str]) -> E {
    E::custom(format_args!("one of the keys `{}` is required", keys.join("`, `")))
}
