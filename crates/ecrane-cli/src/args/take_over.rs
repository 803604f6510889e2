//! Arguments of `ecrane synth` with which one engine takes over from another.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct TakeOverArgs {
    /// Write what makes the engine take over what exists
    ///
    /// For Terraform, `import` blocks for all resources that no `--from-state` contains. For
    /// CloudFormation, the template and the resources to import of a change set of type `IMPORT`; with
    /// `--layout cdk`, the file for `cdk import --resource-mapping`. All resources of the config must
    /// exist.
    #[arg(long)]
    pub(crate) import: bool,

    /// Read physical IDs that the config does not contain (repeatable)
    ///
    /// FILE is the output of `aws cloudformation describe-stack-resources` or a Terraform state: of the
    /// stack that the resources come from. If the config has several stacks, write `STACK=FILE`.
    #[arg(long, value_name = "[STACK=]FILE", requires = "import")]
    pub(crate) import_ids: Vec<String>,

    /// Retain every resource when its stack is deleted (CloudFormation)
    ///
    /// Deploy such a template before Terraform takes over the resources and the stack is deleted.
    #[arg(long)]
    pub(crate) retain_all: bool,
}
