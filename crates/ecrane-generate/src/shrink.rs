//! What of a config matters: keys and items are dropped from it for as long as it fails.

use serde_json::Value;

/// A config that gets smaller: what is dropped is tried first, the outermost first.
#[derive(Debug, Clone)]
pub(crate) struct Shrinking {
    /// The smallest config that fails.
    failing: Value,
    /// `failing` without something, which is not known to fail.
    tried: Option<Value>,
    /// The next place to drop something from.
    at: usize,
    /// Whether anything was dropped since places were last counted from the first.
    dropped: bool,
}

impl Shrinking {
    pub(crate) fn new(config: Value) -> Self {
        Self { failing: config, tried: None, at: 0, dropped: false }
    }

    /// The config to try, or else the smallest that fails.
    pub(crate) fn current(&self) -> &Value {
        self.tried.as_ref().unwrap_or(&self.failing)
    }

    /// Drops the next thing, for a try; false when there is no more to drop.
    pub(crate) fn next(&mut self) -> bool {
        let places = loop {
            let places = removable(&self.failing);
            if self.at < places.len() {
                break places;
            }
            // What was in use when it was tried may be free by now.
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

    /// What was tried fails too.
    pub(crate) fn keep(&mut self) {
        if let Some(smaller) = self.tried.take() {
            (self.failing, self.dropped) = (smaller, true);
        }
    }

    /// What was tried does not fail: what it lacks is put back. False when nothing was tried.
    pub(crate) fn put_back(&mut self) -> bool {
        let tried = self.tried.take().is_some();
        if tried {
            self.at += 1;
        }
        tried
    }
}

/// The smallest config found that `still_fails`, as `config` does.
///
/// It drops keys and items one by one, the outermost first, for as long as what is left fails.
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

/// The places of all that can be dropped from a config, outermost first.
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

/// Drops what stands at a place; nothing where there is no such place.
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

/// What stands at a place.
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
        // `a` can go only after what uses it.
        let fails = |config: &Value| {
            let dangling = config.pointer("/b/0/uses").is_some() && config.get("a").is_none();
            Ok::<_, Infallible>(config.pointer("/c/d").is_some() && !dangling)
        };
        assert_eq!(smallest(&config, fails).unwrap(), json!({ "c": { "d": {} } }));
    }
}
