//! What a config says about Terraform itself, as the backend takes it.

use ecrane_core::config::{self, Config};
use ecrane_core::{Explain, Place, Problem, Problems};
use ecrane_terraform::{Backend, Layout, Options, Settings, VersionConstraint};
use thiserror::Error;

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
            options.stacks.insert(id.clone(), settings(terraform, &place, &mut problems));
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
        let place = place.key("backend");
        let mut kinds = backend.iter();
        let (Some((kind, arguments)), None) = (kinds.next(), kinds.next()) else {
            let fact = BackendError::Count { count: backend.len() };
            problems.push(Problem::error(place, fact));
            return None;
        };
        let serde_json::Value::Object(arguments) = arguments else {
            let fact = BackendError::NotAMap { kind: kind.clone() };
            problems.push(Problem::error(place.key(kind), fact));
            return None;
        };
        let arguments = arguments.iter().map(|(key, value)| (key.clone(), value.clone()));
        Some(Backend { kind: kind.clone(), arguments: arguments.collect() })
    });
    Settings { aws_provider, required_version, backend, provider: provider.clone() }
}

/// Why something is not a Terraform backend.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
enum BackendError {
    #[error("{count} kinds of Terraform backend, where one is needed")]
    Count { count: usize },
    #[error("the settings of Terraform backend `{kind}` are no map")]
    NotAMap { kind: String },
}

impl Explain for BackendError {
    fn code(&self) -> &'static str {
        match self {
            Self::Count { .. } => "terraform::backend_count",
            Self::NotAMap { .. } => "terraform::backend_malformed",
        }
    }

    fn help(&self) -> Option<String> {
        let example = "write the kind and its settings, such as `s3: { bucket: acme-state }`";
        match self {
            Self::Count { .. } | Self::NotAMap { .. } => Some(example.to_owned()),
        }
    }
}
