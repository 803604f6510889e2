//! The configs whose CloudFormation is known, rendered to Terraform.

use std::fs;
use std::path::Path;

use ecrane_config::Config;
use ecrane_core::{Graph, Severity};
use ecrane_terraform::{Backend, Options, Settings};
use indexmap::IndexMap;
use serde_json::json;

use crate::support::{cdktf, rendered_graph};

/// The graph of each config that is none to be refused, by the config's name.
pub(crate) fn graphs() -> Vec<(String, Graph)> {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../ecrane-cloudformation/tests/vectors");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let mut graphs = Vec::new();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|e| e == "json")) {
        let vector: serde_json::Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        if vector["expected"].get("templates").is_some() {
            let name = vector["name"].as_str().unwrap().to_owned();
            let config = serde_json::from_value::<Config>(vector["config"].clone())
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            let graph = config.build().unwrap_or_else(|problems| panic!("{name}: {problems}"));
            graphs.push((name, graph));
        }
    }
    assert!(graphs.len() > 200, "only {} vectors", graphs.len());
    graphs
}

/// Options with a backend, so that stacks can read each other's state.
pub(crate) fn with_backend() -> Options {
    let arguments = IndexMap::from([
        ("bucket".to_owned(), json!("state")),
        ("key".to_owned(), json!("registry")),
        ("region".to_owned(), json!("eu-west-1")),
    ]);
    let backend = Some(Backend { kind: "s3".to_owned(), arguments });
    Options { settings: Settings { backend, ..Settings::default() }, ..Options::default() }
}

#[test]
fn every_reference_of_every_config_resolves() {
    let mut refused = Vec::new();
    for (name, graph) in graphs() {
        for options in [with_backend(), cdktf()] {
            if let Err(problems) = ecrane_terraform::render(&graph, &options) {
                let errors = problems.iter().filter(|p| p.severity == Severity::Error);
                refused.extend(errors.map(|p| p.fact.code()));
                continue;
            }
            let output = rendered_graph(&graph, &options);
            assert!(output.files.len() >= graph.stacks().len(), "{name}");
            assert_eq!(output.files, rendered_graph(&graph, &options).files, "{name}");
        }
    }
    // CDKTF makes names that Terraform does not take, of ids that begin with other letters.
    assert!(refused.len() <= 4, "{refused:?}");
    assert!(refused.iter().all(|code| *code == "terraform::name_invalid"), "{refused:?}");
}
