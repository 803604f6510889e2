//! What a config says about Terraform itself, as the backend takes it.

use ecrane_core::config::{self, Config};
use ecrane_core::{Place, Problem, Problems};
use ecrane_terraform::{Backend, Layout, Options, Settings, VersionConstraint};

/// The options of a config.
///
/// # Errors
/// All that Terraform would not take.
pub(crate) fn options(config: &Config, layout: Layout) -> Result<Options, Problems> {
    let mut problems = Vec::new();
    let mut options = Options { layout, ..Options::default() };
    let top = Place::default();
    if let Some(terraform) = &config.terraform {
        options.settings = settings(terraform, &top.key("terraform"), &mut problems);
    }
    for (id, stack) in &config.stacks {
        if let Some(terraform) = &stack.terraform {
            let place = top.key("stacks").key(id).key("terraform");
            let settings = settings(terraform, &place, &mut problems);
            for id in stack.deployed_ids(id) {
                options.stacks.insert(id, settings.clone());
            }
        }
    }
    Problems::check(problems)?;
    Ok(options)
}

fn settings(terraform: &config::Terraform, place: &Place, problems: &mut Vec<Problem>) -> Settings {
    let config::Terraform { aws_provider, required_version, backend, provider } = terraform;
    let mut version = |text: &Option<String>, key: &str| {
        let parsed = VersionConstraint::try_from(text.as_deref()?);
        parsed.map_err(|error| problems.push(Problem::error(place.key(key), error))).ok()
    };
    let aws_provider = version(aws_provider, "awsProvider");
    let required_version = version(required_version, "requiredVersion");
    let backend = backend.as_ref().and_then(|backend| {
        let parsed = Backend::try_from(backend);
        parsed.map_err(|error| problems.push(Problem::error(place.key("backend"), error))).ok()
    });
    Settings { aws_provider, required_version, backend, provider: provider.clone() }
}
