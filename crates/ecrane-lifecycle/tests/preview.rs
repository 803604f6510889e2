//! Previews of policies on the images of a repository.

use ecrane_lifecycle::LifecyclePolicy;
use ecrane_lifecycle::preview::{ImageListing, Preview};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Case {
    id: String,
    policy: Value,
    now: String,
    images: Vec<Value>,
    expected: Vec<Value>,
}

/// The facts of `cases.json`; the README says where they come from.
#[test]
fn foresees_what_ecr_does() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("cases.json")).unwrap();
    assert!(!cases.is_empty());
    let mut wrong = Vec::new();
    for case in cases {
        let (policy, _) = LifecyclePolicy::parse(&case.policy.to_string()).unwrap();
        let names: Vec<_> = case.images.iter().map(|image| image["name"].clone()).collect();
        let listing = json!({ "imageDetails": case.images }).to_string();
        let listing = ImageListing::parse(&listing).unwrap();
        let preview = Preview::new(&policy, &listing, case.now.parse().unwrap());
        let mut found = serde_json::to_value(&preview).unwrap()["images"].take();
        for (image, name) in found.as_array_mut().unwrap().iter_mut().zip(names) {
            image["name"] = name;
        }
        if found != Value::Array(case.expected.clone()) {
            wrong.push(format!("{}: expected {:?}, found {found}", case.id, case.expected));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
