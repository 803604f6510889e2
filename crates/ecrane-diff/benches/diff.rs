//! How long it takes to compare stacks of 10,000 repositories.

use criterion::{Criterion, criterion_group, criterion_main};
use ecrane_diff::{Document, Engine, Stack, StackEnvironment, StackPair, access_changes, compare};
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

/// A template of repositories on which everybody has these actions.
fn granted(actions: &[&str]) -> Stack {
    let statement = |principal: Value, actions: &[&str]| {
        json!({ "Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": principal, "Action": actions
        }] })
    };
    let repository = |index: usize| {
        let policy = statement(json!("*"), actions);
        let name = format!("app/r{index}");
        let properties = json!({ "RepositoryName": name, "RepositoryPolicyText": policy });
        (format!("R{index}"), json!({ "Type": "AWS::ECR::Repository", "Properties": properties }))
    };
    let resources: Map<String, Value> = (0..10_000).map(repository).collect();
    match Document::from_json(json!({ "Resources": resources })) {
        Ok(Document::Stack(stack)) => stack,
        Ok(Document::Files(_)) | Err(_) => Stack::empty(Engine::CloudFormation),
    }
}

fn access(criterion: &mut Criterion) {
    let pull = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
    let (before, after) = (granted(&[]), granted(&pull));
    let environment = StackEnvironment::default();
    let pair = [StackPair { name: "Registry", before: &before, after: &after, environment }];
    assert_eq!(access_changes(&pair).changes.len(), 10_000);
    criterion.bench_function("access to 10,000 repositories", |bench| {
        bench.iter(|| access_changes(&pair));
    });
}

criterion_group!(benches, diff, access);
criterion_main!(benches);
