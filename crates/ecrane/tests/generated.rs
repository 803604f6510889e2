//! Random configs that AWS would take are taken, by both backends.

use std::collections::BTreeMap;

use ecrane::config::{self, Config, Document, Format};
use ecrane::terraform::{Backend, Options, Settings, VersionConstraint};
use ecrane::{Graph, Problems, cloudformation, schema, terraform};
use ecrane_generate::Dialect;
use serde_json::Value;

const COUNT: u64 = 400;

fn load(config: &Value) -> Result<(Config, Graph), Problems> {
    let document = Document::parse("ecrane.json", Format::Json, &config.to_string()).unwrap();
    let config = schema::load(&document)?;
    let graph = config.build()?;
    Ok((config, graph))
}

/// What a config says of Terraform; shards keep their states where their stack does.
fn options(config: &Config) -> Options {
    let mut options = Options::default();
    options.settings = config.terraform.as_ref().map(settings).unwrap_or_default();
    for (id, stack) in &config.stacks {
        if let Some(own) = &stack.terraform {
            options.stacks.extend(stack.deployed_ids(id).into_iter().map(|id| (id, settings(own))));
        }
    }
    options
}

fn settings(terraform: &config::Terraform) -> Settings {
    let version =
        |text: &Option<String>| text.as_deref().map(|it| VersionConstraint::try_from(it).unwrap());
    Settings {
        aws_provider: version(&terraform.aws_provider),
        required_version: version(&terraform.required_version),
        backend: terraform.backend.as_ref().map(|it| Backend::try_from(it).unwrap()),
        provider: terraform.provider.clone(),
    }
}

/// What a backend, or what comes before it, says against a config.
fn refused(config: &Value, backend: config::Backend) -> Option<Problems> {
    let (config, graph) = match load(config) {
        Ok(loaded) => loaded,
        Err(problems) => return Some(problems),
    };
    match backend {
        config::Backend::Cloudformation => cloudformation::render(&graph).err(),
        config::Backend::Terraform => terraform::render(&graph, &options(&config)).err(),
    }
}

#[test]
fn both_backends_take_what_aws_takes() {
    let mut refusals: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    let mut taken = 0;
    for seed in 0..COUNT {
        let config = ecrane_generate::config(Dialect::Ecrane, seed);
        let refused = [config::Backend::Cloudformation, config::Backend::Terraform]
            .into_iter()
            .find_map(|backend| refused(&config, backend));
        match refused {
            None => taken += 1,
            Some(problems) => {
                for problem in problems.iter().filter(|it| it.severity == ecrane::Severity::Error) {
                    refusals
                        .entry(format!("{} {}", problem.fact.code(), problem.fact))
                        .or_default()
                        .push(seed);
                }
            }
        }
    }
    assert!(taken * 100 >= COUNT * 95, "{taken} of {COUNT} are taken: {refusals:#?}");
}
