//! Minimizes a failing config by removing keys and items as long as it still fails.

use serde_json::Value;

/// A config that is being minimized. The outermost keys and items are removed first.
#[derive(Debug, Clone)]
pub(crate) struct Shrinking {
    /// The smallest failing config so far.
    failing: Value,
    /// `failing` without one key or item; not known to fail.
    tried: Option<Value>,
    /// The next place to remove.
    at: usize,
    /// Whether anything was removed in this pass.
    dropped: bool,
}

impl Shrinking {
    pub(crate) fn new(config: Value) -> Self {
        Self { failing: config, tried: None, at: 0, dropped: false }
    }

    /// The config to try, or the smallest failing one.
    pub(crate) fn current(&self) -> &Value {
        self.tried.as_ref().unwrap_or(&self.failing)
    }

    /// Removes the next key or item for a try. Returns `false` if nothing is left to try.
    pub(crate) fn next(&mut self) -> bool {
        let places = loop {
            let places = removable(&self.failing);
            if self.at < places.len() {
                break places;
            }
            // A key or item that was in use when it was tried may be unused now.
            if !self.dropped {
                return false;
            }
            (self.at, self.dropped) = (0, false);
        };
        let mut smaller = self.failing.clone();
        if let Some(place) = places.get(self.at) {
            remove(&mut smaller, place);
        }
        self.tried = Some(smaller);
        true
    }

    /// Accepts the removal: the tried config still fails.
    pub(crate) fn keep(&mut self) {
        if let Some(smaller) = self.tried.take() {
            (self.failing, self.dropped) = (smaller, true);
        }
    }

    /// Reverts the removal: the tried config does not fail. Returns `false` if nothing was tried.
    pub(crate) fn put_back(&mut self) -> bool {
        let tried = self.tried.take().is_some();
        if tried {
            self.at += 1;
        }
        tried
    }
}

/// Returns the smallest config found that `still_fails`.
///
/// Keys and items are removed one by one, the outermost first, as long as the rest still fails.
///
/// # Errors
///
/// The error of `still_fails`.
pub fn smallest<E>(
    config: &Value,
    mut still_fails: impl FnMut(&Value) -> Result<bool, E>,
) -> Result<Value, E> {
    let mut shrinking = Shrinking::new(config.clone());
    while shrinking.next() {
        if still_fails(shrinking.current())? {
            shrinking.keep();
        } else {
            shrinking.put_back();
        }
    }
    Ok(shrinking.failing)
}

/// The places of all removable keys and items of a config, outermost first.
fn removable(config: &Value) -> Vec<Vec<String>> {
    let mut level = vec![(Vec::new(), config)];
    let mut places = Vec::new();
    while !level.is_empty() {
        let mut next = Vec::new();
        for (place, value) in level {
            let children: Vec<(String, &Value)> = match value {
                Value::Object(object) => {
                    object.iter().map(|(key, value)| (key.clone(), value)).collect()
                }
                Value::Array(items) => {
                    items.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect()
                }
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
            };
            for (key, child) in children {
                let place: Vec<String> = place.iter().cloned().chain([key]).collect();
                places.push(place.clone());
                next.push((place, child));
            }
        }
        level = next;
    }
    places
}

/// Removes the value at a place, if it exists.
pub(crate) fn remove(config: &mut Value, place: &[String]) {
    let Some((last, parents)) = place.split_last() else { return };
    match at_mut(config, parents) {
        Some(Value::Object(object)) => {
            object.shift_remove(last);
        }
        Some(Value::Array(items)) => {
            if let Some(at) = last.parse().ok().filter(|at: &usize| *at < items.len()) {
                items.remove(at);
            }
        }
        _ => {}
    }
}

/// The value at a place.
pub(crate) fn at_mut<'v>(config: &'v mut Value, place: &[String]) -> Option<&'v mut Value> {
    place.iter().try_fold(config, |value, key| match value {
        Value::Object(object) => object.get_mut(key),
        Value::Array(items) => key.parse().ok().and_then(|at: usize| items.get_mut(at)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use serde_json::json;

    use super::*;

    #[test]
    fn everything_can_be_dropped_outermost_first() {
        let config = json!({ "a": [1, { "b": 2 }], "c": 3 });
        let places: Vec<_> = removable(&config).iter().map(|place| place.join("/")).collect();
        assert_eq!(places, ["a", "c", "a/0", "a/1", "a/1/b"]);
        let mut smaller = config;
        remove(&mut smaller, &["a".into(), "0".into()]);
        remove(&mut smaller, &["c".into()]);
        assert_eq!(smaller, json!({ "a": [{ "b": 2 }] }));
    }

    #[test]
    fn what_was_in_use_is_tried_again() {
        let config = json!({ "a": 1, "b": [{ "uses": "a" }, 2], "c": { "d": { "e": 3 } } });
        // `a` can be removed only after the value that uses it.
        let fails = |config: &Value| {
            let dangling = config.pointer("/b/0/uses").is_some() && config.get("a").is_none();
            Ok::<_, Infallible>(config.pointer("/c/d").is_some() && !dangling)
        };
        assert_eq!(smallest(&config, fails).unwrap(), json!({ "c": { "d": {} } }));
    }
}
