//! What a change of any property that ecrane renders does is known.

use std::collections::BTreeSet;

use ecrane_config::Config;
use ecrane_core::{Graph, Style};
use ecrane_generate::{Dialect, config};
use serde_json::Value;

use crate::stack::Engine;
use crate::{Document, cloudformation, terraform};

/// How many configs are rendered. The generator covers every key of the config in fewer.
const CONFIGS: u64 = 400;

/// Type and property of everything that a graph is rendered to.
fn rendered(graph: &Graph, found: &mut BTreeSet<(String, String)>) {
    let (cfn, tf) =
        (ecrane_cloudformation::Options::default(), ecrane_terraform::Options::default());
    let cloudformation = ecrane_cloudformation::render(graph, &cfn);
    let terraform = ecrane_terraform::render(graph, &tf);
    let files: Vec<_> = [cloudformation, terraform].into_iter().flatten().collect();
    for file in files.iter().flat_map(|rendered| &rendered.files) {
        let text = String::from_utf8(file.to_vec(Style::Compact).unwrap()).unwrap();
        let Ok(Document::Stack(stack)) = Document::parse(&text) else { continue };
        for resource in stack.resources.values() {
            let names = resource.properties.keys();
            found.extend(names.map(|name| (resource.kind.clone(), name.clone())));
        }
    }
}

#[test]
fn the_impact_of_every_rendered_property_is_known() {
    let mut found = BTreeSet::new();
    for seed in 0..CONFIGS {
        let mut config = config(Dialect::Ecrane, seed);
        // Overrides set what they like.
        if let Value::Object(config) = &mut config {
            config.retain(|key, _| key != "overrides");
        }
        let config: Config = serde_json::from_value(config).unwrap();
        if let Ok(graph) = config.build() {
            rendered(&graph, &mut found);
        }
    }
    let is_known = |(kind, name): &&(String, String)| {
        let name = name.as_str();
        let of_template = cloudformation::properties::of(kind).is_some_and(|row| {
            [row.replace, row.may_replace, row.update].iter().any(|it| it.contains(&name))
        });
        let of_module = terraform::provider::of(kind)
            .is_some_and(|row| [row.replace, row.update].iter().any(|it| it.contains(&name)));
        of_template || of_module
    };
    let unknown: Vec<_> = found.iter().filter(|it| !is_known(it)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    // The configs have nearly all types, so that the tables are seen to be complete.
    let kinds: BTreeSet<&str> = found.iter().map(|(kind, _)| kind.as_str()).collect();
    for (engine, table) in [
        (
            Engine::CloudFormation,
            cloudformation::properties::TABLE.iter().map(|it| it.name).collect(),
        ),
        (
            Engine::Terraform,
            terraform::provider::TABLE.iter().map(|it| it.name).collect::<Vec<_>>(),
        ),
    ] {
        let unseen: Vec<_> = table.iter().filter(|it| !kinds.contains(**it)).collect();
        assert!(unseen.len() <= 6, "{engine:?}: {unseen:?}");
    }
}
