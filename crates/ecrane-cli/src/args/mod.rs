//! Command-line arguments: a file for each command with many.

mod access;
mod adopt;
mod common;
mod diff;
mod graph;
mod init;
#[cfg(feature = "aws")]
mod live;
mod preview;
mod report;
mod take_over;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use access::{AccessArgs, AccessFormat};
pub(crate) use adopt::AdoptArgs;
pub(crate) use common::{BackendName, Color, ConfigArg, Layout, MessageFormat};
pub(crate) use diff::{DiffArgs, DiffFormat, FailOn};
pub(crate) use graph::{GraphArgs, GraphFormat};
pub(crate) use init::{InitArgs, Template};
#[cfg(feature = "aws")]
pub(crate) use live::{LiveImages, LiveRegistries};
pub(crate) use preview::{PreviewArgs, PreviewFormat};
pub(crate) use report::ReportArgs;
pub(crate) use take_over::TakeOverArgs;

/// Amazon ECR as code: CloudFormation templates and Terraform JSON from one config.
#[derive(Debug, Parser)]
#[command(name = "ecrane", version, propagate_version = true, arg_required_else_help = true)]
#[command(after_long_help = "Exit status:\n  \
                       0  success\n  \
                       1  invalid input, or a check failed\n  \
                       2  invalid command-line arguments\n  \
                       3  a file could not be read or written, or AWS could not be read\n\n\
                       See `ecrane help <COMMAND>` for the options of a command.")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to color diagnostics
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "WHEN",
        hide_short_help = true,
        display_order = 100
    )]
    pub(crate) color: Color,

    /// Diagnostic format
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "FORMAT",
        hide_short_help = true,
        display_order = 100
    )]
    pub(crate) message_format: MessageFormat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write CloudFormation templates or Terraform JSON
    ///
    /// Nothing is written if the config has an error.
    Synth(SynthArgs),
    /// Validate a config without writing files
    ///
    /// Reports every error that `synth` would report, all in one run.
    Check(CheckArgs),
    /// Show what a config changes in deployed stacks
    ///
    /// Compares the config with an earlier output, a deployed template or a Terraform state, and
    /// prints which resources are added, updated, replaced, removed or orphaned.
    Diff(DiffArgs),
    /// Create a config to start from
    ///
    /// Writes a commented `ecrane.yaml` and the JSON Schema for editors. Overwrites nothing.
    Init(InitArgs),
    /// Write a config for what exists
    ///
    /// Reads CloudFormation templates, as files, in `cdk.out` or in AWS CLI output, and writes the
    /// config that deploys the same resources at the same addresses. Compares what the config renders
    /// to with the sources. If the config lacks or would change something, lists that and writes nothing.
    #[command(after_long_help = adopt::EXAMPLES)]
    Adopt(AdoptArgs),
    /// Show which images lifecycle rules would expire or archive, and why
    ///
    /// Reads the images from the output of `aws ecr describe-images`, and changes nothing. Where AWS
    /// does not document what happens to an image, its outcome is `uncertain`. Fails if an image in
    /// use would be expired or archived.
    #[command(after_long_help = preview::EXAMPLES)]
    Preview(PreviewArgs),
    /// Show who can do what with the repositories, and why
    ///
    /// Evaluates the policies of the config as IAM does: of its roles, users and groups, of its
    /// repositories and of the registry. Does not call AWS. With `--principal` and `--action`, answers
    /// one question; without, shows all principals that the config declares or names.
    #[command(after_long_help = access::EXAMPLES)]
    Access(AccessArgs),
    /// Draw the repositories, and who may pull and push
    ///
    /// Draws principals, the repositories that they have access to, public repositories, caches and
    /// creation templates, and what follows for images, keys, events and replication. Many repositories
    /// are grouped by name prefix.
    #[command(after_long_help = graph::EXAMPLES)]
    Graph(GraphArgs),
    /// Write an HTML page about a config
    ///
    /// One file without references to others: the picture, the repositories as a table, lifecycle
    /// rules in English, who can do what, and the findings of `check`. With `--images`, also which
    /// images go when. Fails if a finding is an error; the page is written all the same.
    #[command(after_long_help = report::EXAMPLES)]
    Report(ReportArgs),
    /// Print the JSON Schema of the config file
    ///
    /// Editors use the schema for completion, descriptions and validation.
    Schema(SchemaArgs),
    /// Explain a diagnostic code, with an example
    ///
    /// Prints what the code means, an example that causes it, the mended example, and the source of
    /// the rule.
    Explain(ExplainArgs),
    /// Print the completion script of a shell
    #[command(after_long_help = COMPLETIONS_EXAMPLES)]
    Completions(CompletionsArgs),
    /// Write manual pages
    ///
    /// Writes a page for `ecrane` and for each command, such as `ecrane-synth.1`. Earlier versions of
    /// the pages are replaced.
    #[command(after_long_help = MAN_EXAMPLES)]
    Man(ManArgs),
}

