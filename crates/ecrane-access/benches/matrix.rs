//! How long the matrix of many repositories takes, at two sizes: twice the repositories take twice
//! the time.

#![expect(clippy::unwrap_used, reason = "a bench stops where something is not as it should be")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use ecrane_access::{Context, Matrix, Permissions, Query, lint};
use ecrane_config::{Document, Format};

fn matrix(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("access to repositories");
    group.sample_size(10);
    for count in [1000, 2000] {
        let text = ecrane_generate::many(count).to_string();
        let document = Document::parse("ecrane.json", Format::Json, &text).unwrap();
        let graph = document.decode().unwrap().build().unwrap();
        let permissions = Permissions::new(&graph);
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
        bench("lint", &|| drop(lint(black_box(&graph))));
        bench("decide", &|| drop(permissions.decide(black_box(&query))));
    }
    group.finish();
}

criterion_group!(benches, matrix);
criterion_main!(benches);
