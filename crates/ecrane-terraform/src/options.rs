//! How a graph is rendered.

use std::collections::BTreeMap;

use indexmap::IndexMap;

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

impl Options {
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
