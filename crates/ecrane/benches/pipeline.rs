//! How long each step from a file to documents takes: for a thousand repositories like those that there are, and for
//! configs that use all of the format.

#![expect(clippy::unwrap_used, reason = "a bench stops where something is not as it should be")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use ecrane::config::{Config, Document, Format};
use ecrane::{
    Graph, LifecyclePolicy, LifecycleRule, Place, ResourceKind, Style, TagStatus, cloudformation,
    schema, terraform,
};
use ecrane_generate::Dialect;

fn parse(text: &str) -> Document {
    Document::parse("ecrane.json", Format::Json, text).unwrap()
}

fn write_templates(graph: &Graph) {
    let options = cloudformation::Options::default();
    for file in cloudformation::render(graph, &options).unwrap().files {
        file.write(&mut std::io::sink(), Style::Pretty).unwrap();
    }
}

fn write_modules(graph: &Graph) {
    let options = terraform::Options::default();
    for file in terraform::render(graph, &options).unwrap().files {
        file.write(&mut std::io::sink(), Style::Pretty).unwrap();
    }
}

fn many(criterion: &mut Criterion) {
    let text = ecrane_generate::many(1000).to_string();
    let document = parse(&text);
    let config = schema::load(&document).unwrap();
    let graph = config.build().unwrap();

    let mut group = criterion.benchmark_group("1000 repositories");
    group.sample_size(20);
    group.bench_function("parse", |b| b.iter(|| parse(black_box(&text))));
    group.bench_function("decode", |b| b.iter(|| schema::load(black_box(&document)).unwrap()));
    group.bench_function("parse and decode", |b| {
        b.iter(|| {
            Document::parse_and_decode("ecrane.json", Format::Json, black_box(text.clone()))
                .unwrap()
        });
    });
    group.bench_function("build", |b| b.iter(|| black_box(&config).build().unwrap()));
    group.bench_function("logical ids", |b| {
        b.iter(|| graph.resources().map(|(_, it)| it.path.logical_id().len()).sum::<usize>());
    });
    group.bench_function("ids of CDKTF", |b| {
        b.iter(|| graph.resources().map(|(_, it)| it.path.cdktf_id().len()).sum::<usize>());
    });
    group.bench_function("lifecycle policies", |b| {
        let rules = || {
            let days = Some("7d".parse().unwrap());
            let untagged = LifecycleRule {
                tag_status: Some(TagStatus::Untagged),
                max_image_age: days,
                ..LifecycleRule::default()
            };
            let others = LifecycleRule { max_image_count: Some(50), ..LifecycleRule::default() };
            [untagged, others].map(|rule| (Place::default(), rule))
        };
        b.iter(|| (0..1000).filter_map(|_| LifecyclePolicy::new(rules()).0).count());
    });
    group.bench_function("policies", |b| {
        let policies = graph.resources().filter_map(|(_, it)| {
            let ResourceKind::Repository(repository) = &it.kind else { return None };
            Some(&repository.policy)
        });
        let policies: Vec<_> = policies.collect();
        b.iter(|| policies.iter().map(|it| black_box(it.elements()).0.len()).sum::<usize>());
    });
    group.bench_function("cloudformation", |b| b.iter(|| write_templates(black_box(&graph))));
    group.bench_function("terraform", |b| b.iter(|| write_modules(black_box(&graph))));
    group.finish();
}

/// A random config on its way.
struct Sample {
    text: String,
    document: Document,
    config: Config,
    graph: Graph,
}

impl Sample {
    /// The one of a seed, if both backends take it.
    fn new(seed: u64) -> Option<Self> {
        let text = ecrane_generate::config(Dialect::Ecrane, seed).to_string();
        let document = parse(&text);
        let config = schema::load(&document).ok()?;
        let graph = config.build().ok()?;
        cloudformation::render(&graph, &cloudformation::Options::default()).ok()?;
        terraform::render(&graph, &terraform::Options::default()).ok()?;
        Some(Self { text, document, config, graph })
    }
}

fn random(criterion: &mut Criterion) {
    let samples: Vec<_> = (0..).filter_map(Sample::new).take(200).collect();

    let mut group = criterion.benchmark_group("200 random configs");
    group.sample_size(20);
    group.bench_function("parse", |b| {
        b.iter(|| samples.iter().for_each(|it| drop(parse(black_box(&it.text)))));
    });
    group.bench_function("decode", |b| {
        b.iter(|| samples.iter().for_each(|it| drop(schema::load(black_box(&it.document)))));
    });
    group.bench_function("build", |b| {
        b.iter(|| samples.iter().for_each(|it| drop(black_box(&it.config).build())));
    });
    group.bench_function("cloudformation", |b| {
        b.iter(|| samples.iter().for_each(|it| write_templates(black_box(&it.graph))));
    });
    group.bench_function("terraform", |b| {
        b.iter(|| samples.iter().for_each(|it| write_modules(black_box(&it.graph))));
    });
    group.finish();
}

criterion_group!(benches, many, random);
criterion_main!(benches);
