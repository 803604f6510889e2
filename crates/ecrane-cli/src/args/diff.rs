//! Arguments of `ecrane diff`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::common::{BackendName, ConfigArg};

#[derive(Debug, Args)]
#[command(after_long_help = "Example:\n  \
    aws cloudformation get-template --stack-name Registry > deployed.json\n  \
    ecrane diff --against deployed.json --fail-on replace --fail-on remove")]
pub(crate) struct DiffArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArg,

    /// What is deployed: an output directory or a file; `-` reads stdin
    ///
    /// An output of `ecrane synth` in any layout; a template in JSON or YAML; the output of `aws
    /// cloudformation get-template`, `terraform show -json` (a state, or the state that a plan
    /// starts from) or `terraform state pull`; or an earlier config. The content tells which one it
    /// is.
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
    /// Somebody may do more than before, or this cannot be ruled out
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
