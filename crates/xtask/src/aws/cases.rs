//! The configs to deploy: examples, cases for features that the examples do not use, and random
//! configs.

use std::fs;
use std::path::PathBuf;

use ecrane_generate::Dialect;
use serde_json::{Value, json};

use super::rendered::{ACCOUNT, REGION};
use super::update::{Expected, Update};
use crate::ecrane::{Answer, Ecrane};
use crate::failure::Failure;
use crate::{configs, tools};

/// A config to deploy.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) name: String,
    pub(super) config: PathBuf,
    /// Whether every run deploys the config.
    pub(super) is_fixed: bool,
}

/// The examples, and cases for features that the examples do not use.
pub(super) fn fixed() -> Result<Vec<Case>, Failure> {
    let examples = configs::examples()?.into_iter().map(|config| Case {
        name: configs::example_name(&config),
        config,
        is_fixed: true,
    });
    let cases = configs::cases()?.into_iter().map(|config| Case {
        name: config.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        config,
        is_fixed: true,
    });
    Ok(examples.chain(cases).collect())
}

/// The first `count` random configs, starting at `seed`, that both backends accept.
pub(super) fn random(seed: u64, count: usize) -> Result<Vec<Case>, Failure> {
    let ecrane = Ecrane::build("aws-configs")?;
    let folder = tools::target().join("xtask/aws-random");
    fs::create_dir_all(&folder).map_err(Failure::file(&folder))?;
    let mut cases = Vec::new();
    for seed in seed.. {
        if cases.len() == count {
            break;
        }
        let dialect = match seed % 4 {
            0 => Dialect::Cdk1,
            1 => Dialect::Cdk2,
            _ => Dialect::Ecrane,
        };
        let config = deployable(ecrane_generate::config(dialect, seed));
        if rendered(&ecrane, &config)?.is_some() {
            let name = format!("random-{seed}");
            let path = folder.join(format!("{name}.json"));
            fs::write(&path, format!("{config:#}\n")).map_err(Failure::file(&path))?;
            cases.push(Case { name, config: path, is_fixed: false });
        }
    }
    Ok(cases)
}

/// The expected outcome of updates that a backend rejects.
const REFUSED: [(&str, Expected); 3] = [
    // CloudFormation treats it as a new resource with the name of an existing one.
    ("construct-renamed", Expected::Renamed("RepositoryAlreadyExistsException")),
    // CloudFormation creates the new repository and keeps the old one; Terraform requires another
    // address for the new one.
    ("repository-replaced", Expected::RefusedByTerraform("Instance cannot be destroyed")),
    // At the same address, Terraform would destroy the old repository.
    ("repository-replaced-and-destroyed", Expected::Refused("terraform::retained_replaced")),
];

/// Updates, each with one change that is easy to get wrong.
pub(super) fn updates() -> Result<Vec<Update>, Failure> {
    let updates = configs::updates()?.into_iter().map(|folder| {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let refused = REFUSED.iter().find(|(refused, _)| *refused == name);
        let expected = refused.map_or(Expected::Updated, |(_, expected)| *expected);
        let (before, after) = (folder.join("before.yaml"), folder.join("after.yaml"));
        Update { name, before, after, expected }
    });
    Ok(updates.collect())
}

/// The first `count` random updates, starting at `seed`, that both backends accept and that change
/// their output.
pub(super) fn random_updates(seed: u64, count: usize) -> Result<Vec<Update>, Failure> {
    let ecrane = Ecrane::build("aws-configs")?;
    let folder = tools::target().join("xtask/aws-updates");
    fs::create_dir_all(&folder).map_err(Failure::file(&folder))?;
    let mut updates = Vec::new();
    for seed in seed.. {
        if updates.len() == count {
            break;
        }
        let update = ecrane_generate::update(Dialect::Ecrane, seed);
        let Some(after) = update.after() else { continue };
        let [before, after] = [update.before, after].map(deployable);
        let [first, second] = [rendered(&ecrane, &before)?, rendered(&ecrane, &after)?];
        if first.is_none() || second.is_none() || first == second {
            continue;
        }
        let name = format!("update-{seed}");
        let write = |stage: &str, config: &Value| {
            let path = folder.join(format!("{name}-{stage}.json"));
            fs::write(&path, format!("{config:#}\n")).map_err(Failure::file(&path))?;
            Ok::<_, Failure>(path)
        };
        let (before, after) = (write("before", &before)?, write("after", &after)?);
        updates.push(Update { name, before, after, expected: Expected::UpdatedWherePossible });
    }
    Ok(updates)
}

/// The output of both backends. `None` if one of them rejects the config.
fn rendered(ecrane: &Ecrane, config: &Value) -> Result<Option<[Answer; 2]>, Failure> {
    let answers = [ecrane.synth(config, "cloudformation")?, ecrane.synth(config, "terraform")?];
    let are_files = answers.iter().all(|answer| matches!(answer, Answer::Files(_)));
    Ok(are_files.then_some(answers))
}

/// Makes a config deployable: each stack has a state that others can read, a lifecycle policy
/// refers to its own registry, and no template requires a bootstrapped environment, which does not
/// affect the state.
fn deployable(mut config: Value) -> Value {
    // The example with targets shows that each of them is deployed.
    ecrane_generate::in_one_place(&mut config);
    let compatibility = config.get_mut("compatibility").and_then(Value::as_object_mut);
    if let Some(compatibility) = compatibility {
        compatibility.shift_remove("generateBootstrapVersionRule");
    }
    let presets = config.get_mut("presets").and_then(Value::as_object_mut);
    for (_, preset) in presets.into_iter().flatten() {
        if let Some(preset) = preset.as_object_mut() {
            preset.shift_remove("lifecycleRegistryId");
        }
    }
    let stacks = config.get_mut("stacks").and_then(Value::as_object_mut);
    for (id, stack) in stacks.into_iter().flatten() {
        let account = stack.pointer("/env/account").filter(|account| *account != "cli");
        let account = account.cloned().unwrap_or_else(|| ACCOUNT.into());
        // A stack without a region is deployed in one that only this suite knows. A registry cannot
        // be replicated to itself.
        if stack.pointer("/env/region").is_none_or(|region| region == "cli") {
            let itself = json!({ "region": REGION, "registryId": account });
            let rules = stack.pointer_mut("/registry/replication/rules");
            for rule in rules.and_then(Value::as_array_mut).into_iter().flatten() {
                let destinations = rule.get_mut("destinations").and_then(Value::as_array_mut);
                for destination in destinations.into_iter().flatten().filter(|it| **it == itself) {
                    *destination = json!({ "region": "eu-central-1", "registryId": account });
                }
            }
        }
        let repositories = stack.get_mut("repositories").and_then(Value::as_object_mut);
        for (_, repository) in repositories.into_iter().flatten() {
            if let Some(registry) = repository.get_mut("lifecycleRegistryId") {
                *registry = account.clone();
            }
        }
        if let Some(stack) = stack.as_object_mut() {
            let backend = json!({ "bucket": "states", "key": id, "region": "eu-west-1" });
            let terraform = stack.entry("terraform").or_insert_with(|| json!({}));
            if let Some(terraform) = terraform.as_object_mut() {
                terraform.insert("backend".into(), json!({ "s3": backend }));
            }
        }
    }
    config
}
