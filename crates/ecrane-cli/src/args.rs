//! Command-line arguments.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use ecrane::lifecycle::preview::Timestamp;

/// Amazon ECR as code: CloudFormation templates and Terraform JSON from one config.
#[derive(Debug, Parser)]
#[command(name = "ecrane", version, propagate_version = true, arg_required_else_help = true)]
#[command(after_long_help = "Exit status:\n  \
                       0  success\n  \
                       1  invalid input, or a check failed\n  \
                       2  invalid command-line arguments\n  \
                       3  a file could not be read or written\n\n\
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
    /// Reads CloudFormation templates, `cdk.out` or outputs of the AWS CLI, and writes the config that
    /// deploys the same resources at the same addresses. Compares what the config renders to with the
    /// sources, lists what it does not contain or would change, and then writes nothing.
    #[command(after_long_help = ADOPT_EXAMPLES)]
    Adopt(AdoptArgs),
    /// Show which images lifecycle rules would expire or archive, and why
    ///
    /// Reads the images from the output of `aws ecr describe-images`, and changes nothing. Where AWS
    /// does not document what happens to an image, its outcome is `uncertain`. Fails if an image in
    /// use would be expired or archived.
    #[command(after_long_help = PREVIEW_EXAMPLES)]
    Preview(PreviewArgs),
    /// Show who can do what with the repositories, and why
    ///
    /// Evaluates the policies of the config as IAM does: of its roles, users and groups, of its
    /// repositories and of the registry. Does not call AWS. With `--principal` and `--action`, answers
    /// one question; without, shows all principals that the config declares or names.
    #[command(after_long_help = ACCESS_EXAMPLES)]
    Access(AccessArgs),
    /// Draw the repositories, and who may pull and push
    ///
    /// Draws principals, the repositories that they have access to, and what follows for images, keys,
    /// events and replication. Many repositories are grouped by name prefix.
    #[command(after_long_help = GRAPH_EXAMPLES)]
    Graph(GraphArgs),
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

const PREVIEW_EXAMPLES: &str = "\
Examples:
  List all images of a repository, and preview the rules that the config has for it:
    aws ecr describe-images --repository-name shop/app --filter imageStatus=ANY > images.json
    ecrane preview --repository shop/app --images images.json

  Fail if a lifecycle policy would expire an image that a pod runs:
    kubectl get pods --all-namespaces --output json > pods.json
    ecrane preview --policy policy.json --images images.json --in-use pods.json

  Preview all repositories of the config, with the images of shop/app in images/shop/app.json:
    ecrane preview --images images/";

#[derive(Debug, Args)]
pub(crate) struct PreviewArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArg,

    /// Repository of the config, by construct id or name
    #[arg(long, value_name = "ID|NAME")]
    pub(crate) repository: Option<String>,

    /// Lifecycle policy to use instead of a config; `-` reads stdin
    ///
    /// FILE is a policy text, or the output of `aws ecr get-lifecycle-policy`.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["config", "repository"])]
    pub(crate) policy: Option<PathBuf>,

    /// Images: a file, `-` for stdin, or a directory with a file for each repository
    ///
    /// A file is the output of `aws ecr describe-images` for one repository, or several pages of it
    /// one after the other. A directory has the images of the repository `shop/app` in
    /// `shop/app.json`. Policies that archive images need `--filter imageStatus=ANY`.
    #[arg(long, value_name = "FILE|DIR")]
    pub(crate) images: PathBuf,

    /// Bodies of manifest lists (repeatable)
    ///
    /// FILE is the output of `aws ecr batch-get-image` for the manifest lists of the repository.
    /// Without it, each older image may belong to a list, which makes outcomes uncertain.
    #[arg(long, value_name = "FILE")]
    pub(crate) manifests: Vec<PathBuf>,

    /// Images in use: fail if one of them would go (repeatable)
    ///
    /// FILE is a list of image URIs, a JSON array of them, or the output of `kubectl get pods -A -o
    /// json`, `aws ecs describe-tasks`, `aws lambda list-functions` or `aws lambda get-function`.
    #[arg(long, value_name = "FILE")]
    pub(crate) in_use: Vec<PathBuf>,

    /// Instant of the evaluation (RFC 3339) [default: now]
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<Timestamp>,

    /// Treat uncertain outcomes as if the rule acted
    #[arg(long)]
    pub(crate) strict: bool,

    /// Show only the images whose outcome differs from that under this earlier policy
    ///
    /// POLICY is a policy text, or the output of `aws ecr get-lifecycle-policy`.
    #[arg(long, value_name = "POLICY")]
    pub(crate) against: Option<PathBuf>,

    /// Show which images go on which of the next N days
    ///
    /// Assumes that nobody pushes, pulls or restores an image meanwhile.
    #[arg(long, value_name = "N", conflicts_with = "against", value_parser = clap::value_parser!(u32).range(0..=36_500))]
    pub(crate) by_day: Option<u32>,

    /// Output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: PreviewFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum PreviewFormat {
    /// Tables and a summary, for people
    #[default]
    Table,
    /// A JSON object
    Json,
    /// Comma-separated values, with a header
    Csv,
}

