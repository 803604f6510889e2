//! The quickstart as a config and as a program come to the same bytes.

#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

use std::path::Path;

use ecrane::config::Document;
use ecrane::{Graph, cloudformation, schema, terraform};

#[path = "../../../examples/quickstart/quickstart.rs"]
#[expect(dead_code, reason = "its main is for `cargo run --example quickstart`")]
mod quickstart;

fn rendered(graph: &Graph) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for template in cloudformation::render(graph).unwrap().iter() {
        let mut text = Vec::new();
        template.write(&mut text, cloudformation::Style::Pretty).unwrap();
        files.push((template.stack().name.clone(), text));
    }
    for file in terraform::render(graph, &terraform::Options::default()).unwrap().files {
        let mut text = Vec::new();
        file.document.write(&mut text, terraform::Style::Pretty).unwrap();
        files.push((file.path.clone(), text));
    }
    files
}

#[test]
fn the_program_makes_the_same_bytes_as_the_config() {
    let config =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/quickstart/ecrane.yaml");
    let config = schema::load(&Document::load(&config).unwrap()).unwrap();
    let of_config = rendered(&config.build().unwrap());
    assert_eq!(of_config.len(), 2);
    assert_eq!(rendered(&quickstart::graph().unwrap()), of_config);
}
