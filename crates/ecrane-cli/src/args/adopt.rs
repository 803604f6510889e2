//! Arguments of `ecrane adopt`.

use std::path::PathBuf;

use clap::Args;

/// The examples for files, and then others.
macro_rules! examples {
    ($more:literal) => {
        concat!(
            "\
Examples:
  Adopt a CDK app, after `cdk synth`:
    ecrane adopt cdk.out

  Adopt a deployed stack, with the values of its parameters:
    aws cloudformation get-template --stack-name Shop > Shop.json
    aws cloudformation describe-stacks --stack-name Shop > stack.json
    ecrane adopt Shop.json stack.json

  Adopt a Terraform state:
    terraform show -json > shop.json
    ecrane adopt shop.json

  Adopt the repositories in output of the AWS CLI:
    aws ecr describe-repositories > account/repositories.json
    ecrane adopt account",
            $more
        )
    };
}

#[cfg(not(feature = "aws"))]
pub(super) const EXAMPLES: &str = examples!("");

#[cfg(feature = "aws")]
pub(super) const EXAMPLES: &str = examples!(
    "

  Adopt all of an account, in two regions:
    ecrane adopt --live --profile shop --region eu-west-1 --region us-east-1"
);

#[derive(Debug, Args)]
pub(crate) struct AdoptArgs {
    /// What exists: files or directories; `-` reads stdin
    ///
    /// CloudFormation templates in JSON or YAML, `cdk.out`, or the output of `aws cloudformation
    /// get-template` and `describe-stacks`; Terraform states and plans, as `terraform show -json` or
    /// `terraform state pull` prints them; Terraform modules in JSON (`main.tf.json`), and `cdktf.out`;
    /// the output of `aws ecr describe-repositories`, `get-lifecycle-policy`, `get-repository-policy`,
    /// `list-tags-for-resource` and of the commands for the settings of a registry. The content tells
    /// which one a file is.
    #[arg(value_name = "SOURCE")]
    #[cfg_attr(feature = "aws", arg(required_unless_present = "live"))]
    #[cfg_attr(not(feature = "aws"), arg(required = true))]
    pub(crate) sources: Vec<PathBuf>,

    #[cfg(feature = "aws")]
    #[command(flatten)]
    pub(crate) live: super::LiveRegistries,

    /// File to write; `-` writes to stdout
    #[arg(long, short, value_name = "FILE", default_value = "ecrane.yaml")]
    pub(crate) out: PathBuf,

    /// Value of a parameter of a template, or of a variable of a module (repeatable)
    #[arg(long = "parameter", value_name = "KEY=VALUE")]
    pub(crate) parameters: Vec<String>,

    /// Write the config even if it lacks or changes something
    #[arg(long)]
    pub(crate) partial: bool,
}
