//! Differences between two states, and the tolerated ones among them.

use serde_json::Value;

/// A place at which two states differ. Lists that differ only in their order differ as a whole.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Difference {
    /// The path of keys.
    pub(super) place: Vec<String>,
    pub(super) cloudformation: Option<Value>,
    pub(super) terraform: Option<Value>,
}

/// The items as strings, sorted.
fn sorted(items: &[Value]) -> Vec<String> {
    let mut texts: Vec<_> = items.iter().map(Value::to_string).collect();
    texts.sort();
    texts
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let side = |value: &Option<Value>| {
            value.as_ref().map_or_else(|| "nothing".to_owned(), Value::to_string)
        };
        write!(
            f,
            "at {}: CloudFormation sets {}, Terraform sets {}",
            self.place.join(" "),
            side(&self.cloudformation),
            side(&self.terraform)
        )
    }
}

/// A tolerated difference.
#[derive(Debug)]
pub(super) struct Tolerated {
    /// The path of keys; `*` matches any key.
    pub(super) place: &'static [&'static str],
    pub(super) difference: Allowed,
    pub(super) reason: &'static str,
    /// A case with this difference. An entry whose case does not show it any more must be removed.
    pub(super) shown_by: &'static str,
}

/// The tolerated difference at a place.
#[derive(Debug)]
pub(super) enum Allowed {
    /// Terraform may set this value where CloudFormation sets none.
    Default(u32),
    /// Terraform may set any value where CloudFormation sets none.
    Addition,
}

impl Allowed {
    fn covers(&self, Difference { cloudformation, terraform, .. }: &Difference) -> bool {
        match (self, cloudformation, terraform) {
            (Self::Default(default), None, Some(value)) => value == default,
            (Self::Addition, None, Some(_)) => true,
            _ => false,
        }
    }
}

impl Tolerated {
    pub(super) fn covers(&self, difference: &Difference) -> bool {
        self.difference.covers(difference) && self.is_place_of(difference)
    }

    fn is_place_of(&self, difference: &Difference) -> bool {
        let mut place = difference.place.iter();
        for key in self.place {
            match (*key, place.next()) {
                ("*", Some(_)) => {}
                (key, Some(found)) if key == found => {}
                _ => return false,
            }
        }
        place.next().is_none()
    }
}

/// All places at which two states differ.
pub(super) fn differences(cloudformation: &Value, terraform: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    walk(&mut Vec::new(), Some(cloudformation), Some(terraform), &mut found);
    found
}

fn walk(
    place: &mut Vec<String>,
    left: Option<&Value>,
    right: Option<&Value>,
    found: &mut Vec<Difference>,
) {
    let mut step = |key: String, left: Option<&Value>, right: Option<&Value>| {
        place.push(key);
        walk(place, left, right, found);
        place.pop();
    };
    match (left, right) {
        (Some(Value::Object(left)), Some(Value::Object(right))) => {
            let missing = right.keys().filter(|key| !left.contains_key(*key));
            for key in left.keys().chain(missing) {
                step(key.clone(), left.get(key), right.get(key));
            }
        }
        (Some(Value::Array(left)), Some(Value::Array(right)))
            if left.len() == right.len() && (left == right || sorted(left) != sorted(right)) =>
        {
            for (at, (left, right)) in left.iter().zip(right).enumerate() {
                step(at.to_string(), Some(left), Some(right));
            }
        }
        _ if left == right => {}
        _ => found.push(Difference {
            place: place.clone(),
            cloudformation: left.cloned(),
            terraform: right.cloned(),
        }),
    }
}

/// Sorts the lists that IAM treats as sets: the order of principals and actions in a policy has no
/// meaning. Replacing generated names changed the order.
pub(super) fn sort_sets(state: &mut Value) {
    const SETS: [&str; 7] = [
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Principal",
        "NotPrincipal",
        "Condition",
    ];
    fn sort(value: &mut Value, in_set: bool) {
        match value {
            Value::Array(items) => {
                for item in items.iter_mut() {
                    sort(item, in_set);
                }
                if in_set && items.iter().all(Value::is_string) {
                    items.sort_by(|left, right| left.as_str().cmp(&right.as_str()));
                }
            }
            Value::Object(entries) => {
                for (key, value) in entries {
                    sort(value, in_set || SETS.contains(&key.as_str()));
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    sort(state, false);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_difference_is_found() {
        let left = json!({ "a": [1, { "b": 2 }], "c": 3, "same": {} });
        let right = json!({ "a": [0, { "b": 2 }], "d": [], "same": {} });
        let places: Vec<_> =
            differences(&left, &right).iter().map(|found| found.place.join("/")).collect();
        assert_eq!(places, ["a/0", "c", "d"]);
    }

    #[test]
    fn what_is_tolerated_is_no_more_than_it_says() {
        let at =
            |place| Tolerated { place, difference: Allowed::Addition, reason: "", shown_by: "" };
        let found = differences(&json!({ "a": {} }), &json!({ "a": { "x": 1 } }));
        let all = |tolerated: &Tolerated| found.iter().all(|found| tolerated.covers(found));
        assert_eq!(found.len(), 1);
        assert!(all(&at(&["a", "x"])) && all(&at(&["a", "*"])));
        assert!(!all(&at(&["a"])) && !all(&at(&["a", "*", "*"])) && !all(&at(&["b", "x"])));

        let default = |left, right, value| {
            let found = differences(&left, &right);
            let difference = Allowed::Default(value);
            let tolerated = Tolerated { place: &["a"], difference, reason: "", shown_by: "" };
            found.iter().all(|found| tolerated.covers(found))
        };
        assert!(default(json!({}), json!({ "a": 185 }), 185));
        assert!(!default(json!({}), json!({ "a": 0 }), 185));
        assert!(!default(json!({ "a": 1 }), json!({ "a": 185 }), 185));

        let addition = |left, right| {
            let found = differences(&left, &right);
            let difference = Allowed::Addition;
            let tolerated = Tolerated { place: &["a"], difference, reason: "", shown_by: "" };
            found.iter().all(|found| tolerated.covers(found))
        };
        assert!(addition(json!({}), json!({ "a": { "b": 1 } })));
        assert!(!addition(json!({ "a": 1 }), json!({})));
        assert!(!addition(json!({ "a": 1 }), json!({ "a": 2 })));
    }
}