#[derive(Debug, Args)]
#[command(after_long_help = "Example:\n  \
    aws cloudformation get-template --stack-name Registry > deployed.json\n  \
    ecrane diff --against deployed.json --fail-on replace --fail-on remove")]
pub(crate) struct DiffArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArg,

    /// What is deployed: an output directory or a file; `-` reads stdin
    ///
    /// An output of `ecrane synth` in any layout; the output of `aws cloudformation get-template`,
    /// `terraform show -json` (a state, or the state that a plan starts from) or `terraform state
    /// pull`; or an earlier config. The content tells which one it is.
    #[arg(long, value_name = "DIR|FILE")]
    pub(crate) against: PathBuf,

    /// Backend to compare for [default: that of the output, or of the config]
    ///
    /// Two configs are compared for CloudFormation if the config does not set `backend`.
    #[arg(long, short, value_enum)]
    pub(crate) backend: Option<BackendName>,

    /// Compare only this stack
    ///
    /// Needed if FILE is a single document and neither its name nor its content tells which stack
    /// of the config it belongs to.
    #[arg(long, value_name = "ID")]
    pub(crate) stack: Option<String>,

    /// Images: show which of them fall under changed lifecycle rules
    ///
    /// A file is the output of `aws ecr describe-images` for one repository, a directory has the
    /// images of the repository `shop/app` in `shop/app.json`.
    #[arg(long, value_name = "FILE|DIR")]
    pub(crate) images: Option<PathBuf>,

    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: DiffFormat,

    /// Exit with status 1 if there are such changes (repeatable)
    #[arg(long, value_enum, value_name = "CHANGE")]
    pub(crate) fail_on: Vec<FailOn>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum DiffFormat {
    /// Text
    #[default]
    Human,
    /// One JSON object
    Json,
    /// Markdown for a comment on a pull request
    Markdown,
}

/// The changes that make `diff` fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// A resource is replaced, or may be
    Replace,
    /// A resource is removed
    Remove,
    /// Somebody may do more than before; needs an earlier config
    Wider,
    /// There is any change
    Any,
}

impl FailOn {
    /// The word on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Replace => "replace",
            Self::Remove => "remove",
            Self::Wider => "wider",
            Self::Any => "any",
        }
    }
}

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

const ADOPT_EXAMPLES: &str = "\
Examples:
  Adopt a CDK app, after `cdk synth`:
    ecrane adopt cdk.out

  Adopt a deployed stack, with the values of its parameters:
    aws cloudformation get-template --stack-name Shop > Shop.json
    aws cloudformation describe-stacks --stack-name Shop > stack.json
    ecrane adopt Shop.json stack.json";

