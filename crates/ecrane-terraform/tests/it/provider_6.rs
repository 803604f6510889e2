//! What provider 5.100 does not have, judged by what the documentation of later ones says.
//!
//! No such provider is run: `tests/provider-6/schema.json` is written down from the pages that it
//! names.

use std::collections::BTreeMap;

use ecrane_construct::{Registry, RepositoryCreationTemplateProps, StackProps};
use ecrane_core::{
    AccountSettingsResource, AppliedFor, BlobMounting, ExclusionFilters, TagMutability,
};
use indexmap::IndexMap;
use serde_json::Value;

use crate::support::{module, rendered_graph, stack};
use crate::vectors::{graphs, with_backend};

fn schema() -> BTreeMap<String, Value> {
    let mut schema: BTreeMap<String, Value> =
        serde_json::from_str(include_str!("../provider-6/schema.json")).unwrap();
    schema.remove("//");
    schema
}

fn names(entry: &Value, key: &str) -> Vec<String> {
    let list = entry[key].as_array().into_iter().flatten();
    list.map(|name| name.as_str().unwrap().to_owned()).collect()
}

/// Everything in a block that the documentation does not allow.
fn judge(at: &str, block: &Value, entry: &Value, wrong: &mut Vec<String>) {
    let block = block.as_object().unwrap_or_else(|| panic!("{at} is no block"));
    let blocks = entry["blocks"].as_object();
    for name in names(entry, "required") {
        if !block.contains_key(&name) {
            wrong.push(format!("{at} lacks {name}"));
        }
    }
    for (name, value) in block.iter().filter(|(name, _)| *name != "//" && *name != "lifecycle") {
        let at = format!("{at}.{name}");
        let only = names(entry, "only");
        if !only.is_empty() && !only.contains(name) {
            wrong.push(format!("{at} is not documented"));
        }
        let words = names(&entry["values"], name);
        for word in value.as_array().unwrap_or(&vec![value.clone()]) {
            if !words.is_empty() && !words.iter().any(|known| word == known) {
                wrong.push(format!("{at} cannot be {word}"));
            }
        }
        if let Some(entry) = blocks.and_then(|blocks| blocks.get(name)) {
            let items = value.as_array().unwrap_or_else(|| panic!("{at} is no list of blocks"));
            if u64::try_from(items.len()).unwrap() > entry["at_most"].as_u64().unwrap() {
                wrong.push(format!("{at} has {} blocks", items.len()));
            }
            for item in items {
                let mut entry = entry.clone();
                if entry.get("only").is_none() {
                    entry["only"] = entry["required"].clone();
                }
                judge(&at, item, &entry, wrong);
            }
        }
    }
}

/// Judges every resource of a module that the schema speaks of; counts what only it can judge.
fn judge_module(file: &str, module: &Value, counts: &mut BTreeMap<String, usize>) {
    let mut wrong = Vec::new();
    for (kind, entry) in schema() {
        for (name, resource) in module["resource"][&kind].as_object().into_iter().flatten() {
            judge(&format!("{file}: {kind}.{name}"), resource, &entry, &mut wrong);
            let newer = entry["only"].is_array()
                || resource.get("image_tag_mutability_exclusion_filter").is_some();
            *counts.entry(kind.clone()).or_default() += usize::from(newer);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_is_newer_is_as_it_is_documented() {
    let mut counts = BTreeMap::new();
    for (name, graph) in graphs() {
        for (file, module) in rendered_graph(&graph, &with_backend()).files {
            judge_module(&format!("{name}, {file}"), &module, &mut counts);
        }
    }
    for kind in [
        "aws_ecr_repository",
        "aws_ecr_pull_time_update_exclusion",
        "awscc_ecr_signing_configuration",
    ] {
        assert!(counts[kind] > 0, "no config has a newer {kind}");
    }
}

#[test]
fn what_no_known_config_has_is_as_it_is_documented() {
    let (app, stack) = stack(StackProps::default());
    let filters = ExclusionFilters::try_from(vec!["dev-*".parse().unwrap()]).unwrap();
    let template = RepositoryCreationTemplateProps {
        prefix: "team".to_owned(),
        applied_for: vec![AppliedFor::CreateOnPush],
        description: None,
        image_tag_mutability: Some(TagMutability::ImmutableWithExclusion(filters)),
        resource_tags: IndexMap::new(),
        custom_role_arn: None,
        ..RepositoryCreationTemplateProps::default()
    };
    Registry::creation_template(&stack, "Pushed", template);
    let settings = AccountSettingsResource {
        blob_mounting: Some(BlobMounting::Enabled),
        ..AccountSettingsResource::default()
    };
    Registry::account_settings(&stack, settings);
    let module = module(&app);
    let mut counts = BTreeMap::new();
    judge_module("module", &module, &mut counts);
    assert_eq!(counts["aws_ecr_repository_creation_template"], 1);
    assert_eq!(counts["aws_ecr_account_setting"], 1);
    let version = &module["terraform"]["required_providers"]["aws"]["version"];
    assert_eq!(version, ">= 6.29.0");
}
