//! Arguments of `ecrane adopt`.

use std::path::PathBuf;

use clap::Args;

pub(super) const EXAMPLES: &str = "\
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

  Adopt the repositories of an account:
    aws ecr describe-repositories > account/repositories.json
    ecrane adopt account";

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
    #[arg(required = true, value_name = "SOURCE")]
    pub(crate) sources: Vec<PathBuf>,

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
