//! Test vectors: random configs with what the AWS CDK makes of them.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::failure::Failure;
use crate::generate::{self, Cdk};
use crate::judge::judge;

/// A config and the answer of the CDK to it.
#[derive(Debug, Clone)]
pub(crate) struct Vector {
    pub(crate) name: String,
    pub(crate) config: Value,
    pub(crate) expected: Value,
}

/// The vectors of `count` seeds from `seed` on, without those to which the CDK answers one thing now and another then.
pub(crate) fn random(cdk: Cdk, seed: u64, count: u64) -> Result<Vec<Vector>, Failure> {
    let seeds = seed..seed + count;
    let configs: Vec<_> = seeds.clone().map(|seed| generate::config(cdk, seed)).collect();
    let answers = judge(&configs)?;
    // In another order, so that what one config leaves behind in CDK's memory shows in the next.
    let again = judge(&configs.iter().rev().cloned().collect::<Vec<_>>())?;
    let vectors = seeds.zip(configs).zip(answers).zip(again.into_iter().rev());
    let vectors = vectors.filter(|((_, first), second)| first == second).map(
        |(((seed, config), expected), _)| Vector {
            name: format!("random-{}-{seed:05}", cdk.as_str()),
            config,
            expected,
        },
    );
    Ok(vectors.collect())
}

/// Writes each vector to a file of its name.
pub(crate) fn write(folder: &Path, vectors: &[Vector]) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    for Vector { name, config, expected } in vectors {
        let path = folder.join(format!("{name}.json"));
        let text =
            format!("{:#}\n", json!({ "name": name, "config": config, "expected": expected }));
        fs::write(&path, text).map_err(Failure::file(&path))?;
    }
    Ok(())
}