#[derive(Debug, Args)]
pub(crate) struct SynthArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArg,

    /// Backend that generates the output [default: the config's `backend`]
    #[arg(long, short, value_enum)]
    pub(crate) backend: Option<BackendName>,

    /// Output directory [default: ecrane.out]
    ///
    /// When the `cdk` or `cdktf` CLI runs ecrane as its app with its layout, the default is the
    /// directory that the CLI passes.
    #[arg(long, short, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// Print to stdout instead of writing files
    ///
    /// A single file is printed as it is. Several files are printed as one JSON object whose keys
    /// are the file names.
    #[arg(long, conflicts_with = "out")]
    pub(crate) stdout: bool,

    /// Layout of the output directory
    #[arg(long, value_enum, default_value_t)]
    pub(crate) layout: Layout,

    /// Write only this stack (repeatable)
    #[arg(long = "stack", value_name = "ID")]
    pub(crate) stacks: Vec<String>,

    /// Write JSON without whitespace
    #[arg(long)]
    pub(crate) compact: bool,

    /// Fail if the address ledger would change (Terraform)
    ///
    /// The address ledger is the file `ecrane.addresses.json` beside `ecrane.yaml`. Use this in CI.
    #[arg(long)]
    pub(crate) locked: bool,

    /// Read earlier addresses from a Terraform state (repeatable)
    ///
    /// FILE is the output of `terraform state pull` or `terraform show -json`. If the config has
    /// several stacks, write `STACK=FILE`. Resources of the state that are no longer in the config
    /// get `removed` blocks.
    #[arg(long, value_name = "[STACK=]FILE")]
    pub(crate) from_state: Vec<String>,

    #[command(flatten)]
    pub(crate) take_over: TakeOverArgs,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArg,

    /// Validate a lifecycle policy (JSON) instead of a config; `-` reads stdin
    ///
    /// FILE is a policy text as `aws ecr put-lifecycle-policy` accepts it.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["config", "backend"])]
    pub(crate) lifecycle_policy: Option<PathBuf>,

    /// Print what each lifecycle rule does, in English
    ///
    /// For each repository, what a rule selects, which images it shields from later rules, and which
    /// images or rules it can never reach.
    #[arg(long)]
    pub(crate) explain_rules: bool,

    /// Backend to validate for [default: the config's `backend`, or both]
    #[arg(long, short, value_enum)]
    pub(crate) backend: Option<BackendName>,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// File format to print the schema of
    #[arg(value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) of: SchemaName,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Code, such as `repository::name_malformed`
    #[arg(value_name = "CODE", required_unless_present = "list")]
    pub(crate) code: Option<String>,

    /// List all codes
    #[arg(long, conflicts_with = "code")]
    pub(crate) list: bool,
}

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  ecrane completions bash > ~/.local/share/bash-completion/completions/ecrane
  ecrane completions zsh > ~/.zfunc/_ecrane
  ecrane completions fish > ~/.config/fish/completions/ecrane.fish";

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// Shell to write the script for
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

const MAN_EXAMPLES: &str = "\
Example:
  ecrane man ~/.local/share/man/man1
  man ecrane-synth";

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Directory to write the pages to
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum SchemaName {
    /// The config file
    #[default]
    Config,
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
