//! Rendering options.

use std::collections::BTreeMap;

use ecrane_core::{Explain, PhysicalIds, suggest};
use indexmap::IndexMap;
use thiserror::Error;

use crate::backend_kinds::KINDS;
use crate::version::VersionConstraint;

/// Rendering options.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The layout of the output directory.
    pub layout: Layout,
    /// The settings of all stacks.
    pub settings: Settings,
    /// The settings of single stacks, by construct ID. A field that is set takes precedence over the
    /// one in `settings`.
    pub stacks: BTreeMap<String, Settings>,
    /// The project directory for [`Layout::Cdktf`], in which a stack without a backend stores its
    /// state, as in CDKTF: absolute, or relative to the directory of a stack. Default: the parent of
    /// the output directory.
    pub project: Option<String>,
    /// The physical IDs that the graph does not contain. If set, the modules import what exists, except
    /// what a state contains already ([`Ledger::learn_state`](crate::Ledger::learn_state)).
    pub import: Option<PhysicalIds>,
}

/// The layout of the output directory, and the names in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Layout {
    /// `<stackName>/main.tf.json`: one root module per stack, with names in snake case.
    #[default]
    Plain,
    /// `manifest.json` and `stacks/<id>/cdk.tf.json`, for the `cdktf` and `cdktn` CLIs, with the
    /// unique IDs of CDKTF as names.
    Cdktf,
}

/// The `terraform` and `provider` settings of a root module.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// The version constraint on the provider `hashicorp/aws`.
    pub aws_provider: Option<VersionConstraint>,
    /// The version constraint on Terraform (`required_version`).
    pub required_version: Option<VersionConstraint>,
    /// The backend, which stores the state.
    pub backend: Option<Backend>,
    /// Additional arguments of the `aws` provider block. The region, the account and the tags come
    /// from the stack.
    pub provider: Option<IndexMap<String, serde_json::Value>>,
}

/// A Terraform backend, which stores the state of a stack.
#[derive(Debug, Clone, PartialEq)]
pub struct Backend {
    /// The backend's type, such as `s3`.
    pub kind: String,
    /// Its arguments.
    pub arguments: IndexMap<String, serde_json::Value>,
}

/// The argument that tells a state from others of a backend: its path or its name.
pub(crate) fn key_argument(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "s3" | "azurerm" | "cos" | "oci" | "oss" => "key",
        "gcs" => "prefix",
        "consul" | "local" => "path",
        "http" => "address",
        "kubernetes" => "secret_suffix",
        "pg" => "schema_name",
        _ => return None,
    })
}

impl Backend {
    /// The argument that tells a state from others: its path or its name. `None` if no argument does.
    pub fn key_argument(&self) -> Option<&'static str> {
        key_argument(&self.kind)
    }

    /// The type and the arguments that are strings: equal for equal backends, and different for most
    /// others.
    pub(crate) fn texts(&self) -> Vec<String> {
        let strings =
            self.arguments.iter().filter_map(|(name, value)| Some((name, value.as_str()?)));
        let mut texts: Vec<_> = strings.map(|(name, value)| format!("{name} {value}")).collect();
        texts.sort_unstable();
        texts.push(self.kind.clone());
        texts
    }
}

/// A backend in a config: its type, with its arguments below it.
impl TryFrom<&IndexMap<String, serde_json::Value>> for Backend {
    type Error = BackendError;

    fn try_from(backend: &IndexMap<String, serde_json::Value>) -> Result<Self, Self::Error> {
        let mut entries = backend.iter();
        let (Some((kind, arguments)), None) = (entries.next(), entries.next()) else {
            return Err(BackendError::NotOne { count: backend.len() });
        };
        if !KINDS.contains(&kind.as_str()) {
            let suggestion = suggest(kind, KINDS);
            return Err(BackendError::UnknownKind { kind: kind.clone(), suggestion });
        }
        let arguments = arguments
            .as_object()
            .ok_or_else(|| BackendError::NoArguments { kind: kind.clone() })?;
        let arguments = arguments.iter().map(|(name, value)| (name.clone(), value.clone()));
        Ok(Self { kind: kind.clone(), arguments: arguments.collect() })
    }
}

