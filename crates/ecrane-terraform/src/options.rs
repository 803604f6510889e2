//! How a graph is rendered.

use std::collections::BTreeMap;

use ecrane_core::{Explain, suggest};
use indexmap::IndexMap;
use thiserror::Error;

use crate::backend_kinds::KINDS;
use crate::version::VersionConstraint;

/// How a graph is rendered.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Which files there are, and how things are named in them.
    pub layout: Layout,
    /// What holds for every stack that does not say otherwise.
    pub settings: Settings,
    /// What holds for single stacks, by construct id; each field that is set stands before the one
    /// in `settings`.
    pub stacks: BTreeMap<String, Settings>,
    /// The folder of the project in [`Layout::Cdktf`], where a stack without a backend keeps its
    /// state, as CDKTF keeps it: absolute, or as seen from the folder of a stack. Without one it is
    /// the folder that holds the output folder.
    pub project: Option<String>,
}

/// Which files there are, and how things are named in them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Layout {
    /// `<stackName>/main.tf.json`, a root module a stack; addresses in snake case.
    #[default]
    Plain,
    /// `manifest.json` and `stacks/<id>/cdk.tf.json`, for the `cdktf` and `cdktn` command lines;
    /// addresses are the unique ids of CDKTF.
    Cdktf,
}

/// What a root module says about Terraform itself and the provider.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// The versions of `hashicorp/aws` that are allowed.
    pub aws_provider: Option<VersionConstraint>,
    /// The versions of Terraform that are allowed.
    pub required_version: Option<VersionConstraint>,
    /// Where the state is kept.
    pub backend: Option<Backend>,
    /// Arguments of the `aws` provider block, beside the region, the account and the tags that
    /// follow from the stack.
    pub provider: Option<IndexMap<String, serde_json::Value>>,
}

/// Where the state of a stack is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Backend {
    /// The backend's type, such as `s3`.
    pub kind: String,
    /// Its arguments.
    pub arguments: IndexMap<String, serde_json::Value>,
}

/// A backend as a config writes it: its type, and below that its arguments.
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

/// Why something is not a [`Backend`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BackendError {
    /// No backend type, or more than one.
    #[error("{count} backend types are given, but a stack has exactly one")]
    NotOne {
        /// How many there are.
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
    /// Arguments that are not a map.
    #[error("the arguments of backend `{kind}` are not a map")]
    NoArguments {
        /// Its type.
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
    /// The state of a stack without a backend in [`Layout::Cdktf`]: the same file, seen from the
    /// folder of any stack.
    pub(crate) fn local_state(&self, stack: &str) -> String {
        let project = self.project.as_deref().unwrap_or("../../..");
        format!("{}/terraform.{stack}.tfstate", project.trim_end_matches('/'))
    }

    /// The settings of a stack, its own before those for all.
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
        let options = Options { layout: Layout::Plain, settings: all, stacks, project: None };
        let said = |stack: &str| {
            let settings = options.settings_of(stack);
            let text = |pin: Option<&VersionConstraint>| pin.unwrap().as_str().to_owned();
            (text(settings.aws_provider), text(settings.required_version))
        };
        assert_eq!(said("One"), ("~> 6.27".to_owned(), ">= 1.11".to_owned()));
        assert_eq!(said("Two"), ("~> 5.100".to_owned(), ">= 1.11".to_owned()));
    }
}
