//! How many allocations a repository takes at each step from a text to documents.
//!
//! Allocations do not depend on the machine or its load, as time does, and half of a run is spent on
//! them. The bounds are a tenth above what the steps take. A step that exceeds its bound has a new
//! clone somewhere, or does more: find the clone, or raise the bound and say why.

#![cfg(all(feature = "cloudformation", feature = "terraform", feature = "schema"))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::cell::RefCell;
use std::io;

use ecrane::config::{Config, Document, Format};
use ecrane::{Graph, Style, cloudformation, schema, terraform};

/// Two sizes, both of one stack, which is done on one thread.
const SIZES: [usize; 2] = [50, 150];

fn parse(text: &str) -> Document {
    Document::parse("ecrane.json", Format::Json, text).unwrap()
}

fn decode(document: &Document) -> Config {
    schema::load(document).unwrap()
}

fn templates(graph: &Graph) {
    for file in cloudformation::render(graph, &cloudformation::Options::default()).unwrap().files {
        file.write(&mut io::sink(), Style::Pretty).unwrap();
    }
}

fn modules(graph: &Graph) {
    for file in terraform::render(graph, &terraform::Options::default()).unwrap().files {
        file.write(&mut io::sink(), Style::Pretty).unwrap();
    }
}

/// Parses and decodes without a tree of the whole.
fn read(text: &str) -> Config {
    Document::parse_and_decode("ecrane.json", Format::Json, text.to_owned()).unwrap().1.unwrap()
}

/// The allocations of all steps, for a config with some repositories.
fn allocations(repositories: usize) -> [u64; 6] {
    let text = ecrane_generate::many(repositories).to_string();
    let document = parse(&text);
    let config = decode(&document);
    let graph = config.build().unwrap();
    assert_eq!(graph.stacks().len(), 1);
    // A graph takes its config.
    let copies = RefCell::new(vec![config.clone(), config]);
    let steps: [&dyn Fn(); 6] = [
        &|| drop(parse(&text)),
        &|| drop(decode(&document)),
        &|| drop(read(&text)),
        &|| drop(copies.borrow_mut().pop().unwrap().into_graph().unwrap()),
        &|| templates(&graph),
        &|| modules(&graph),
    ];
    steps.map(|step| {
        // Tables that are made once are made here.
        step();
        allocation_counter::measure(step).count_total
    })
}

#[test]
fn a_repository_takes_few_allocations() {
    let [few, many] = SIZES.map(allocations);
    let names = ["parse", "decode", "read", "build", "cloudformation", "terraform"];
    let bounds: [u64; 6] = [48, 38, 85, 182, 45, 128];
    let more = SIZES.map(|size| u64::try_from(size).unwrap());
    let taken = few.iter().zip(many).map(|(few, many)| (many - few) / (more[1] - more[0]));
    let taken: Vec<_> = taken.zip(bounds).zip(names).collect();
    let is_within = taken.iter().all(|((taken, bound), _)| taken <= bound);
    assert!(is_within, "allocations for a repository, and the bound: {taken:?}");
}
