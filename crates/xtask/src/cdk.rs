//! Compares `ecrane` with the AWS CDK: both must produce the same templates, with the same
//! construct paths in their metadata if the CLI requests them, or both must reject the config.

use std::collections::BTreeMap;
use std::path::Path;

use ecrane_generate::{Dialect, shrink};
use serde_json::{Value, json};

use crate::ecrane::{Answer, Ecrane};
use crate::failure::Failure;
use crate::judge::Judge;
use crate::report::{Tally, missing, say};
use crate::tools;
use crate::vectors::{self, Vector};

/// The default number of random configs for each CDK version.
pub(crate) const COUNT: u64 = 110;

/// The default directory for failing configs.
pub(crate) const KEEP: &str = "target/xtask/disagreements";

/// Compares the vectors and `count` random configs for each CDK version, and writes failing configs
/// to `folder`.
pub(crate) fn run(seed: u64, count: u64, folder: &Path) -> Result<Tally, Failure> {
    if !tools::has("node") || !tools::has("npm") {
        return missing("node and npm, which run the AWS CDK");
    }
    let ecrane = Ecrane::build("conformance")?;
    let mut judge = Judge::start()?;
    let mut tally = Tally::default();
    let mut vectors = vectors::kept()?;
    for vector in &mut vectors {
        // The vector contains a recorded answer.
        let answer = judge.ask(&vector.config)?;
        if answer != vector.expected {
            say(format_args!("{}: the CDK's answer differs from the vector", vector.name))?;
            tally.failed += 1;
            vector.expected = answer;
        }
    }
    let mut random = [0; 2];
    for (dialect, random) in [Dialect::Cdk1, Dialect::Cdk2].into_iter().zip(&mut random) {
        let found = vectors::random(&mut judge, dialect, seed, count)?;
        *random = found.len();
        vectors.extend(found);
    }
    let [first, second] = random;
    say(format_args!(
        "{} vectors, {first} random configs for CDK 1 and {second} for CDK 2 from seed {seed}",
        vectors.len() - first - second
    ))?;
    for (name, config) in ecrane_generate::refusals(seed) {
        let expected = judge.ask(&config)?;
        if expected.get("templates").is_some() == name.ends_with("-faulty") {
            say(format_args!("{name}: the CDK does not judge it as it is named: {expected}"))?;
            tally.failed += 1;
        }
        vectors.push(Vector { name, config, expected });
    }
    for (name, config) in ecrane_generate::cases() {
        let expected = judge.ask(&config)?;
        vectors.push(Vector { name, config, expected });
    }
    for Vector { name, config, expected } in vectors {
        let disagreement = match compare(&ecrane, &config, &expected)? {
            None => compare_paths(&ecrane, &mut judge, &config)?,
            found => found,
        };
        let Some(disagreement) = disagreement else {
            tally.passed += 1;
            continue;
        };
        tally.failed += 1;
        say(format_args!("{name}: {disagreement}"))?;
        let (config, expected) = smallest(&ecrane, &mut judge, &config, &disagreement)?;
        let kept = Vector { name, config, expected };
        vectors::write(folder, &kept)?;
        say(format_args!("{:#}", kept.config))?;
        say(format_args!("kept as {}", folder.join(format!("{}.json", kept.name)).display()))?;
    }
    Ok(tally)
}

/// A disagreement about a config.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Disagreement {
    /// The templates differ; the first difference is at this place.
    Different { place: String },
    /// The construct paths of resources differ; the first difference is at this place.
    OtherPath { place: String },
    /// `ecrane` rejects a config that the CDK accepts.
    Refused { code: String, message: String },
    /// `ecrane` accepts a config that the CDK rejects.
    Taken { error: String },
}

impl Disagreement {
    /// Whether both are of the same kind, and probably have the same cause.
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Different { .. }, Self::Different { .. })
            | (Self::OtherPath { .. }, Self::OtherPath { .. })
            | (Self::Taken { .. }, Self::Taken { .. }) => true,
            (Self::Refused { code, .. }, Self::Refused { code: other, .. }) => code == other,
            _ => false,
        }
    }
}

impl std::fmt::Display for Disagreement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Different { place } => write!(f, "the templates differ at {place}"),
            Self::OtherPath { place } => write!(f, "the construct paths differ at {place}"),
            Self::Refused { code, message } => write!(f, "ecrane rejects it ({code}): {message}"),
            Self::Taken { error } => write!(f, "ecrane accepts it, the CDK rejects it: {error}"),
        }
    }
}

