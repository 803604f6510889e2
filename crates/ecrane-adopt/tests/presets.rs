//! What repositories share is written once.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use ecrane_adopt::{Adoption, Source, adopt};
use ecrane_config::{Document, Format};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

fn adopted(repositories: &[(&str, Value)]) -> Adoption {
    let resources = repositories.iter().map(|(name, properties)| {
        let mut properties = properties.clone();
        properties["RepositoryName"] = (*name).into();
        let id: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let resource = json!({ "Type": "AWS::ECR::Repository", "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain", "Properties": properties });
        (id, resource)
    });
    let template = json!({ "Resources": resources.collect::<Map<_, _>>() });
    let source = Source { name: "Shop.json".to_owned(), text: template.to_string() };
    let adoption = adopt(&[source], &IndexMap::new()).unwrap();
    assert_eq!(adoption.not_adopted, []);
    adoption
}

fn keep(count: u32) -> Value {
    let rule = json!({ "rulePriority": 1, "action": { "type": "expire" }, "selection": {
        "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": count } });
    json!({ "LifecyclePolicyText": json!({ "rules": [rule] }).to_string() })
}

fn service(count: u32) -> Value {
    json!({
        "ImageScanningConfiguration": { "ScanOnPush": true },
        "ImageTagMutability": "IMMUTABLE",
        "LifecyclePolicy": keep(count),
    })
}

#[test]
fn what_all_repositories_share_is_the_default() {
    let scanned = json!({ "ImageScanningConfiguration": { "ScanOnPush": true } });
    let adoption = adopted(&[
        ("shop/app", service(10)),
        ("shop/web", service(10)),
        ("shop/jobs", service(10)),
        ("base/alpine", scanned.clone()),
        ("tools", scanned),
    ]);
    assert_eq!(
        adoption.yaml(),
        r"presets:
  # What 5 repositories share
  common:
    imageScanOnPush: true
  # What 3 repositories share
  shop:
    imageTagMutability: IMMUTABLE
    lifecycleRules:
      - { maxImageCount: 10 }
defaults: common
stacks:
  Shop:
    repositories:
      shopapp:
        preset: shop
        repositoryName: shop/app
        logicalId: shopapp
      shopweb:
        preset: shop
        repositoryName: shop/web
        logicalId: shopweb
      shopjobs:
        preset: shop
        repositoryName: shop/jobs
        logicalId: shopjobs
      basealpine:
        repositoryName: base/alpine
        logicalId: basealpine
      tools:
        repositoryName: tools
        logicalId: tools
"
    );
}

#[test]
fn repeated_rules_are_a_preset() {
    let with = |key: &str| {
        let mut properties = json!({ "LifecyclePolicy": keep(10) });
        properties["Tags"] = json!([{ "Key": "service", "Value": key }]);
        properties
    };
    let other = json!({ "ImageTagMutability": "IMMUTABLE" });
    let adoption =
        adopted(&[("one", with("a")), ("two", with("b")), ("three", with("c")), ("four", other)]);
    let rules = json!({ "lifecycleRules": [{ "maxImageCount": 10 }] });
    assert_eq!(adoption.config["presets"], json!({ "cleanup": rules }));
    let repositories = adoption.config["stacks"]["Shop"]["repositories"].as_object().unwrap();
    let presets: Vec<_> = repositories.values().map(|it| it["preset"].as_str()).collect();
    assert_eq!(presets, [Some("cleanup"), Some("cleanup"), Some("cleanup"), None]);
}

/// A preset that does not make the config shorter makes it harder to read.
#[test]
fn a_preset_has_to_be_worth_it() {
    let scanned = json!({ "ImageScanningConfiguration": { "ScanOnPush": true } });
    let adoption = adopted(&[("one", scanned.clone()), ("two", scanned), ("three", json!({}))]);
    assert!(adoption.config.get("presets").is_none(), "{}", adoption.yaml());
}

/// With the presets merged, each repository has what it had.
#[test]
fn presets_change_nothing() {
    let all: Vec<(String, Value)> = (0..40)
        .map(|number| {
            let mut properties = service(10 + number % 3);
            if number % 4 == 0 {
                properties.as_object_mut().unwrap().remove("ImageTagMutability");
            }
            if number % 5 == 0 {
                properties["Tags"] = json!([{ "Key": "team", "Value": "shop" }]);
            }
            (format!("group{}/name{number}", number % 2), properties)
        })
        .collect();
    let all: Vec<(&str, Value)> =
        all.iter().map(|(name, it)| (name.as_str(), it.clone())).collect();
    let adoption = adopted(&all);
    assert!(adoption.config["presets"].as_object().unwrap().len() > 2, "{}", adoption.yaml());
    let document = Document::parse("ecrane.yaml", Format::Yaml, &adoption.yaml()).unwrap();
    assert!(document.problems().is_empty(), "{:?}", document.problems());
    let merged = document.to_json();
    let repositories = merged["stacks"]["Shop"]["repositories"].as_object().unwrap();
    for ((name, properties), repository) in all.iter().zip(repositories.values()) {
        assert_eq!(repository["repositoryName"], *name);
        assert_eq!(repository["imageScanOnPush"], true);
        let mutability = repository.get("imageTagMutability");
        assert_eq!(mutability, properties.get("ImageTagMutability"), "{name}");
        let count = repository["lifecycleRules"][0]["maxImageCount"].as_u64().unwrap();
        let text = properties["LifecyclePolicy"]["LifecyclePolicyText"].as_str().unwrap();
        assert!(text.contains(&format!("\"countNumber\":{count}")), "{name}");
        assert_eq!(repository.get("tags").is_some(), properties.get("Tags").is_some(), "{name}");
    }
}
