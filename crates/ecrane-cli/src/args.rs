//! What can be said on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Amazon ECR as code: one config, CloudFormation and Terraform.
#[derive(Debug, Parser)]
#[command(name = "ecrane", version, propagate_version = true, arg_required_else_help = true)]
#[command(after_help = "Exit status: 0 done, 1 the input is wrong or a check found something, \
                        2 wrong usage, 3 could not read or write.")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: Color,

    /// How problems are told
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) message_format: MessageFormat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write the templates that deploy a config
    Synth(SynthArgs),
    /// Tell everything that `synth` would refuse, and write nothing
    Check(CheckArgs),
    /// Print the JSON Schema of a file format
    Schema(SchemaArgs),
}

#[derive(Debug, Args)]
pub(crate) struct SynthArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArg,

    /// What deploys the output; the config's `backend` by default
    #[arg(long, short, value_enum)]
    pub(crate) backend: Option<BackendName>,

    /// The folder to write into; in the layouts `cdk` and `cdktf` that which their CLI asks for
    /// [default: ecrane.out]
    #[arg(long, short, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// Print instead of writing files: the document when there is one, else a JSON object of
    /// documents by file name
    #[arg(long, conflicts_with = "out")]
    pub(crate) stdout: bool,

    /// Which files are written, for whom
    #[arg(long, value_enum, default_value_t)]
    pub(crate) layout: Layout,

    /// Write this stack only; may be given more than once
    #[arg(long = "stack", value_name = "ID")]
    pub(crate) stacks: Vec<String>,

    /// Write JSON without white space
    #[arg(long)]
    pub(crate) compact: bool,

    /// Fail if the address ledger beside the config would change (Terraform)
    #[arg(long)]
    pub(crate) locked: bool,

    /// Take the addresses in a Terraform state (`terraform state pull`, `terraform show -json`) as
    /// written before; with several stacks, `STACK=FILE`; may be given more than once
    #[arg(long, value_name = "[STACK=]FILE")]
    pub(crate) from_state: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArg,

    /// Check the text of a lifecycle policy instead, as the ECR API takes it; `-` is stdin
    #[arg(long, value_name = "FILE", conflicts_with_all = ["config", "backend"])]
    pub(crate) lifecycle_policy: Option<PathBuf>,

    /// What deploys the output; the config's `backend` by default, and both where it names none
    #[arg(long, short, value_enum)]
    pub(crate) backend: Option<BackendName>,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// Whose schema
    #[arg(value_enum, default_value_t)]
    pub(crate) of: SchemaName,
}

#[derive(Debug, Args)]
pub(crate) struct ConfigArg {
    /// The config; by default `ecrane.yaml`, `.yml`, `.json` or `.toml` here or in a folder above
    pub(crate) config: Option<PathBuf>,
}

/// A backend by the names that people give it.
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
    /// A template or a root module a stack
    #[default]
    Plain,
    /// A cloud assembly for the `cdk` CLI
    Cdk,
    /// What the `cdktf` and `cdktn` CLIs read
    Cdktf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum SchemaName {
    /// The config
    #[default]
    Config,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, if nothing in the environment speaks against it
    #[default]
    Auto,
    /// Also into a file
    Always,
    /// Nowhere
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
    /// Text with the lines that are meant
    #[default]
    Human,
    /// A JSON object a line
    Json,
    /// Workflow commands of GitHub Actions
    Github,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn is_consistent() {
        Cli::command().debug_assert();
    }
}