#[derive(Debug, Args)]
pub(crate) struct AdoptArgs {
    /// What exists: files or directories; `-` reads stdin
    ///
    /// CloudFormation templates in JSON or YAML, `cdk.out`, or the output of `aws cloudformation
    /// get-template` and `describe-stacks`. The content tells which one a file is.
    #[arg(required = true, value_name = "SOURCE")]
    pub(crate) sources: Vec<PathBuf>,

    /// File to write; `-` writes to stdout
    #[arg(long, short, value_name = "FILE", default_value = "ecrane.yaml")]
    pub(crate) out: PathBuf,

    /// Value of a parameter of a template (repeatable)
    #[arg(long = "parameter", value_name = "KEY=VALUE")]
    pub(crate) parameters: Vec<String>,

    /// Write the config even if it lacks or changes something
    #[arg(long)]
    pub(crate) partial: bool,
}

const ACCESS_EXAMPLES: &str = "Examples:
  Show who can do what:
    ecrane access

  Ask whether a role of the config may push from an address:
    ecrane access --principal CiRole --action ecr:PutImage --repository shop/app \\
      --context aws:SourceIp=203.0.113.9

  Ask what another account can allow its role:
    ecrane access --principal arn:aws:iam::444455556666:role/app --action ecr:BatchGetImage \\
      --repository shop/app --assume-identity-allows";

#[derive(Debug, Args)]
pub(crate) struct AccessArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArg,

    /// Principal of a question
    ///
    /// The ARN of a role, user or session, a construct id, an account id, the name of a service, or
    /// `everyone`.
    #[arg(long, value_name = "ARN|ID", requires = "action")]
    pub(crate) principal: Option<String>,

    /// Action of a question, such as ecr:PutImage
    #[arg(long, value_name = "ACTION", requires = "principal")]
    pub(crate) action: Option<String>,

    /// Repository of a question
    #[arg(long, value_name = "ARN|NAME|ID", requires = "principal")]
    pub(crate) repository: Option<String>,

    /// Condition key of the request (repeatable)
    ///
    /// A repeated KEY is a list. Keys that follow from the principal and the repository, such as
    /// aws:PrincipalArn, are known; all others are absent.
    #[arg(long, value_name = "KEY=VALUE", requires = "principal")]
    pub(crate) context: Vec<String>,

    /// Assume that the principal's own account allows it everything
    #[arg(long, requires = "principal")]
    pub(crate) assume_identity_allows: bool,

    /// Output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: AccessFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum AccessFormat {
    /// Text for people
    #[default]
    Table,
    /// A JSON object
    Json,
    /// Comma-separated values, with a header (matrix only)
    Csv,
    /// A Markdown table (matrix only)
    Markdown,
}

const GRAPH_EXAMPLES: &str = "\
Examples:
  ecrane graph --out registry.svg
  ecrane graph --format dot | dot -Tpng > registry.png
  ecrane graph --format mermaid --repository 'shop/*' --out shop.mmd";

#[derive(Debug, Args)]
pub(crate) struct GraphArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArg,

    /// Format of the picture
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: GraphFormat,

    /// Show only this stack (repeatable)
    #[arg(long = "stack", value_name = "ID")]
    pub(crate) stacks: Vec<String>,

    /// Show only this repository, or those of a pattern such as `shop/*` (repeatable)
    #[arg(long = "repository", value_name = "ID|NAME")]
    pub(crate) repositories: Vec<String>,

    /// Show only this principal and what it has access to (repeatable)
    ///
    /// An ARN, a name, a construct id or a pattern.
    #[arg(long = "principal", value_name = "ARN|ID")]
    pub(crate) principals: Vec<String>,

    /// File to write instead of stdout
    #[arg(long, short, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum GraphFormat {
    /// A picture for browsers, in the colors of light or dark mode
    #[default]
    Svg,
    /// The language of Graphviz
    Dot,
    /// A flowchart for Markdown, as on GitHub
    Mermaid,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum SchemaName {
    /// The config file
    #[default]
    Config,
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn is_consistent() {
        Cli::command().debug_assert();
    }
}