/// An invalid [`Backend`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BackendError {
    /// Not exactly one backend type.
    #[error("{count} backend types are given, but a stack has exactly one")]
    NotOne {
        /// The number of backend types.
        count: usize,
    },
    /// Terraform has no backend of this type.
    #[error("Terraform has no backend type `{kind}`")]
    UnknownKind {
        /// The type.
        kind: String,
        /// The likely intended type.
        suggestion: Option<&'static str>,
    },
    /// The arguments are not a map.
    #[error("the arguments of backend `{kind}` are not a map")]
    NoArguments {
        /// The backend type.
        kind: String,
    },
}

impl Explain for BackendError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotOne { .. } => "terraform::backend_not_one",
            Self::UnknownKind { .. } => "terraform::backend_unknown",
            Self::NoArguments { .. } => "terraform::backend_without_arguments",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::NotOne { .. } | Self::NoArguments { .. } => {
                "write its type and its arguments: `backend: { s3: { bucket: … } }`".to_owned()
            }
            Self::UnknownKind { .. } => format!(
                "use one of {} (Terraform language documentation, \"Backend block configuration overview\")",
                KINDS.join(", ")
            ),
        })
    }

    fn suggestion(&self) -> Option<&str> {
        match self {
            Self::UnknownKind { suggestion, .. } => *suggestion,
            Self::NotOne { .. } | Self::NoArguments { .. } => None,
        }
    }
}

impl Options {
    /// The state file of a stack without a backend in [`Layout::Cdktf`], relative to the directory
    /// of any stack.
    pub(crate) fn local_state(&self, stack: &str) -> String {
        local_state(self.project.as_deref(), stack)
    }

    /// The settings of a stack. Its own take precedence over those of all stacks.
    pub(crate) fn settings_of(&self, stack: &str) -> SettingsOf<'_> {
        let all = &self.settings;
        let own = self.stacks.get(stack).unwrap_or(all);
        SettingsOf {
            aws_provider: own.aws_provider.as_ref().or(all.aws_provider.as_ref()),
            required_version: own.required_version.as_ref().or(all.required_version.as_ref()),
            backend: own.backend.as_ref().or(all.backend.as_ref()),
            provider: own.provider.as_ref().or(all.provider.as_ref()),
        }
    }
}

/// The state file of a stack without a backend in a project, which [`Options::project`] describes.
pub(crate) fn local_state(project: Option<&str>, stack: &str) -> String {
    let project = project.unwrap_or("../../..");
    format!("{}/terraform.{stack}.tfstate", project.trim_end_matches('/'))
}

/// The settings of one stack.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SettingsOf<'g> {
    pub(crate) aws_provider: Option<&'g VersionConstraint>,
    pub(crate) required_version: Option<&'g VersionConstraint>,
    pub(crate) backend: Option<&'g Backend>,
    pub(crate) provider: Option<&'g IndexMap<String, serde_json::Value>>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_backend_is_one_type_with_arguments() {
        let cases = [
            (json!({ "s3": { "bucket": "state" } }), None),
            (json!({ "http": {} }), None),
            (json!({}), Some("terraform::backend_not_one")),
            (json!({ "s3": {}, "http": {} }), Some("terraform::backend_not_one")),
            (json!({ "s3": "state" }), Some("terraform::backend_without_arguments")),
            (json!({ "S3": {} }), Some("terraform::backend_unknown")),
            (json!({ "cloud": {} }), Some("terraform::backend_unknown")),
        ];
        for (backend, code) in cases {
            let backend: IndexMap<String, serde_json::Value> =
                serde_json::from_value(backend).unwrap();
            let error = Backend::try_from(&backend).err();
            assert_eq!(error.as_ref().map(Explain::code), code, "{backend:?}");
        }
    }

    #[test]
    fn a_stack_says_otherwise_field_by_field() {
        let pin = |text: &str| VersionConstraint::try_from(text).ok();
        let all = Settings {
            aws_provider: pin("~> 5.100"),
            required_version: pin(">= 1.11"),
            ..Settings::default()
        };
        let own = Settings { aws_provider: pin("~> 6.27"), ..Settings::default() };
        let stacks = BTreeMap::from([("One".to_owned(), own)]);
        let options = Options { settings: all, stacks, ..Options::default() };
        let said = |stack: &str| {
            let settings = options.settings_of(stack);
            let text = |pin: Option<&VersionConstraint>| pin.unwrap().as_str().to_owned();
            (text(settings.aws_provider), text(settings.required_version))
        };
        assert_eq!(said("One"), ("~> 6.27".to_owned(), ">= 1.11".to_owned()));
        assert_eq!(said("Two"), ("~> 5.100".to_owned(), ">= 1.11".to_owned()));
    }
}
