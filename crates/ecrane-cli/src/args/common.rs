//! Arguments of several commands.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct ConfigArg {
    /// Config file [default: `ecrane.yaml` in this or a parent directory]
    ///
    /// Without it, `ecrane.yaml`, `ecrane.yml`, `ecrane.json` and `ecrane.toml` are searched for in
    /// the current directory and its parents. `-` reads a config in any of these formats from stdin.
    pub(crate) config: Option<PathBuf>,
}

/// A backend, with its aliases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BackendName {
    /// AWS CloudFormation
    #[value(alias = "cfn")]
    Cloudformation,
    /// Terraform and OpenTofu
    #[value(alias = "tf")]
    Terraform,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Layout {
    /// One template or one root module per stack
    #[default]
    Plain,
    /// A cloud assembly, for the `cdk` CLI
    Cdk,
    /// A CDKTF output directory, for the `cdktf` and `cdktn` CLIs
    Cdktf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Color {
    /// Color when stderr is a terminal and `NO_COLOR` is unset
    #[default]
    Auto,
    /// Color even when stderr is not a terminal
    Always,
    /// No color
    Never,
}

impl From<Color> for anstream::ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum MessageFormat {
    /// Text with source snippets
    #[default]
    Human,
    /// One JSON object per line
    Json,
    /// Workflow commands for GitHub Actions annotations
    Github,
    /// A SARIF 2.1.0 log, for code scanning
    Sarif,
}
