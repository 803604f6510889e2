//! Converts the Terraform settings of a config to the options of the backend.

use ecrane_config::{Config, element};
use ecrane_core::{Place, Problem, Problems};
use ecrane_terraform::{Backend, Layout, Options, Settings, VersionConstraint};

/// The options of the Terraform backend that a config asks for: the `terraform` sections of the file
/// and of each stack.
///
/// # Errors
/// All that Terraform would not take.
pub fn terraform_options(config: &Config, layout: Layout) -> Result<Options, Problems> {
    let mut problems = Vec::new();
    let mut options = Options { layout, ..Options::default() };
    let top = Place::default();
    if let Some(terraform) = &config.terraform {
        options.settings = settings(terraform, &top.key("terraform"), &mut problems);
    }
    for (id, stack) in &config.stacks {
        let own = stack.terraform.as_ref().map(|terraform| {
            let place = top.key("stacks").key(id).key("terraform");
            settings(terraform, &place, &mut problems)
        });
        if stack.shards.is_some() {
            let mut own = own.unwrap_or_default();
            let backend = own.backend.take().or_else(|| options.settings.backend.clone());
            for shard in stack.deployed_ids(id) {
                let number = shard.strip_prefix(id.as_str()).unwrap_or_default();
                let backend = backend.clone().map(|backend| numbered(backend, number));
                options.stacks.insert(shard, Settings { backend, ..own.clone() });
            }
        } else if let Some(own) = own {
            options.stacks.insert(id.clone(), own);
        }
    }
    Problems::check(problems)?;
    Ok(options)
}

/// The backend of a shard: its number goes to the end of what tells a state from others, or the
/// shards would overwrite each other's.
fn numbered(mut backend: Backend, number: &str) -> Backend {
    let Some(argument) = backend.key_argument() else { return backend };
    if let Some(serde_json::Value::String(name)) = backend.arguments.get_mut(argument) {
        name.push_str(number);
    }
    backend
}

fn settings(
    terraform: &element::Terraform,
    place: &Place,
    problems: &mut Vec<Problem>,
) -> Settings {
    let element::Terraform { aws_provider, required_version, backend, provider } = terraform;
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
