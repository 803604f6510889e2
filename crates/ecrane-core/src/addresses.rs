//! Addresses that a resource is pinned to, and escape hatches: by the name of a target.

use std::borrow::Cow;
use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::{Map, Value};

/// The name of a target that a backend renders to, such as `terraform`.
pub type Target = Cow<'static, str>;

/// What a resource is called in single targets, and what is laid over it there.
///
/// Targets are known by their names only, so a backend of your own has pins and overrides, too; it
/// decides what it takes as an address.
///
/// ```
/// use ecrane_core::Addresses;
///
/// let addresses = Addresses::pinned_to("terraform", "legacy_app");
/// assert_eq!(addresses.pinned("terraform"), Some("legacy_app"));
/// assert_eq!(addresses.pinned("cloudformation"), None);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Addresses {
    pins: BTreeMap<Target, String>,
    overrides: BTreeMap<Target, IndexMap<String, Value>>,
}

impl Addresses {
    /// Addresses with one pin.
    #[must_use]
    pub fn pinned_to(target: impl Into<Target>, address: impl Into<String>) -> Self {
        let mut addresses = Self::default();
        addresses.pin(target, address);
        addresses
    }

    /// Pins the resource to an address, instead of the one that follows from its path.
    pub fn pin(&mut self, target: impl Into<Target>, address: impl Into<String>) {
        self.pins.insert(target.into(), address.into());
    }

    /// Lays properties over the resource as the target renders it, by the target's own names: what
    /// CDK's `addPropertyOverride` and CDKTF's `addOverride` do. Nothing is checked.
    pub fn lay_over(
        &mut self,
        target: impl Into<Target>,
        properties: impl IntoIterator<Item = (String, Value)>,
    ) {
        self.overrides.entry(target.into()).or_default().extend(properties);
    }

    /// Adds the pins and overrides of another one, which win.
    pub fn extend(&mut self, other: Self) {
        let Self { pins, overrides } = other;
        self.pins.extend(pins);
        for (target, properties) in overrides {
            self.lay_over(target, properties);
        }
    }

    /// The address that the resource is pinned to.
    pub fn pinned(&self, target: &str) -> Option<&str> {
        self.pins.get(target).map(String::as_str)
    }

    /// The targets with pins, and the addresses.
    pub fn pins(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pins.iter().map(|(target, address)| (&**target, address.as_str()))
    }

    /// What is laid over the resource as the target renders it, if anything is.
    pub fn overrides(&self, target: &str) -> Option<&IndexMap<String, Value>> {
        self.overrides.get(target).filter(|properties| !properties.is_empty())
    }

    /// Lays properties over an object. Objects merge key by key; any other value, lists too, is
    /// replaced.
    pub fn merge<'v>(
        target: &mut Map<String, Value>,
        properties: impl IntoIterator<Item = (&'v String, &'v Value)>,
    ) {
        for (key, value) in properties {
            merge(target.entry(key.as_str()).or_insert(Value::Null), value);
        }
    }
}

fn merge(target: &mut Value, source: &Value) {
    match (target, source) {
        (Value::Object(target), Value::Object(source)) => {
            for (key, value) in source {
                merge(target.entry(key.as_str()).or_insert(Value::Null), value);
            }
        }
        (target, source) => *target = source.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn merges_objects_and_replaces_the_rest() {
        let mut target = json!({ "a": { "b": 1, "c": [1, 2] }, "d": "x", "e": { "f": 1 } });
        let source = json!({ "a": { "c": [3], "g": { "h": null } }, "d": { "i": 1 }, "e": false });
        Addresses::merge(target.as_object_mut().unwrap(), source.as_object().unwrap());
        let merged =
            json!({ "a": { "b": 1, "c": [3], "g": { "h": null } }, "d": { "i": 1 }, "e": false });
        assert_eq!(target, merged);
    }
}
