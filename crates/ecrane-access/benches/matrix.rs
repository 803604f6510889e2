//! How long the matrix of many repositories takes.

#![expect(clippy::unwrap_used, reason = "a bench stops where something is not as it should be")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use ecrane_access::{Matrix, Permissions, lint};
use ecrane_config::{Document, Format};

fn matrix(criterion: &mut Criterion) {
    let text = ecrane_generate::many(1000).to_string();
    let document = Document::parse("ecrane.json", Format::Json, &text).unwrap();
    let graph = document.decode().unwrap().build().unwrap();
    let mut group = criterion.benchmark_group("access to 1000 repositories");
    group.sample_size(10);
    group.bench_function("permissions", |b| b.iter(|| Permissions::new(black_box(&graph))));
    group.bench_function("matrix", |b| b.iter(|| Matrix::new(black_box(&graph))));
    group.bench_function("lint", |b| b.iter(|| lint(black_box(&graph))));
    group.finish();
}

criterion_group!(benches, matrix);
criterion_main!(benches);
