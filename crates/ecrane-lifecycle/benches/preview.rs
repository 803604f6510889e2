//! A repository of a million images.
//!
//! `cargo bench -p ecrane-lifecycle` measures reading a listing and evaluating it. With `--once`,
//! each is done once, for a look at the memory that it takes.

#![expect(clippy::panic, reason = "a bench fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group};
use ecrane_lifecycle::LifecyclePolicy;
use ecrane_lifecycle::preview::{ImageListing, Preview, Schedule, Strictness, Timestamp};

const IMAGES: u32 = 1_000_000;

const POLICY: &str = r#"{"rules": [
    {"rulePriority": 1, "selection": {"tagStatus": "tagged", "tagPrefixList": ["prod-"], "countType": "imageCountMoreThan", "countNumber": 9999}, "action": {"type": "expire"}},
    {"rulePriority": 2, "selection": {"tagStatus": "tagged", "tagPatternList": ["v*.*.*"], "countType": "imageCountMoreThan", "countNumber": 100}, "action": {"type": "expire"}},
    {"rulePriority": 3, "selection": {"tagStatus": "tagged", "tagPrefixList": ["pr-"], "countType": "sinceImagePushed", "countNumber": 14, "countUnit": "days"}, "action": {"type": "expire"}},
    {"rulePriority": 4, "selection": {"tagStatus": "untagged", "countType": "sinceImagePushed", "countNumber": 7, "countUnit": "days"}, "action": {"type": "expire"}},
    {"rulePriority": 5, "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 500000}, "action": {"type": "expire"}}
]}"#;

fn now() -> Timestamp {
    "2026-03-15T12:00:00Z".parse().unwrap_or_else(|error| panic!("{error}"))
}

/// What `aws ecr describe-images` prints, with its white space.
fn listing() -> String {
    let mut text = String::from("{\n    \"imageDetails\": [\n");
    for number in 0..IMAGES {
        let separator = if number == 0 { "" } else { ",\n" };
        let tags = match number % 4 {
            0 => format!("\n                \"prod-{number}\"\n            "),
            1 => format!(
                "\n                \"v1.{number}.0\",\n                \"{number:040x}\"\n            "
            ),
            2 => format!("\n                \"pr-{number}\"\n            "),
            _ => String::new(),
        };
        let tags = match tags.as_str() {
            "" => String::new(),
            tags => format!("            \"imageTags\": [{tags}],\n"),
        };
        // Scattered over about a year, in no order.
        let minutes = u64::from(number) * 7_919 % 525_600;
        let (day, hour, minute) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
        let (month, day) = (1 + day / 28 % 12, 1 + day % 28);
        let result = write!(
            text,
            "{separator}        {{\n            \"registryId\": \"111122223333\",\n            \"repositoryName\": \"shop/app\",\n            \"imageDigest\": \"sha256:{number:064x}\",\n{tags}            \"imageSizeInBytes\": {},\n            \"imagePushedAt\": \"2025-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}.123000+01:00\",\n            \"imageManifestMediaType\": \"application/vnd.oci.image.manifest.v1+json\",\n            \"artifactMediaType\": \"application/vnd.oci.image.config.v1+json\",\n            \"lastRecordedPullTime\": \"2026-03-01T08:15:30.456000+01:00\",\n            \"imageStatus\": \"ACTIVE\"\n        }}",
            20_000_000 + number,
            number % 60,
        );
        result.unwrap_or_else(|error| panic!("{error}"));
    }
    text.push_str("\n    ]\n}\n");
    text
}

fn policy() -> LifecyclePolicy {
    LifecyclePolicy::parse(POLICY).unwrap_or_else(|problems| panic!("{problems}")).0
}

fn read(text: &str) -> ImageListing {
    ImageListing::parse(text).unwrap_or_else(|problems| panic!("{problems}"))
}

fn million(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a million images");
    group.sample_size(10).measurement_time(Duration::from_secs(20));
    let (text, policy) = (listing(), policy());
    group.bench_function("read", |bencher| bencher.iter(|| read(black_box(&text))));
    let listing = read(&text);
    drop(text);
    group.bench_function("preview", |bencher| {
        bencher.iter(|| {
            Preview::new(black_box(&policy), black_box(&listing), now())
                .summary(Strictness::Certain)
        });
    });
    group.bench_function("90 days", |bencher| {
        bencher.iter(|| Schedule::new(black_box(&policy), black_box(&listing), now(), 90));
    });
}

criterion_group!(benches, million);

#[expect(clippy::print_stdout, reason = "a measurement is for people")]
fn once() {
    let (text, policy) = (listing(), policy());
    println!("text: {} MB", text.len() / 1_000_000);
    let start = std::time::Instant::now();
    let listing = read(&text);
    println!("read: {:?}", start.elapsed());
    // The listing owns what it keeps.
    drop(text);
    let start = std::time::Instant::now();
    let preview = Preview::new(&policy, &listing, now());
    println!("preview: {:?}", start.elapsed());
    println!("summary: {:?}", preview.summary(Strictness::Certain));
    let start = std::time::Instant::now();
    let days = Schedule::new(&policy, &listing, now(), 90).days.len();
    println!("90 days: {:?}, with departures on {days}", start.elapsed());
}

fn main() {
    if std::env::args().any(|argument| argument == "--once") {
        once();
    } else {
        benches();
        Criterion::default().configure_from_args().final_summary();
    }
}
