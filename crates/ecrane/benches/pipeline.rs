//! How long each step from a file to documents takes, for a thousand repositories.

#![expect(clippy::unwrap_used, reason = "a bench stops where something is not as it should be")]

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use ecrane::config::{Document, Format};
use ecrane::{cloudformation, schema, terraform};

/// Ten stacks of a hundred repositories each, with rules and a role that may push to all of them.
fn config() -> String {
    let mut text = "stacks:\n".to_owned();
    for stack in 0..10 {
        let _ = write!(
            text,
            "  Stack{stack}:
    principals:
      Ci: {{ role: {{ assumedBy: {{ service: codebuild.amazonaws.com }} }} }}
    repositories:\n"
        );
        for repository in 0..100 {
            let _ = writeln!(
                text,
                "      Service{repository}:
        repositoryName: stack-{stack}/service-{repository}
        imageScanOnPush: true
        imageTagMutability: IMMUTABLE
        tags: {{ team: shop, service: service-{repository} }}
        lifecycleRules:
          - {{ tagPrefixList: [prod], maxImageCount: 9999 }}
          - {{ maxImageAge: 30d }}
        grants:
          - {{ to: Ci, allow: pullPush }}
          - {{ to: {{ account: '444455556666' }}, allow: pull }}"
            );
        }
    }
    text
}

fn pipeline(criterion: &mut Criterion) {
    let text = config();
    let parse = || Document::parse("ecrane.yaml", Format::Yaml, &text).unwrap();
    let document = parse();
    let config = schema::load(&document).unwrap();
    let graph = config.build().unwrap();

    let mut group = criterion.benchmark_group("1000 repositories");
    group.sample_size(20);
    group.bench_function("parse", |b| b.iter(|| black_box(parse())));
    group.bench_function("decode", |b| b.iter(|| schema::load(black_box(&document)).unwrap()));
    group.bench_function("build", |b| b.iter(|| black_box(&config).build().unwrap()));
    group.bench_function("cloudformation", |b| {
        b.iter(|| {
            for template in cloudformation::render(black_box(&graph)).unwrap().iter() {
                template.write(std::io::sink(), cloudformation::Style::Pretty).unwrap();
            }
        });
    });
    group.bench_function("terraform", |b| {
        b.iter(|| {
            let options = terraform::Options::default();
            for file in terraform::render(black_box(&graph), &options).unwrap().files {
                file.document.write(&mut std::io::sink(), terraform::Style::Pretty).unwrap();
            }
        });
    });
    group.finish();
}

criterion_group!(benches, pipeline);
criterion_main!(benches);
