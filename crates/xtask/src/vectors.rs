//! Test vectors: configs with the templates that the AWS CDK synthesizes for them.

use std::fs;
use std::path::Path;

use ecrane_generate::Dialect;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::judge::Judge;
use crate::tools;

/// The directory of the project's vectors.
const FOLDER: &str = "crates/ecrane-cloudformation/tests/vectors";

/// A config and the CDK's answer to it.
#[derive(Debug, Clone)]
pub(crate) struct Vector {
    pub(crate) name: String,
    pub(crate) config: Value,
    pub(crate) expected: Value,
}

/// The vectors of the project, sorted by name.
pub(crate) fn kept() -> Result<Vec<Vector>, Failure> {
    let folder = tools::root().join(FOLDER);
    let mut paths = Vec::new();
    for entry in fs::read_dir(&folder).map_err(Failure::file(&folder))? {
        let path = entry.map_err(Failure::file(&folder))?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            paths.push(path);
        }
    }
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Result<Vector, Failure> {
    let text = fs::read_to_string(path).map_err(Failure::file(path))?;
    let mut vector: Value = serde_json::from_str(&text)
        .map_err(|source| Failure::Vector { path: path.to_owned(), source })?;
    let mut take = |key: &str| vector.get_mut(key).map(Value::take).unwrap_or_default();
    Ok(Vector {
        name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        config: take("config"),
        expected: take("expected"),
    })
}

/// The vectors of `count` seeds, starting at `seed`.
///
/// The CDK is asked in two orders, and configs with differing answers are omitted.
pub(crate) fn random(
    judge: &mut Judge,
    dialect: Dialect,
    seed: u64,
    count: u64,
) -> Result<Vec<Vector>, Failure> {
    let mut vectors = Vec::new();
    for seed in seed..seed + count {
        let config = ecrane_generate::config(dialect, seed);
        let expected = judge.ask(&config)?;
        vectors.push(Vector {
            name: format!("random-{}-{seed:05}", dialect.as_str()),
            config,
            expected,
        });
    }
    let mut steady = Vec::new();
    for vector in vectors.into_iter().rev() {
        if judge.ask(&vector.config)? == vector.expected {
            steady.push(vector);
        }
    }
    steady.reverse();
    Ok(steady)
}

/// Writes a vector to a file with its name.
pub(crate) fn write(
    folder: &Path,
    Vector { name, config, expected }: &Vector,
) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    let path = folder.join(format!("{name}.json"));
    let text = format!("{:#}\n", json!({ "name": name, "config": config, "expected": expected }));
    fs::write(&path, text).map_err(Failure::file(&path))
}
