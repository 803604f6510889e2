//! What ECR takes and the AWS provider does not.

use ecrane_config::Config;
use ecrane_terraform::{Options, render};
use serde_json::{Value, json};

/// The codes and places of the problems of a registry.
fn problems(registry: &Value) -> Vec<String> {
    let config = json!({ "stacks": { "S": { "registry": registry } } });
    let graph = serde_json::from_value::<Config>(config).unwrap().build().unwrap();
    let problems = render(&graph, &Options::default()).err();
    let problems = problems.iter().flat_map(|problems| problems.iter());
    problems
        .map(|p| format!("{} {}", p.fact.code(), p.place).replace("/stacks/S/registry/", ""))
        .collect()
}

const NONE: [&str; 0] = [];

#[test]
fn replication_rules_and_destinations() {
    let destination = json!({ "region": "us-east-1", "registryId": "111122223333" });
    let rules = |rules: usize, destinations: usize| {
        let rule = json!({ "destinations": vec![destination.clone(); destinations] });
        problems(&json!({ "replication": { "rules": vec![rule; rules] } }))
    };
    assert_eq!(rules(10, 25), NONE);
    assert_eq!(rules(0, 0), NONE);
    assert_eq!(rules(11, 1), ["terraform::provider_bound replication/rules"]);
    let wanted = ["terraform::provider_bound replication/rules/0/destinations"];
    assert_eq!(rules(1, 26), wanted);
}

#[test]
fn scanning_filters() {
    let filter = json!({ "filter": "*", "filterType": "WILDCARD" });
    let filters = |count: usize| {
        let filters = vec![filter.clone(); count];
        let rule = json!({ "scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": filters });
        problems(&json!({ "scanning": { "scanType": "BASIC", "rules": [rule] } }))
    };
    assert_eq!(filters(1), NONE);
    assert_eq!(filters(0), ["terraform::provider_bound scanning/rules/0/repositoryFilters"]);
}

#[test]
fn prefixes() {
    let template = |prefix: &str, applied_for: Value| {
        let template = json!({ "prefix": prefix, "appliedFor": applied_for });
        problems(&json!({ "creationTemplates": { "T": template } }))
    };
    let on_replication = || json!(["REPLICATION"]);
    assert_eq!(template("aa", on_replication()), NONE);
    assert_eq!(template("a--b", on_replication()), NONE);
    let wanted = ["terraform::provider_bound creationTemplates/T/prefix"];
    assert_eq!(template("a", on_replication()), wanted);
    let wanted = ["terraform::provider_bound creationTemplates/T/appliedFor"];
    assert_eq!(template("aa", json!([])), wanted);

    let cache = |prefix: &str| {
        let rule = json!({ "ecrRepositoryPrefix": prefix, "upstreamRegistryUrl": "quay.io" });
        problems(&json!({ "pullThroughCacheRules": { "R": rule } }))
    };
    assert_eq!(cache("a-b/"), NONE);
    let wanted = ["terraform::provider_prefix pullThroughCacheRules/R/ecrRepositoryPrefix"];
    assert_eq!(cache("a--b"), wanted);
    assert_eq!(cache("a__b"), wanted);
}