/// Compares the result of `ecrane` with the CDK's answer `expected`.
fn compare(
    ecrane: &Ecrane,
    config: &Value,
    expected: &Value,
) -> Result<Option<Disagreement>, Failure> {
    let answer = ecrane.synth(config, "cloudformation")?;
    Ok(match (answer, expected.get("templates").and_then(Value::as_object)) {
        (Answer::Refused(_), None) => None,
        (Answer::Refused(problems), Some(_)) => {
            let first = problems.into_iter().next();
            let (code, message) =
                first.map(|problem| (problem.code, problem.message)).unwrap_or_default();
            Some(Disagreement::Refused { code, message })
        }
        (Answer::Files(_), None) => {
            let error =
                expected.get("error").and_then(Value::as_str).unwrap_or_default().to_owned();
            Some(Disagreement::Taken { error })
        }
        (Answer::Files(files), Some(templates)) => {
            let actual: Value = files
                .into_iter()
                .map(|(name, template)| {
                    (name.trim_end_matches(".template.json").to_owned(), template)
                })
                .collect::<serde_json::Map<_, _>>()
                .into();
            difference(&actual, &Value::from(templates.clone()))
                .map(|place| Disagreement::Different { place })
        }
    })
}

/// Compares the construct paths in the templates of `config`.
fn compare_paths(
    ecrane: &Ecrane,
    judge: &mut Judge,
    config: &Value,
) -> Result<Option<Disagreement>, Failure> {
    let (_, expected) = judge.ask_with_paths(config)?;
    let context = json!({ "aws:cdk:enable-path-metadata": true });
    let Answer::Files(files) = ecrane.synth_as_cdk_app(config, &context)? else {
        return Ok(None);
    };
    Ok(difference(&paths(&files), &expected).map(|place| Disagreement::OtherPath { place }))
}

/// The construct paths in a cloud assembly, by stack name and logical ID.
fn paths(files: &BTreeMap<String, Value>) -> Value {
    let manifest = files.get("manifest.json");
    let artifacts = manifest.and_then(|manifest| manifest.get("artifacts")?.as_object());
    let mut stacks = serde_json::Map::new();
    for (artifact, value) in artifacts.into_iter().flatten() {
        let Some(properties) = value.get("properties") else { continue };
        let property = |key: &str| properties.get(key).and_then(Value::as_str).unwrap_or_default();
        let template = files.get(property("templateFile"));
        let resources = template.and_then(|template| template.get("Resources")?.as_object());
        let paths = resources.into_iter().flatten().map(|(id, resource)| {
            let path = resource.pointer("/Metadata/aws:cdk:path").cloned().unwrap_or_default();
            (id.clone(), path)
        });
        let paths: serde_json::Map<_, _> = paths.collect();
        // As in `judge.js`: another stack in another region can have the stack name.
        let name = property("stackName");
        let name = if stacks.contains_key(name) { artifact } else { name };
        stacks.insert(name.to_owned(), paths.into());
    }
    stacks.into()
}

/// The first place at which two documents differ, as a JSON pointer.
fn difference(left: &Value, right: &Value) -> Option<String> {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            let missing = right.keys().filter(|key| !left.contains_key(*key));
            left.keys().chain(missing).find_map(|key| match (left.get(key), right.get(key)) {
                (Some(left), Some(right)) => {
                    difference(left, right).map(|place| format!("/{key}{place}"))
                }
                _ => Some(format!("/{key}")),
            })
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            left.iter().zip(right).enumerate().find_map(|(at, (left, right))| {
                difference(left, right).map(|place| format!("/{at}{place}"))
            })
        }
        _ => (left != right).then(String::new),
    }
}

/// The smallest config found with a disagreement like `first`, and the CDK's answer to it.
fn smallest(
    ecrane: &Ecrane,
    judge: &mut Judge,
    config: &Value,
    first: &Disagreement,
) -> Result<(Value, Value), Failure> {
    let mut expected = judge.ask(config)?;
    let smallest = shrink::smallest(config, |smaller| {
        let answer = judge.ask(smaller)?;
        let found = match first {
            Disagreement::OtherPath { .. } => compare_paths(ecrane, judge, smaller)?,
            Disagreement::Different { .. }
            | Disagreement::Refused { .. }
            | Disagreement::Taken { .. } => compare(ecrane, smaller, &answer)?,
        };
        let alike = found.is_some_and(|found| found.is_like(first));
        if alike {
            expected = answer;
        }
        Ok::<_, Failure>(alike)
    })?;
    Ok((smallest, expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_found() {
        for (left, right, place) in [
            (json!({ "a": 1 }), json!({ "a": 1 }), None),
            (json!({ "a": 1, "b": 2 }), json!({ "b": 2, "a": 1 }), None),
            (json!({ "a": [1, { "b": 2 }] }), json!({ "a": [1, { "b": 3 }] }), Some("/a/1/b")),
            (json!({ "a": [1] }), json!({ "a": [1, 2] }), Some("/a")),
            (json!({}), json!({ "a": null }), Some("/a")),
            (json!({ "a": null }), json!({}), Some("/a")),
        ] {
            assert_eq!(difference(&left, &right).as_deref(), place, "{left} {right}");
        }
    }
}
