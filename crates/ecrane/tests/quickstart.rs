//! The quickstart as a config and as a program come to the same bytes.

#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

use std::path::Path;

use ecrane::cloudformation::CloudFormation;
use ecrane::config::Document;
use ecrane::terraform::Terraform;
use ecrane::{Backend, Graph, Style, schema};

#[path = "../../../examples/quickstart/quickstart.rs"]
#[expect(dead_code, reason = "its main is for `cargo run --example quickstart`")]
mod quickstart;

fn rendered(graph: &Graph) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let (cloudformation, terraform) = (CloudFormation::default(), Terraform::default());
    for backend in [&cloudformation as &dyn Backend, &terraform] {
        for file in backend.render(graph).unwrap().files {
            files.push((file.path.clone(), file.to_vec(Style::Pretty).unwrap()));
        }
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
