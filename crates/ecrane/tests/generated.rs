//! Random configs of all that the format has: both backends take what AWS takes, and write the same each time.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use ecrane::config::{Config, Document, Format, element};
use ecrane::terraform::{Backend, Options, Settings, VersionConstraint};
use ecrane::{Graph, Problems, Severity, Style, cloudformation, schema, terraform};
use ecrane_generate::{Dialect, configs};
use proptest::prelude::*;
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
    let settings_of_all = config.terraform.as_ref().map(settings).unwrap_or_default();
    let mut options = Options { settings: settings_of_all, ..Options::default() };
    for (id, stack) in &config.stacks {
        if let Some(own) = &stack.terraform {
            options.stacks.extend(stack.deployed_ids(id).into_iter().map(|id| (id, settings(own))));
        }
    }
    options
}

fn settings(terraform: &element::Terraform) -> Settings {
    let version =
        |text: &Option<String>| text.as_deref().map(|it| VersionConstraint::try_from(it).unwrap());
    Settings {
        aws_provider: version(&terraform.aws_provider),
        required_version: version(&terraform.required_version),
        backend: terraform.backend.as_ref().map(|it| Backend::try_from(it).unwrap()),
        provider: terraform.provider.clone(),
    }
}

/// All files of both backends.
fn render(config: &Config, graph: &Graph) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Ok(templates) = cloudformation::render(graph, &cloudformation::Options::default()) {
        for file in templates.files {
            file.write(&mut bytes, Style::Pretty).unwrap();
        }
    }
    if let Ok(modules) = terraform::render(graph, &options(config)) {
        for file in modules.files {
            file.write(&mut bytes, Style::Pretty).unwrap();
        }
    }
    bytes
}

/// What a backend, or what comes before it, says against a config.
fn refused(config: &Value, backend: element::Backend) -> Option<Problems> {
    let (config, graph) = match load(config) {
        Ok(loaded) => loaded,
        Err(problems) => return Some(problems),
    };
    match backend {
        element::Backend::Cloudformation => {
            cloudformation::render(&graph, &cloudformation::Options::default()).err()
        }
        element::Backend::Terraform => terraform::render(&graph, &options(&config)).err(),
    }
}

/// The rest is what a template cannot have, the settings of an account, and what a module cannot: the
/// accounts of an organizational unit.
#[test]
fn both_backends_take_what_aws_takes() {
    let mut refusals: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    let mut taken = 0;
    for seed in 0..COUNT {
        let config = ecrane_generate::config(Dialect::Ecrane, seed);
        let problems = [element::Backend::Cloudformation, element::Backend::Terraform]
            .into_iter()
            .find_map(|backend| refused(&config, backend));
        taken += u64::from(problems.is_none());
        let errors = problems.iter().flat_map(Problems::iter);
        for problem in errors.filter(|problem| problem.severity == Severity::Error) {
            let what = format!("{} {}", problem.fact.code(), problem.fact);
            refusals.entry(what).or_default().push(seed);
        }
    }
    assert!(taken * 100 >= COUNT * 93, "{taken} of {COUNT} are taken: {refusals:#?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn the_same_is_written_each_time(config in configs(Dialect::Ecrane)) {
        if let (Ok((config, graph)), Ok((again, same))) = (load(&config), load(&config)) {
            prop_assert_eq!(render(&config, &graph), render(&again, &same));
        }
    }
}
