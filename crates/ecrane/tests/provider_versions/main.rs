//! Every module is one that the provider takes which it asks for, and no older one would do.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod provider;

use std::fs;
use std::path::{Path, PathBuf};

use ecrane::config::{self, Config, Document, Format};
use ecrane::terraform::{Backend, Layout, Options, Settings, VersionConstraint, render};
use ecrane::{Graph, Style, schema};
use ecrane_generate::Dialect;
use provider::{Provider, Version, providers, version};
use serde_json::{Value, json};

/// How many random configs of each dialect are judged.
const COUNT: u64 = 150;

struct Case {
    name: String,
    config: Config,
    graph: Graph,
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn entries(folder: &str) -> Vec<PathBuf> {
    let mut paths: Vec<_> =
        fs::read_dir(repository(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{folder} is empty");
    paths
}

/// The config of a document; nothing where it is to be refused.
fn case(name: String, document: &Document) -> Option<Case> {
    let config = schema::load(document).ok()?;
    let graph = config.build().ok()?;
    Some(Case { name, config, graph })
}

fn parsed(name: String, config: &Value) -> Option<Case> {
    case(name, &Document::parse("ecrane.json", Format::Json, &config.to_string()).unwrap())
}

/// The configs that the suites render.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for path in entries("crates/ecrane-cloudformation/tests/vectors") {
        if path.extension().is_some_and(|extension| extension == "json") {
            let vector: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            cases.extend(parsed(path.display().to_string(), &vector["config"]));
        }
    }
    let examples = entries("examples").into_iter().map(|folder| folder.join("ecrane.yaml"));
    let updates = entries("crates/xtask/cases/updates")
        .into_iter()
        .flat_map(|folder| [folder.join("before.yaml"), folder.join("after.yaml")]);
    let configs = entries("crates/xtask/cases").into_iter().filter(|path| path.is_file());
    for path in examples.chain(configs).chain(updates) {
        let name = path.display().to_string();
        cases.push(case(name, &Document::load(&path).unwrap()).unwrap());
    }
    for dialect in [Dialect::Cdk1, Dialect::Cdk2, Dialect::Ecrane] {
        for seed in 0..COUNT {
            let name = format!("random-{}-{seed}", dialect.as_str());
            cases.extend(parsed(name, &ecrane_generate::config(dialect, seed)));
        }
    }
    assert!(cases.len() > 600, "only {} configs", cases.len());
    cases
}

fn pin(terraform: Option<&config::element::Terraform>) -> Option<VersionConstraint> {
    let text = terraform?.aws_provider.as_deref()?;
    Some(VersionConstraint::try_from(text).unwrap())
}

/// A backend that every stack can read, and the versions that a config asks for, or none.
fn options(config: &Config, layout: Layout, pinned: bool) -> Options {
    let backend = Backend {
        kind: "s3".to_owned(),
        arguments: [("bucket".to_owned(), json!("states"))].into_iter().collect(),
    };
    let settings = |terraform| Settings {
        aws_provider: pin(terraform).filter(|_| pinned),
        backend: Some(backend.clone()),
        ..Settings::default()
    };
    let own = config.stacks.iter().flat_map(|(id, stack)| {
        let own = settings(stack.terraform.as_ref().or(config.terraform.as_ref()));
        stack.deployed_ids(id).into_iter().map(move |id| (id, own.clone()))
    });
    Options { layout, stacks: own.collect(), ..Options::default() }
}

/// The modules of a config, each with the versions of the provider that it asks for.
fn modules(case: &Case, options: &Options) -> Vec<(Value, String)> {
    // What the config pins may lack what it uses, which is refused.
    let Ok(output) = render(&case.graph, options) else { return Vec::new() };
    let modules = output.files.iter().filter(|file| file.stack.is_some()).map(|file| {
        let module: Value = serde_json::from_slice(&file.to_vec(Style::Compact).unwrap()).unwrap();
        let constraint = &module["terraform"]["required_providers"]["aws"]["version"];
        let constraint = constraint.as_str().unwrap().to_owned();
        (module, constraint)
    });
    modules.collect()
}

/// The lowest version that a constraint may mean.
fn lowest(constraint: &str) -> Version {
    let terms = constraint.split(',').map(str::trim);
    let bounds = terms.filter(|term| !term.starts_with('<') && !term.starts_with('!'));
    bounds.map(|term| version(term.trim_start_matches(['~', '>', '=', ' ']))).max().unwrap()
}

/// Whether a constraint allows a version.
fn allows(constraint: &str, provider: &Provider) -> bool {
    let (major, minor, patch) = provider.version;
    let known = ecrane::terraform::Version::new(major, minor, patch);
    let constraint_of_ours = VersionConstraint::try_from(constraint).unwrap();
    lowest(constraint) <= provider.version && constraint_of_ours.reaches(known)
}

#[test]
fn every_version_that_a_module_allows_takes_it() {
    let providers = providers();
    let mut judged = vec![0; providers.len()];
    for case in cases() {
        for layout in [Layout::Plain, Layout::Cdktf] {
            for (module, constraint) in modules(&case, &options(&case.config, layout, true)) {
                let allowed = providers.iter().zip(&mut judged);
                for (provider, judged) in allowed.filter(|(it, _)| allows(&constraint, it)) {
                    let wrong = provider.judge(&module);
                    let (name, version) = (&case.name, provider.version);
                    assert!(wrong.is_empty(), "{name}, {constraint}, {version:?}: {wrong:#?}");
                    *judged += 1;
                }
            }
        }
    }
    assert!(judged.iter().all(|count| *count > 100), "{judged:?}");
}

/// Where no version is pinned, a module asks for the first that has all that it uses.
#[test]
fn the_version_before_refuses_what_a_module_uses() {
    let providers = providers();
    let mut refused = std::collections::BTreeMap::<Version, usize>::new();
    for case in cases() {
        for (module, constraint) in modules(&case, &options(&case.config, Layout::Plain, false)) {
            let needed = lowest(&constraint);
            let before = providers.iter().rfind(|provider| provider.version < needed);
            let Some(before) = before else { continue };
            let wrong = before.judge(&module);
            let (name, version) = (&case.name, before.version);
            assert!(!wrong.is_empty(), "{name} needs {constraint}, and {version:?} takes it");
            *refused.entry(needed).or_default() += 1;
        }
    }
    let versions: Vec<_> = refused.keys().copied().collect();
    assert_eq!(versions, [(6, 8, 0), (6, 10, 0), (6, 28, 0), (6, 29, 0)], "{refused:?}");
}

/// The judge itself: what it has to find.
#[test]
fn what_a_provider_does_not_take_is_found() {
    let repository =
        |arguments: Value| json!({ "resource": { "aws_ecr_repository": { "app": arguments } } });
    let filter = json!({ "filter": "v*", "filter_type": "WILDCARD" });
    let scanning = json!({ "scan_on_push": true });
    let cases = [
        (repository(json!({ "name": "a", "//": {}, "lifecycle": {} })), None),
        (repository(json!({})), Some("lacks name")),
        (repository(json!({ "name": "a", "nam": "b" })), Some("nam is not an argument")),
        (repository(json!({ "name": "a", "arn": "b" })), Some("arn cannot be given")),
        (repository(json!({ "name": "a", "tags": "b" })), Some("tags is not a stringMap")),
        (repository(json!({ "name": ["a"] })), Some("name is not a string")),
        (
            repository(
                json!({ "name": "a", "image_scanning_configuration": [scanning, scanning] }),
            ),
            Some("has 2 blocks"),
        ),
        (
            repository(json!({ "name": "a", "image_scanning_configuration": [{}] })),
            Some("lacks scan_on_push"),
        ),
        (
            repository(json!({ "name": "a", "image_tag_mutability_exclusion_filter": [filter] })),
            Some("image_tag_mutability_exclusion_filter is not an argument"),
        ),
        (
            repository(json!({ "name": "a", "image_tag_mutability": "MUTABLE_WITH_EXCLUSION" })),
            Some("cannot be \"MUTABLE_WITH_EXCLUSION\""),
        ),
        (
            json!({ "resource": { "aws_ecr_pull_time_update_exclusion": { "a": {} } } }),
            Some("there is no resource"),
        ),
        (
            json!({ "output": { "a": { "value": "${data.aws_region.current.region}" } } }),
            Some("aws_region has no attribute region"),
        ),
        (json!({ "output": { "a": { "value": "$${data.aws_region.current.region}" } } }), None),
    ];
    let providers = providers();
    let provider = &providers[0];
    for (module, found) in cases {
        let wrong = provider.judge(&module);
        match found {
            None => assert!(wrong.is_empty(), "{module}: {wrong:?}"),
            Some(text) => assert!(wrong.iter().any(|w| w.contains(text)), "{module}: {wrong:?}"),
        }
    }
}
