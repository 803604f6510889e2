//! Pinned addresses and property overrides (escape hatches), by target.

use std::borrow::Cow;
use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::{Map, Value};

/// The name of a backend's target, such as `terraform`.
pub type Target = Cow<'static, str>;

/// Pinned addresses and property overrides of a resource, by target.
///
/// Targets are identified by name, so a custom backend can have pins and overrides too. The backend
/// validates its addresses.
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
    part_pins: BTreeMap<Target, BTreeMap<String, String>>,
    overrides: BTreeMap<Target, IndexMap<String, Value>>,
}

impl Addresses {
    /// Creates addresses with one pin.
    #[must_use]
    pub fn pinned_to(target: impl Into<Target>, address: impl Into<String>) -> Self {
        let mut addresses = Self::default();
        addresses.pin(target, address);
        addresses
    }

    /// Pins the resource to an address instead of the one derived from its path.
    pub fn pin(&mut self, target: impl Into<Target>, address: impl Into<String>) {
        self.pins.insert(target.into(), address.into());
    }

    /// Pins a part of the resource that the target renders as a resource of its own, such as the
    /// `LifecyclePolicy` of a repository in Terraform.
    ///
    /// ```
    /// use ecrane_core::Addresses;
    ///
    /// let mut addresses = Addresses::pinned_to("terraform", "app");
    /// addresses.pin_part("terraform", "LifecyclePolicy", "app_cleanup");
    /// assert_eq!(addresses.pinned_part("terraform", "LifecyclePolicy"), Some("app_cleanup"));
    /// assert_eq!(addresses.pinned_part("terraform", "RepositoryPolicy"), None);
    /// ```
    pub fn pin_part(
        &mut self,
        target: impl Into<Target>,
        part: impl Into<String>,
        address: impl Into<String>,
    ) {
        self.part_pins.entry(target.into()).or_default().insert(part.into(), address.into());
    }

    /// Overrides properties of the rendered resource, with the target's property names, like CDK's
    /// `addPropertyOverride` and CDKTF's `addOverride`. Overrides are not validated.
    pub fn lay_over(
        &mut self,
        target: impl Into<Target>,
        properties: impl IntoIterator<Item = (String, Value)>,
    ) {
        self.overrides.entry(target.into()).or_default().extend(properties);
    }

    /// Merges other addresses. Their pins and overrides take precedence.
    pub fn extend(&mut self, other: Self) {
        let Self { pins, part_pins, overrides } = other;
        self.pins.extend(pins);
        for (target, parts) in part_pins {
            self.part_pins.entry(target).or_default().extend(parts);
        }
        for (target, properties) in overrides {
            self.lay_over(target, properties);
        }
    }

    /// Returns the pinned address for a target.
    pub fn pinned(&self, target: &str) -> Option<&str> {
        self.pins.get(target).map(String::as_str)
    }

    /// Returns the pinned address of a part for a target.
    pub fn pinned_part(&self, target: &str, part: &str) -> Option<&str> {
        self.part_pins.get(target)?.get(part).map(String::as_str)
    }

    /// Iterates over the parts with a pinned address for a target, and their addresses.
    pub fn part_pins(&self, target: &str) -> impl Iterator<Item = (&str, &str)> {
        let parts = self.part_pins.get(target).into_iter().flatten();
        parts.map(|(part, address)| (part.as_str(), address.as_str()))
    }

    /// Iterates over the targets and their pinned addresses.
    pub fn pins(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pins.iter().map(|(target, address)| (&**target, address.as_str()))
    }

    /// Returns the property overrides for a target, if any.
    pub fn overrides(&self, target: &str) -> Option<&IndexMap<String, Value>> {
        self.overrides.get(target).filter(|properties| !properties.is_empty())
    }

    /// Applies property overrides to an object. Objects merge recursively. Other values, including
    /// lists, are replaced, as are objects that are one value in the target's language
    /// (`is_value`): intrinsic functions in CloudFormation.
    pub fn merge<'v>(
        target: &mut Map<String, Value>,
        properties: impl IntoIterator<Item = (&'v String, &'v Value)>,
        is_value: fn(&Map<String, Value>) -> bool,
    ) {
        for (key, value) in properties {
            merge(target.entry(key.as_str()).or_insert(Value::Null), value, is_value);
        }
    }
}

fn merge(target: &mut Value, source: &Value, is_value: fn(&Map<String, Value>) -> bool) {
    match (target, source) {
        (Value::Object(target), Value::Object(source))
            if !is_value(target) && !is_value(source) =>
        {
            Addresses::merge(target, source, is_value);
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
        let source = source.as_object().unwrap();
        Addresses::merge(target.as_object_mut().unwrap(), source, |_| false);
        let merged =
            json!({ "a": { "b": 1, "c": [3], "g": { "h": null } }, "d": { "i": 1 }, "e": false });
        assert_eq!(target, merged);
    }

    #[test]
    fn replaces_values_that_are_objects() {
        let mut target = json!({ "a": { "value": 1 }, "b": { "c": 1 }, "d": { "e": { "f": 1 } } });
        let source = json!({ "a": { "b": 2 }, "b": { "value": 3 }, "d": { "e": { "g": 4 } } });
        let source = source.as_object().unwrap();
        let is_value = |object: &Map<String, Value>| object.contains_key("value");
        Addresses::merge(target.as_object_mut().unwrap(), source, is_value);
        let merged =
            json!({ "a": { "b": 2 }, "b": { "value": 3 }, "d": { "e": { "f": 1, "g": 4 } } });
        assert_eq!(target, merged);
    }
}
