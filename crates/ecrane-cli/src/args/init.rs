//! Arguments of `ecrane init`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// Directory to create the files in [default: the current directory]
    #[arg(value_name = "DIR")]
    pub(crate) directory: Option<PathBuf>,

    /// Template of the config
    #[arg(long, value_enum, default_value_t, value_name = "NAME")]
    pub(crate) template: Template,

    /// List the templates
    #[arg(long, conflicts_with_all = ["directory", "template"])]
    pub(crate) list: bool,
}

/// A starting point for a config.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Template {
    /// One repository, with a lifecycle rule
    #[default]
    Minimal,
    /// A role for GitHub Actions that pushes, and a role for a service that pulls
    CiPush,
    /// Repositories that other accounts pull from
    CrossAccount,
    /// Repositories for the accounts of an organization or an organizational unit
    Organization,
    /// A registry that caches images from public registries
    PullThroughCache,
    /// Presets, and a file for the repositories of each team
    Monorepo,
}
