//! What the rules would do to images.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::case::{Case, Ran};

#[derive(Deserialize)]
struct Vector {
    id: String,
    policy: Value,
    now: String,
    images: Vec<Value>,
    expected: Vec<Value>,
}

/// The facts of `ecrane-lifecycle`, through files and the command line. The bodies of manifest
/// lists are in a file of their own, as AWS gives them.
#[test]
fn foresees_what_ecr_does() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ecrane-lifecycle/tests/cases.json");
    let vectors: Vec<Vector> =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(!vectors.is_empty());
    let case = Case::new();
    let mut wrong = Vec::new();
    for Vector { id, policy, now, mut images, mut expected } in vectors {
        let mut lists = Vec::new();
        for image in images.iter_mut().map(|image| image.as_object_mut().unwrap()) {
            image.shift_remove("name");
            if let Some(digests) = image.shift_remove("referencedManifests") {
                let digests = digests.as_array().unwrap().iter();
                let manifests: Vec<_> = digests.map(|digest| json!({ "digest": digest })).collect();
                lists.push(json!({
                    "imageId": { "imageDigest": image["imageDigest"] },
                    "imageManifest": json!({ "manifests": manifests }).to_string(),
                }));
            }
        }
        for entry in &mut expected {
            entry.as_object_mut().unwrap().shift_remove("name");
        }
        case.write("policy.json", policy.to_string());
        case.write("images.json", json!({ "imageDetails": images }).to_string());
        case.write("manifests.json", json!({ "images": lists, "failures": [] }).to_string());
        let mut args = vec!["preview", "--policy", "policy.json", "--images", "images.json"];
        args.extend(["--at", &now, "--format", "json"]);
        if !lists.is_empty() {
            args.extend(["--manifests", "manifests.json"]);
        }
        let Ran { code, stdout, stderr } = case.run(&args);
        assert_eq!(code, Some(0), "{id}: {stderr}");
        let found: Value = serde_json::from_str(&stdout).unwrap();
        if found != json!({ "images": expected }) {
            wrong.push(format!("{id}: expected {expected:?}, found {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
