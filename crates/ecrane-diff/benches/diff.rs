//! How long it takes to compare stacks of 10,000 repositories.

use criterion::{Criterion, criterion_group, criterion_main};
use ecrane_diff::{Document, Engine, Stack, compare};
use serde_json::{Map, Value, json};

/// A template in which every tenth repository is called differently by `word`.
fn template(word: &str) -> Stack {
    let repository = |index: usize| {
        let word = if index.is_multiple_of(10) { word } else { "app" };
        let properties = json!({ "RepositoryName": format!("{word}/r{index}") });
        (format!("R{index}"), json!({ "Type": "AWS::ECR::Repository", "Properties": properties }))
    };
    let resources: Map<String, Value> = (0..10_000).map(repository).collect();
    match Document::from_json(json!({ "Resources": resources })) {
        Ok(Document::Stack(stack)) => stack,
        Ok(Document::Files(_)) | Err(_) => Stack::empty(Engine::CloudFormation),
    }
}

fn diff(criterion: &mut Criterion) {
    let (before, after) = (template("app"), template("web"));
    assert_eq!(compare("Registry", &before, &after).len(), 1000);
    criterion.bench_function("10,000 repositories, 1,000 replaced", |bench| {
        bench.iter(|| compare("Registry", &before, &after));
    });
}

criterion_group!(benches, diff);
criterion_main!(benches);
