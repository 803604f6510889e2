//! How long the matrix of many repositories takes, at two sizes: twice the repositories take twice
//! the time.

#![expect(clippy::unwrap_used, reason = "a bench stops where something is not as it should be")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use ecrane_access::{Context, Matrix, Permissions, Query, lint};
use ecrane_config::{Document, Format};
use ecrane_core::Graph;
use serde_json::{Map, Value, json};

fn graph(config: &Value) -> Graph {
    let document = Document::parse("ecrane.json", Format::Json, &config.to_string()).unwrap();
    document.decode().unwrap().build().unwrap()
}

/// Repositories with a role each.
fn with_roles(count: usize) -> Value {
    let stack = |first: usize| {
        let numbers = || first..count.min(first + 100);
        let role = |number| {
            let role = json!({ "assumedBy": { "service": "codebuild.amazonaws.com" }, "roleName": format!("ci-{number}") });
            (format!("Ci{number}"), json!({ "role": role }))
        };
        let repository = |number| {
            let grants = json!([{ "to": format!("Ci{number}"), "allow": "pullPush" }]);
            let name = format!("shop/service-{number}");
            (format!("Service{number}"), json!({ "repositoryName": name, "grants": grants }))
        };
        let stack = json!({
            "env": { "account": "111122223333", "region": "eu-west-1" },
            "principals": numbers().map(role).collect::<Map<_, _>>(),
            "repositories": numbers().map(repository).collect::<Map<_, _>>(),
        });
        (format!("Registry{first}"), stack)
    };
    let stacks: Map<_, _> = (0..count).step_by(100).map(stack).collect();
    json!({ "stacks": stacks })
}

fn matrix(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("access to repositories");
    group.sample_size(10);
    for count in [1000, 2000] {
        let graph = graph(&ecrane_generate::many(count));
        let permissions = Permissions::new(&graph);
        let roles = Permissions::new(&self::graph(&with_roles(count)));
        let query = Query {
            principal: "arn:aws:iam::444455556666:role/app".to_owned(),
            action: "ecr:BatchGetImage".to_owned(),
            repository: Some("shop/service-7".to_owned()),
            context: Context::default(),
            assume_identity_allows: true,
        };
        group.throughput(Throughput::Elements(count as u64));
        let mut bench = |name: &str, run: &dyn Fn()| {
            group.bench_function(BenchmarkId::new(name, count), |b| b.iter(run));
        };
        bench("permissions", &|| drop(Permissions::new(black_box(&graph))));
        bench("matrix", &|| drop(Matrix::of(black_box(&permissions))));
        bench("matrix with a role each", &|| drop(Matrix::of(black_box(&roles))));
        bench("lint", &|| drop(lint(black_box(&graph))));
        bench("decide", &|| drop(permissions.decide(black_box(&query))));
    }
    group.finish();
}

criterion_group!(benches, matrix);
criterion_main!(benches);
